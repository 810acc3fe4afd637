// One installation at a time in one place. The lock is a file with the pid and host of its holder.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { alive } from './alive.mjs'

const longest = 30 * 60_000 // ms; no installation takes that long, and a pid may be given out again

const read = (file) => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

const age = (file) => {
  try {
    return Date.now() - statSync(file).mtimeMs
  } catch {
    return 0 // released meanwhile
  }
}

const isStale = (file, text) => {
  if (age(file) > longest) return true
  const [pid, host] = text.split(' ')
  if (!host) return age(file) > 5000 // its writer died between making and filling it
  return host === hostname() && !alive(Number(pid))
}

/** Removes a stale lock, unless it has just become another's: what was moved away is looked at again. */
const takeAway = (file, text) => {
  const aside = `${file}.${process.pid}`
  try {
    renameSync(file, aside)
    if (read(aside) !== text) linkSync(aside, file)
  } catch {
    // somebody else was quicker
  }
  rmSync(aside, { force: true })
}

/** Runs `work` as the only holder of the lock. `waiting` is called once with the holder's pid when there is another. */
export const withLock = async (file, work, waiting) => {
  const mine = `${process.pid} ${hostname()} ${performance.timeOrigin + performance.now()}`
  mkdirSync(dirname(file), { recursive: true })
  for (let said = false; ;) {
    try {
      writeFileSync(file, mine, { flag: 'wx' })
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const text = read(file)
    if (text !== null && isStale(file, text)) {
      takeAway(file, text)
      continue
    }
    if (text !== null && !said) waiting(text.split(' ')[0])
    said ||= text !== null
    await sleep(100)
  }
  const release = () => { if (read(file) === mine) rmSync(file, { force: true }) }
  process.on('exit', release)
  try {
    return await work()
  } finally {
    release()
    process.off('exit', release)
  }
}
