import { readFileSync } from 'node:fs'

/** Whether a process of this machine runs. One that has ended, but that nobody has waited for (common in containers), does not. */
export const alive = (pid) => {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM' // somebody else's
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8') // pid (name) state …; the name may hold anything: proc(5)
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2))
  } catch {
    return true // no /proc here
  }
}
