// Programs that install things (npm, pip, uv), each in a process group of its own that ends with us, however we end.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const leash = fileURLToPath(new URL('leash.mjs', import.meta.url))
const running = new Set()

/** Resolves with the exit code and the output; nothing of it is shown. 127: the program could not be started. */
export const run = (program, args, { cwd, env = process.env } = {}) => new Promise((resolve, reject) => {
  const child = spawn(process.execPath, [leash, program, ...args], { cwd, env, detached: process.platform !== 'win32', windowsHide: true, stdio: 'pipe' })
  running.add(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => { output += text })
  child.stdin.on('error', () => {}) // it has ended
  child.on('error', reject)
  child.on('close', (code) => {
    running.delete(child)
    resolve({ code: code ?? 137, output })
  })
})

/** Ends everything that is running and resolves when it is gone. */
export const endAll = () => Promise.all([...running].map((child) => {
  const closed = once(child, 'close')
  child.stdin.end()
  return closed
}))

/** The last lines of a program's output, for an error. */
export const tail = (output, lines = 12) => output.trimEnd().split('\n').slice(-lines).map((line) => `    ${line}`).join('\n')
