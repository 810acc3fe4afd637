/**
 * Binds each check of a suite to a Vitest test, through the same engine as the gate.
 * Vitest is the engineer's view: its exit code never is a verdict, so what a runner can get wrong cannot touch one.
 */
import { afterAll, expect, test } from 'vitest'
import { assess, needsOf } from './assess.ts'
import { openTarget, type Opened } from './cli/open.ts'
import type { Claim, Row, Suite } from './kernel.ts'
import { loadChecks, loadObservers, required } from './ledger.ts'
import { openSession, type Session } from './session.ts'

declare module 'vitest' { interface TaskMeta { rows?: string } } // JSON, because anything else breaks Vitest's reporters

/** One test for each check of the suite, in every source that a phase looks at; a check without a file is a todo. */
export async function bind(suite: Suite): Promise<void> {
  const [lines, checks] = await Promise.all([required(), loadChecks()])
  const own = lines.filter((line) => line.id.startsWith(`${suite}/`))
  const strays = [...checks.keys()].filter((id) => id.startsWith(`${suite}/`) && !own.some((line) => line.id === id))
  if (strays.length > 0) throw new Error(`not in plan/required.json: ${strays.join(', ')}`)
  const session = once(open)
  afterAll(async () => { if (session.started()) await (await session.get()).close() })

  for (const id of new Set(own.map((line) => line.id))) {
    const rows = own.filter((line) => line.id === id)
    const check = checks.get(id)
    const name = `${id} ${rows[0]!.title}`
    if (check === undefined) { test.todo(name); continue }
    test.concurrent(name, { timeout: 120_000 }, async ({ task, skip }) => {
      const { store, plan } = (await session.get()).session
      for (const line of rows) for (const [, need] of needsOf(check, line.source)) void store.get(need, line.source)
      const judged = await Promise.all(rows.map((line) => assess(line, check, store, plan)))
      task.meta.rows = JSON.stringify(judged.map(({ id, source, outcome, why }) => ({ id, source, outcome, why })))
      if (judged.every((row) => row.outcome === 'inapplicable')) skip(judged[0]!.why!.say)
      const bad = judged.filter((row) => row.outcome === 'fail' || row.outcome === 'unknown')
      if (bad.length > 0) expect.fail(bad.map(say).join('\n'))
    })
  }
}

async function open(): Promise<{ session: Session; opened: Opened; close(): Promise<void> }> {
  const [opened, observers] = await Promise.all([openTarget(process.env.VV_TARGET), loadObservers()])
  const session = await openSession({ loaded: opened.loaded, observers, standIns: opened.standIns })
  return { session, opened, close: async () => { await session.close(); await opened.close() } }
}

const say = (row: Row): string => [
  `${row.id} (${row.source}): ${row.outcome}${row.why === undefined ? '' : `: ${row.why.say}\n  → ${row.why.next}`}`,
  ...row.claims.filter((claim) => claim.holds === false).map((claim: Claim) => `  ${claim.at}: wanted ${show(claim.want)}, got ${show(claim.got)}`),
].join('\n')
const show = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const once = <T>(make: () => Promise<T>) => {
  let made: Promise<T> | undefined
  return { get: () => (made ??= make()), started: () => made !== undefined }
}
