// Hands the command over to another Node and stays beside it: same terminal, same signals, same exit code.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { isatty } from 'node:tty'
import { fileURLToPath } from 'node:url'

const cli = fileURLToPath(new URL('cli.mjs', import.meta.url))
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Starts the command line on `node` and sets the exit code to its own, 128+n when a signal ended it. */
export const hand = (node, argv) => new Promise((resolve) => {
  const child = spawn(node, [cli, ...argv], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  // In a terminal, Ctrl-C and hanging up reach the child by themselves, and a second signal would cut its clean-up short.
  const terminal = isatty(0) || isatty(2)
  for (const signal of signals) process.on(signal, () => { if (!terminal || signal === 'SIGTERM') child.kill(signal) })
  child.on('error', (error) => {
    process.stderr.write(`visitgate: ${node} does not start: ${error.message}\n  Next: node bin/visitgate.mjs doctor, or VV_NODE=/path/to/node (24.5 or later)\n`)
    process.exitCode = 70
    resolve()
  })
  child.on('exit', (code, signal) => {
    process.exitCode = signal ? 128 + constants.signals[signal] : code
    resolve()
  })
})
