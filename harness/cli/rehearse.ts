/** `visitgate rehearse`: the rehearsal system by itself, with faults if asked, for a look by hand. */
import { spawn } from 'node:child_process'
import { root } from '../paths.ts'
import { stateFile } from './open.ts'

export async function rehearse(options: { variant: string; fault?: readonly string[]; keep?: boolean; list?: boolean }): Promise<number> {
  const faults = (options.fault ?? []).flatMap((id) => ['--fault', id])
  const args = [root('fixtures/rehearse.ts'), '--variant', options.variant, ...faults, ...(options.list ? ['--list'] : []), ...(options.keep ? ['--keep', '--state', stateFile(options.variant)] : [])]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'], cwd: root() })
  if (options.keep) process.stdin.pipe(child.stdin)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  child.stdout.setEncoding('utf8').once('data', (line: string) => {
    if (options.list) { process.stdout.write(line); return }
    const ready = JSON.parse(line.slice(0, line.indexOf('\n'))) as { env: Record<string, string>; notes: readonly string[] }
    process.stdout.write(`rehearsal ${options.variant}${faults.length === 0 ? '' : ` with ${options.fault!.join(', ')}`} at ${ready.env.AWS_ENDPOINT_URL}\n${options.keep ? 'kept until Ctrl-C; commands with this target now find it: npm start\n' : ''}`)
    if (!options.keep) child.stdin.end()
  })
  if (options.list) child.stdin.end()
  const code = await new Promise<number>((done) => child.on('exit', (exit) => done(exit ?? 0)))
  process.stdin.unref()
  return code === 0 || code === 64 ? code : 70
}
