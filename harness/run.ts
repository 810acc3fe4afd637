/** The engine: ledger → store → assess → decide. The gate, `judge` and the Vitest suites all run it. */
import { readFile } from 'node:fs/promises'
import type { Check, CheckId, CheckMeta, Line, Mode, Need, Observation, ObservationId, Outcome, Phase, Row, RunResult, Source, Store, Verdict } from './kernel.ts'
import { outcomes } from './kernel.ts'
import type { Plan } from '#plan/expect.ts'
import { assess, needsOf } from './assess.ts'
import { decide, worst, type Earlier } from './decide.ts'
import { sha256 } from './folder.ts'
import type { Checks, Observers } from './ledger.ts'
import { root } from './paths.ts'
import { idOf } from './store.ts'
import { applyWaivers } from './waiver.ts'
import type { Waiver } from './kernel.ts'

/** Every line gives exactly one row, whatever happens while it is judged. */
export async function assessAll(lines: readonly Line[], checks: Checks, store: Store, plan: Plan, options: { observers?: Observers; onRow?: (row: Row) => void } = {}): Promise<readonly Row[]> {
  await prefetch(lines, checks, store, options.observers)
  return Promise.all(lines.map(async (line) => {
    const row = await assess(line, checks.get(line.id), store, plan).catch((error: unknown): Row => ({
      ...line, outcome: 'unknown', claims: [], facts: [], ms: 0,
      why: { kind: 'crashed', say: `the kernel threw: ${error instanceof Error ? error.message : String(error)}`, next: 'report this defect' },
    }))
    options.onRow?.(row)
    return row
  }))
}

/** Starts probes in the order of their classes (C, D, E); A and B run at once beside them. */
async function prefetch(lines: readonly Line[], checks: Checks, store: Store, observers: Observers | undefined): Promise<void> {
  if (observers === undefined) return
  const wanted = new Map<ObservationId, { need: Need<unknown>; source: Source }>()
  for (const line of lines) {
    const check = checks.get(line.id)
    for (const [, need] of check === undefined ? [] : needsOf(check, line.source)) if (need.earlier !== true) wanted.set(idOf(need, line.source), { need, source: line.source })
  }
  const safety = (id: ObservationId) => observers.get(id)?.safety ?? 'A'
  for (const [, { need, source }] of [...wanted].sort(([a], [b]) => safety(a).localeCompare(safety(b)))) void store.get(need, source)
}

export interface Judged {
  readonly lines: readonly Line[]
  readonly checks: Checks
  readonly rows: readonly Row[]
  readonly asked: readonly Phase[]
  readonly partial: boolean
  readonly mode: Mode
  readonly waivers: readonly Waiver[]
  readonly observations: ReadonlyMap<ObservationId, Observation>
  readonly target: RunResult['run']['target']
  readonly id: string
  readonly startedAt: Date
  readonly finishedAt: Date
  readonly factsFrom: readonly string[]
  readonly notes: readonly string[]
  readonly earlier?: Earlier
}

/** The result of a run: what is in results.json. Pure but for reading plan/requirements.json. */
export async function result(judged: Judged): Promise<RunResult> {
  const { rows, ignored } = applyWaivers(judged.rows, judged.waivers, judged.startedAt)
  const missing = judged.lines.filter((line) => !rows.some((row) => row.id === line.id && row.source === line.source))
  if (missing.length > 0 || rows.length !== judged.lines.length) throw new Error(`the ledger does not balance: ${judged.lines.length} lines, ${rows.length} rows, missing ${missing.map((line) => line.id).join(', ')}`)
  const phases = judged.partial ? [] : decide(rows, judged.asked, judged.earlier)
  const verdict: Verdict | 'PARTIAL' = judged.partial ? 'PARTIAL' : worst(phases)
  const built = [...judged.checks].filter(([id]) => rows.some((row) => row.id === id))
  const identity = judged.observations.get('account.callerIdentity@live')
  return {
    schemaVersion: 1, verdict, asked: judged.asked, mode: judged.mode, phases,
    run: {
      id: judged.id, startedAt: judged.startedAt.toISOString(), finishedAt: judged.finishedAt.toISOString(), tool: `visitgate ${await version()}`, target: judged.target,
      identity: identity?.ok === true ? (identity.value as Record<string, string>) : {}, factsFrom: judged.factsFrom, notes: [...judged.notes, ...ignored],
    },
    rows,
    checks: Object.fromEntries(built.map(([id, check]) => [id, meta(check)])) as Record<CheckId, CheckMeta>,
    observations: Object.fromEntries([...judged.observations].sort(([a], [b]) => a.localeCompare(b)).map(([id, seen]) =>
      [id, { at: seen.at, sha256: sha256(`${JSON.stringify(seen, null, 1)}\n`), ok: seen.ok, ...(seen.standIn === undefined ? {} : { standIn: seen.standIn }) }])),
    requirements: await requirements(rows),
    attachments: [],
  }
}

const meta = ({ judge: _judge, needs: _needs, faults: _faults, applies: _applies, ...rest }: Check): CheckMeta => rest

/** A requirement is as good as the worst of its rows that this run looked at. */
async function requirements(rows: readonly Row[]): Promise<RunResult['requirements']> {
  const all = JSON.parse(await readFile(root('plan/requirements.json'), 'utf8')) as { id: string; statement: string; mistake?: string; checks: CheckId[] }[]
  return all.flatMap(({ id, statement, mistake, checks }) => {
    const own = rows.filter((row) => checks.includes(row.id))
    const state: Outcome | undefined = outcomes.find((outcome) => own.some((row) => row.outcome === outcome))
    return state === undefined ? [] : [{ id, statement, ...(mistake === undefined ? {} : { mistake }), checks, state }]
  })
}

export const version = async (): Promise<string> => (JSON.parse(await readFile(root('package.json'), 'utf8')) as { version: string }).version
