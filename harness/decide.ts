/** From rows to a verdict per phase. Hard gates, fail closed, no weights; precedence as in `verdicts`. */
import type { Phase, PhaseVerdict, Row, RowId, Verdict } from './kernel.ts'
import { severities, verdicts } from './kernel.ts'
import { phases as timeline } from '#plan/phases.ts'

const rowId = (row: Row): RowId => `${row.id}@${row.source}`
const heavy = (row: Row): boolean => row.severity !== 'minor'
const bySeverity = (a: Row, b: Row): number => severities.indexOf(a.severity) - severities.indexOf(b.severity)
const passes = (verdict: Verdict): boolean => verdict === 'GO' || verdict === 'GO WITH CONDITIONS'

/** What an earlier run says of a phase that this run was not asked for. */
export type Earlier = (phase: Phase) => { readonly verdict: Verdict; readonly say: string } | undefined

/** One verdict per asked phase. `rows` must hold every required row of these phases: a row that is not there cannot be missed here. */
export function decide(rows: readonly Row[], asked: readonly Phase[], earlier: Earlier = () => undefined): readonly PhaseVerdict[] {
  const made = new Map<Phase, PhaseVerdict>()
  for (const { phase, title, after } of timeline) {
    if (!asked.includes(phase)) continue
    const own = rows.filter((row) => row.phases.includes(phase))
    const waiting = after.flatMap((before) => {
      const verdict = asked.includes(before) ? made.get(before)?.verdict : earlier(before)?.verdict
      if (verdict !== undefined && passes(verdict)) return []
      const settle = asked.includes(before) ? '' : `; settle it with --phase ${before === 0 ? 0 : `0-${before}`}`
      return [{ say: `phase ${before} ${verdict === undefined ? 'has no fresh, verified verdict' : `is ${verdict}`}${settle}` }]
    })
    made.set(phase, { phase, title, ...verdictOf(own, waiting) })
  }
  return [...made.values()]
}

function verdictOf(rows: readonly Row[], waiting: PhaseVerdict['reasons']): Pick<PhaseVerdict, 'verdict' | 'reasons'> {
  const because = (verdict: Verdict, some: readonly Row[], say: (row: Row) => string) => ({ verdict, reasons: some.map((row) => ({ say: say(row), row: rowId(row) })) })
  const failed = rows.filter((row) => row.outcome === 'fail' && row.waived === undefined)
  const unknown = rows.filter((row) => row.outcome === 'unknown')

  if (failed.some(heavy)) return because('NO-GO', failed.filter(heavy).sort(bySeverity), (row) => `failed: ${row.title}`)
  if (waiting.length > 0) return { verdict: 'BLOCKED', reasons: waiting }
  if (rows.length === 0) return { verdict: 'HOLD', reasons: [{ say: 'nothing is required of this phase: the ledger is empty' }] }
  if (unknown.some(heavy)) return because('HOLD', unknown.filter(heavy).sort(bySeverity), (row) => `not known: ${row.title}: ${row.why?.say ?? 'no reason'}`)
  const conditions = [
    ...because('GO', failed, (row) => `failed (minor): ${row.title}`).reasons,
    ...because('GO', unknown, (row) => `not known (minor): ${row.title}: ${row.why?.say ?? 'no reason'}`).reasons,
    ...because('GO', rows.filter((row) => row.waived !== undefined), (row) => `${row.title}: waived until ${row.waived!.until}`).reasons,
    ...because('GO', rows.filter((row) => row.provenOn === 'twin'), (row) => `${row.title}: proven on staging`).reasons,
  ]
  return { verdict: conditions.length > 0 ? 'GO WITH CONDITIONS' : 'GO', reasons: conditions }
}

/** The release verdict is the worst of the phases asked for. */
export const worst = (phases: readonly PhaseVerdict[]): Verdict =>
  verdicts.find((verdict) => phases.some((phase) => phase.verdict === verdict)) ?? 'HOLD'

/** 0 GO or conditions (strict: only GO), 1 NO-GO, 2 HOLD or BLOCKED. A partial run answers for its rows: 1 a failure, 2 unknown. */
export function exitCode(verdict: Verdict | 'PARTIAL', rows: readonly Row[], strict: boolean): number {
  if (verdict === 'PARTIAL') {
    if (rows.some((row) => row.outcome === 'fail' && row.waived === undefined)) return 1
    return rows.length === 0 || rows.some((row) => row.outcome === 'unknown') ? 2 : 0
  }
  if (verdict === 'NO-GO') return 1
  if (verdict === 'HOLD' || verdict === 'BLOCKED') return 2
  return verdict === 'GO' || !strict ? 0 : 2
}
