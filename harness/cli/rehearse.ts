/** `visitgate rehearse`: the rehearsal system by itself, with faults if asked, for a look by hand. */
import { execFileSync } from 'node:child_process'
import { root } from '../paths.ts'
import { start, stateFile } from './open.ts'

export async function rehearse(options: { variant: string; fault?: readonly string[]; keep?: boolean; list?: boolean }): Promise<number> {
  if (options.list) {
    process.stdout.write(execFileSync(process.execPath, [root('fixtures/rehearse.ts'), '--list'], { encoding: 'utf8' }))
    return 0
  }
  const faults = options.fault ?? []
  const keep = options.keep ? ['--keep', '--state', stateFile(options.variant)] : []
  const { ready, close, ended } = await start(options.variant, [...faults.flatMap((id) => ['--fault', id]), ...keep], () => {})
  process.stdout.write(`rehearsal ${options.variant}${faults.length === 0 ? '' : ` with ${faults.join(', ')}`} at ${ready.env.AWS_ENDPOINT_URL}\n`)
  if (!options.keep) { await close(); return 0 }
  process.stdout.write('kept until Ctrl-C; commands with this target find it: npm start\n')
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void close())
  await ended()
  return 0
}
