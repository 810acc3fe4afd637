/** `visitgate doctor`: what is installed; with a target, whether it can be looked at; with --policy, what the auditor needs. */
import { doctorFacts, doctorTable } from '../../bin/setup/doctor.mjs'
import { auditorCalls, auditorPolicy, probePolicy } from '../auditor.ts'
import { loadObservers } from '../ledger.ts'
import { openSession } from '../session.ts'
import { loadTarget } from '../target.ts'
import { openTarget } from './open.ts'

export async function doctor(options: { target?: string; asked: boolean; policy?: boolean; json?: boolean }): Promise<number> {
  if (options.policy) return policies(options.asked ? options.target : undefined)
  const tools = await doctorFacts()
  const target = options.asked ? await look(options.target) : []
  if (options.json) process.stdout.write(`${JSON.stringify({ tools, target }, null, 1)}\n`)
  else process.stdout.write(`${doctorTable(tools)}\n${target.length === 0 ? 'visitgate doctor --target <file> also tries the target\n' : target.map((row) => `${row.state.padEnd(8)} ${row.what}${row.next === '' ? '' : `\n         → ${row.next}`}\n`).join('')}`)
  if (target.some((row) => row.state === 'unknown')) return 2
  return tools.some((tool) => tool.state === 'missing' && /^(node|npm packages)/i.test(tool.what)) ? 1 : 0
}

/** The policies of our own identities. A target says which roles the auditor may take, and with a canary bucket what the probe needs there. */
async function policies(file: string | undefined): Promise<number> {
  const target = file === undefined ? undefined : (await loadTarget(file)).target
  const { probeRole, logAuditorRole, accountId, region } = target?.aws ?? {}
  const roles = [probeRole, logAuditorRole].filter((role) => role !== undefined)
  const canary = target?.recordings?.canary
  process.stdout.write(`${JSON.stringify({
    auditor: auditorPolicy(auditorCalls(await loadObservers()), roles),
    ...(canary === undefined ? {} : { probe: probePolicy(canary, `arn:aws:kms:${region}:${accountId}:key/RECORDINGS_KEY_ID`) }),
  }, null, 2)}\n`)
  return 0
}

/** Every fact that reading alone can give (classes A and B), tried once: what would be unknown, and why. */
async function look(spec: string | undefined): Promise<readonly { what: string; state: 'ok' | 'unknown'; next: string }[]> {
  const opened = await openTarget(spec, (line) => process.stderr.write(`${line}\n`))
  const observers = await loadObservers()
  const session = await openSession({ loaded: opened.loaded, observers, allow: ['A', 'B'] })
  try {
    const seen = await Promise.all([...observers].filter(([, observer]) => observer.safety <= 'B').map(([id, observer]) => session.store.get(observer.fact, id.slice(id.lastIndexOf('@') + 1) as 'live')))
    return seen.map((one) => (one.ok ? { what: one.id, state: 'ok' as const, next: '' } : { what: `${one.id}: ${one.why.say}`, state: 'unknown' as const, next: one.why.next }))
  } finally {
    await session.close()
    await opened.close()
  }
}
