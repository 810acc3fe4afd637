// Installs what is missing, side by side, and says so; called only when a stamp is not good.
import { constants } from 'node:os'
import { installMinistack } from './ministack.mjs'
import { installPackages } from './packages.mjs'
import { progress } from './progress.mjs'
import { endAll } from './run.mjs'

/** For what the system refuses: EACCES, ENOSPC, EROFS … */
const byHand = 'mend that (rights, disk) and run this again; VV_CACHE=/folder names another place for tools'

/** Returns the Node to run on, or null after it has said what is wrong. */
export const setUp = async ({ ministack, doctor }) => {
  const steps = progress()
  const onSignal = (signal) => endAll().finally(() => process.exit(128 + constants.signals[signal])) // exit releases the locks
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.once(signal, onSignal)
  const attempt = (name, work) => {
    const step = steps(name)
    return work(step).then((value) => { step.done(); return { value } }, (error) => { step.stop(); return { error } })
  }
  const [packages, emulator] = await Promise.all([
    attempt('npm packages', installPackages),
    ministack ? attempt('AWS emulator', installMinistack) : {},
  ])
  for (const signal of signals) process.off(signal, onSignal)
  const errors = [packages.error, emulator.error].filter(Boolean)
  for (const { message, stack, code, next = code && byHand } of errors) process.stderr.write(next ? `visitgate: ${message}\n  Next: ${next}\n` : `visitgate: ${stack}\n`)
  if (errors.length === 0) return packages.value
  if (doctor) {
    const { doctorFacts, doctorTable } = await import('./doctor.mjs')
    process.stdout.write(doctorTable(await doctorFacts()))
  }
  return null
}
