// The AWS emulator's Python environment, in the user's cache by version. Made in a folder beside and renamed when it is complete:
// whatever ends it in the middle, there is never half an environment, and the next start removes the rest.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { withLock } from './lock.mjs'
import { ministackDir, ministackPython, ministackStampText, requirements, venvPython } from './paths.mjs'
import { problem } from './problem.mjs'
import { findPython, reaches } from './python.mjs'
import { run, tail } from './run.mjs'

// Settings of the user's pip or Python that would install to another place. Indexes, proxies and certificates stay theirs.
const { PYTHONPATH: _1, PYTHONHOME: _2, PIP_USER: _3, PIP_TARGET: _4, PIP_PREFIX: _5, PIP_ROOT: _6, PIP_PYTHON: _7, VIRTUAL_ENV: _8, ...env } = process.env

const only = ['--require-hashes', '--only-binary', ':all:', '-r', requirements]

const must = async (program, args) => {
  const { code, output } = await run(program, args, { env })
  if (code !== 0) throw problem(`${basename(program)} ${args.slice(0, 4).join(' ')} … ended with exit code ${code}:\n${tail(output)}`,
    'mend that (network, proxy, disk, rights) and run this again; VV_SKIP_MINISTACK=1 does without the rehearsal')
}

/** 1 s where pip takes 6. */
const withUv = async (dir, step) => {
  step.now('uv pip install')
  await must('uv', ['venv', '--quiet', '--python', process.env.VV_PYTHON || '>=3.10', dir])
  await must('uv', ['pip', 'install', '--quiet', '--python', venvPython(dir), ...only])
}

/** Without compiling: of the thousand modules a rehearsal imports a few, and Python compiles those when it first does. */
const withPip = async (dir, step) => {
  const python = findPython()
  step.now('pip install')
  const lend = reaches(python.pip) // its own pip fills the environment, which saves 3 s
  await must(python.exe, ['-I', '-m', 'venv', ...(lend ? ['--without-pip'] : []), dir])
  const pip = lend ? [python.exe, '-I', '-m', 'pip', '--python', venvPython(dir)] : [venvPython(dir), '-I', '-m', 'pip']
  await must(pip[0], [...pip.slice(1), 'install', '--quiet', '--no-compile', '--disable-pip-version-check', '--no-input', ...only])
}

const hasUv = () => spawnSync('uv', ['--version'], { timeout: 10_000, windowsHide: true }).status === 0

/** uv knows nothing of pip's configuration: where that leads to the index, pip has the second try. */
const make = async (dir, step) => {
  if (hasUv()) {
    try {
      return await withUv(dir, step)
    } catch {
      rmSync(dir, { recursive: true, force: true })
    }
  }
  await withPip(dir, step)
}

/** On Windows a scanner may hold a new file for a moment. */
const rename = async (from, to) => {
  for (let left = 20; ; left--) {
    try {
      return renameSync(from, to)
    } catch (error) {
      if (left === 0 || !['EPERM', 'EACCES', 'EBUSY'].includes(error.code)) throw error
      await sleep(100)
    }
  }
}

/** Does nothing when another start has just done it. */
export const installMinistack = async (step) => {
  const dir = ministackDir()
  mkdirSync(dirname(dir), { recursive: true })
  await withLock(`${dir}.lock`, async () => {
    if (ministackPython()) return
    step.now('preparing')
    const unfinished = `${basename(dir)}.part-`
    for (const name of readdirSync(dirname(dir))) {
      if (name.startsWith(unfinished)) rmSync(join(dirname(dir), name), { recursive: true, force: true })
    }
    const part = join(dirname(dir), `${unfinished}${process.pid}`)
    await make(part, step)
    writeFileSync(join(part, 'visitgate-stamp'), ministackStampText(part))
    rmSync(dir, { recursive: true, force: true }) // one whose Python is gone
    await rename(part, dir)
  }, (pid) => step.now(`waiting for another start (pid ${pid})`))
}
