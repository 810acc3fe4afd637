/** A session: one target, opened once, with everything that looks at it. The gate, record, doctor and the Vitest suites all work through it. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Observation, Observer, Safety, Source, Store, Target, Why } from './kernel.ts'
import { makePlan, type Plan } from '#plan/expect.ts'
import { whyOf } from '#domain/unknown.ts'
import { cacheDir } from '../bin/setup/paths.mjs'
import { connectAws, type Aws } from './aws.ts'
import { openJournal } from './journal.ts'
import type { Observers } from './ledger.ts'
import { lookFor, settle } from './look.ts'
import { scrubber } from './seal.ts'
import { observing, type Observing } from './store.ts'
import type { LoadedTarget } from './target.ts'
import { usage } from './usage.ts'

export interface Session {
  readonly loaded: LoadedTarget
  readonly target: Target
  readonly plan: Plan
  readonly allow: readonly Safety[]
  readonly store: Observing
  readonly aws: Aws
  /** Ends connections; cleans up what probes still owe and returns what could not be. */
  close(): Promise<readonly string[]>
}

export interface SessionOptions {
  readonly loaded: LoadedTarget
  readonly observers: Observers
  readonly allow?: readonly Safety[] // narrows what the target allows
  readonly signal?: AbortSignal
  readonly now?: () => Date
  readonly aws?: Aws // shared by sessions on one target, for tests that open many
  readonly standIns?: Readonly<Record<string, string>> // call prefix → what answers in its place
  readonly before?: Store
  readonly onSeen?: (observation: Observation) => void
}

export async function openSession(options: SessionOptions): Promise<Session> {
  const { loaded, observers } = options
  const { target } = loaded
  const allow = narrowed(target.allow ?? ['A', 'B'], options.allow)
  const now = options.now ?? (() => new Date())
  const signal = options.signal ?? new AbortController().signal
  const scrub = scrubber(target.messaging === undefined ? [] : [target.messaging.from])
  for (const name of ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) if (process.env[name]) scrub.conceal(process.env[name], name)
  const plan = makePlan(target, loaded.outputs, now().toISOString())
  const aws = options.aws ?? connectAws(target)
  const passing = target.kind === 'rehearsal' // it forgets everything when it ends, and so may its journal
  const journal = openJournal(join(cacheDir(), 'journal', passing ? `rehearsal-${process.pid}-${randomUUID()}.jsonl` : `${loaded.sha256.slice(0, 16)}.jsonl`))
  const paid = allow.some((safety) => safety > 'B') ? journal.owed().then((steps) => settle(steps, { aws, journal })) : undefined // what a crash left

  const store = observing({
    observers, target, allow, scrub, now, signal,
    look: lookFor({ plan, aws, journal, scrub, now, base: loaded.base }),
    guard: (own, observer) => rightPlace(own, observer, plan),
    explain: crashed,
    standIns: (observer) => Object.entries(options.standIns ?? {}).find(([prefix]) => observer.calls.some((call) => call.startsWith(prefix)))?.[1],
    ...(options.before === undefined ? {} : { earlier: options.before }),
    ...(options.onSeen === undefined ? {} : { onSeen: options.onSeen }),
  })
  return {
    loaded, target, plan, allow, store, aws,
    async close() {
      await paid?.catch(() => {})
      const left = paid === undefined ? [] : await settle(await journal.owed(), { aws, journal }).catch(() => [])
      if (options.aws === undefined) aws.close()
      if (passing) { await journal.forget(); return [] }
      return left.map((step) => `${step.call} ${JSON.stringify(step.input)}${step.notBefore === undefined ? '' : ` not before ${step.notBefore}`}`)
    },
  }
}

/** --allow can only narrow what the target allows. */
function narrowed(allowed: readonly Safety[], asked: readonly Safety[] | undefined): readonly Safety[] {
  const wider = asked?.find((safety) => !allowed.includes(safety))
  if (wider !== undefined) throw usage(`--allow ${wider}: the target allows ${allowed.join(', ')} only`, 'probes are allowed in the target file, in /allow, not on the command line')
  return asked === undefined ? allowed : [...new Set<Safety>(['A', 'B', ...asked])].filter((safety) => allowed.includes(safety))
}

/** A wrong account or region makes everything void that AWS said, and no probe starts. */
async function rightPlace(store: Store, observer: Observer, plan: Plan): Promise<Why | null> {
  if (observer.calls.length === 0 || observer.fact.fact === 'account.callerIdentity') return null
  const seen = await store.get({ fact: 'account.callerIdentity' }, 'live' satisfies Source)
  if (!seen.ok) return { kind: 'cause', say: `who is asking is not known: ${seen.why.say}`, next: seen.why.next, cause: seen.why.cause ?? 'account.callerIdentity' }
  const { account, region } = seen.value as { account: string; region: string }
  const other = (what: string, got: string, want: string, field: string): Why =>
    ({ kind: 'other-target', say: `the credentials are for ${what} ${got}, the target says ${want}`, next: `use credentials for ${want}, or correct ${field} in the target file`, cause: what })
  try {
    if (account !== plan.account) return other('account', account, plan.account, '/aws/accountId')
    return region === plan.region ? null : other('region', region, plan.region, '/aws/region')
  } catch (error) {
    return whyOf(error)!
  }
}

/** What an observer throws that look did not classify is a defect of the observer. */
const crashed = (error: unknown, observer: Observer): Why =>
  ({ kind: 'crashed', say: `observing ${observer.fact.fact} threw: ${(error instanceof Error ? error.message : String(error)).split('\n')[0]}`, next: 'correct the observer', cause: observer.fact.fact })
