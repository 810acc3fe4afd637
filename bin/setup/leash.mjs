// node leash.mjs <program> <args>: runs a program in this process group, and ends the whole group when stdin closes, that is when whoever
// started this is gone, kill -9 included. An npm that outlives its start would collide with the next one's.
import { spawn, spawnSync } from 'node:child_process'

const windows = process.platform === 'win32'
const [program, ...args] = process.argv.slice(2)
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], shell: windows && program.endsWith('.cmd'), windowsHide: true })
child.on('error', (error) => {
  process.stderr.write(`${program}: ${error.message}\n`)
  process.exit(127)
})
child.on('exit', (code) => process.exit(code ?? 137))
process.stdin.on('close', () => {
  if (windows) spawnSync('taskkill', ['/pid', String(process.pid), '/t', '/f'])
  else process.kill(0, 'SIGKILL')
})
process.stdin.resume()
