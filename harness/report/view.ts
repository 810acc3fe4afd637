/** What every report shows, in one shape. Verdicts and outcomes are the result's own, word for word: no report decides anything. */
import type { Observation, ObservationId, Outcome, Phase, PhaseVerdict, Row, RunResult, Suite, Verdict, Waiver } from '../kernel.ts'
import { outcomes, suites } from '../kernel.ts'
import { phases as planned } from '#plan/phases.ts'
import type { CheckView, Problem } from './problems.ts'
import { checksOf, isNotBuilt, problemsOf } from './problems.ts'
import { lasted, phasesWord, plural, utc } from './words.ts'

export interface PhaseView {
  readonly phase: Phase
  readonly title: string
  readonly after: readonly Phase[]
  readonly minutes: number | null
  readonly verdict: Verdict | null // null: not asked in this run
  readonly reasons: PhaseVerdict['reasons']
}
export type Counts = Readonly<Record<Outcome, number>> & { readonly notBuilt: number; readonly waived: number }
export interface View {
  readonly verdict: RunResult['verdict']
  readonly partial: boolean
  readonly sentence: string // the reason that decides the verdict
  readonly scope: readonly (readonly [label: string, text: string])[]
  readonly counts: Counts
  readonly suites: readonly { readonly suite: Suite; readonly counts: Counts; readonly notBuilt: readonly Row[] }[]
  readonly phases: readonly PhaseView[] // all eight of the plan
  readonly checks: readonly CheckView[]
  readonly problems: readonly Problem[]
  readonly blockers: readonly Problem[] // what stands in the way, at most five
  readonly moreBlockers: number
  readonly waivers: readonly Waiver[] // in use; each once
  readonly twins: readonly Row[] // proven on the staging twin
  readonly standIns: readonly { readonly name: string; readonly observations: readonly ObservationId[] }[]
  readonly requirements: { readonly rows: RunResult['requirements']; readonly counts: Readonly<Record<Outcome, number>> }
  readonly next: string
}

export function view(result: RunResult, where?: string): View {
  const partial = result.verdict === 'PARTIAL'
  const checks = checksOf(result)
  const problems = problemsOf(result, checks)
  const inTheWay = problems.filter(problem => !problem.waived && problem.severity !== 'minor')
  const blockers = inTheWay.slice(0, 5)
  return {
    verdict: result.verdict, partial, checks, problems, blockers, moreBlockers: inTheWay.length - blockers.length,
    sentence: sentenceOf(result), scope: scopeOf(result), counts: count(result.rows),
    suites: suites.map(suite => ({ suite, rows: result.rows.filter(row => row.id.startsWith(`${suite}/`)) })).filter(({ rows }) => rows.length > 0)
      .map(({ suite, rows }) => ({ suite, counts: count(rows), notBuilt: rows.filter(isNotBuilt) })),
    phases: planned.map(({ phase, title, after, minutes }) => {
      const found = partial ? undefined : result.phases.find(it => it.phase === phase)
      return { phase, after, minutes, title: found?.title ?? title, verdict: found?.verdict ?? null, reasons: found?.reasons ?? [] }
    }),
    waivers: [...new Map(result.rows.flatMap(row => row.waived ?? []).map(waiver => [JSON.stringify(waiver), waiver])).values()],
    twins: result.rows.filter(row => row.provenOn === 'twin'),
    standIns: standInsOf(result),
    requirements: { rows: result.requirements, counts: tally(result.requirements.map(it => it.state)) },
    next: nextOf(result, problems, where),
  }
}

const tally = (states: readonly Outcome[]) => Object.fromEntries(outcomes.map(it => [it, states.filter(state => state === it).length])) as Record<Outcome, number>
const count = (rows: readonly Row[]): Counts => ({
  ...tally(rows.map(row => row.outcome)), notBuilt: rows.filter(isNotBuilt).length, waived: rows.filter(row => row.waived !== undefined).length,
})

/** '34 pass, 2 fail (1 waived), 140 unknown (131 not built), 3 inapplicable' */
export const countsLine = (counts: Counts): string => [
  `${counts.pass} pass`, `${counts.fail} fail${counts.waived > 0 ? ` (${counts.waived} waived)` : ''}`,
  `${counts.unknown} unknown${counts.notBuilt > 0 ? ` (${counts.notBuilt} not built)` : ''}`, `${counts.inapplicable} inapplicable`,
].join(', ')

/** Why a phase has its verdict, in one line. */
export const reasonLine = (phase: PhaseView): string => {
  const [first, ...more] = phase.reasons
  if (first) return more.length > 0 ? `${first.say} (and ${more.length} more)` : first.say
  return phase.verdict === 'GO' ? 'Everything required passed' : phase.verdict === null ? 'not asked for' : 'no reason was recorded'
}

function sentenceOf(result: RunResult): string {
  if (result.verdict === 'PARTIAL') return `Only ${plural(result.rows.length, 'selected row')}: no phase is decided by ${result.rows.length === 1 ? 'it' : 'them'}.`
  const deciding = result.phases.find(phase => phase.verdict === result.verdict)
  if (!deciding) return 'No phase in results.json gives this verdict: do not rely on this report.'
  const said = (phase: RunResult['phases'][number]) => `Phase ${phase.phase}, ${phase.title}: ${phase.reasons.map(reason => reason.say)[0] ?? 'no reason was recorded'}${phase.reasons.length > 1 ? ` (and ${phase.reasons.length - 1} more)` : ''}`
  // "Blocked by phase 0" helps nobody: where it starts is what one has to settle
  const start = deciding.verdict === 'BLOCKED' ? result.phases.find(phase => phase.verdict === 'NO-GO' || phase.verdict === 'HOLD') : undefined
  if (start) return `It starts at ${said(start)}`
  if (deciding.reasons[0]) return said(deciding)
  return result.verdict === 'GO' ? `Everything required in ${phasesWord(result)} passed.` : said(deciding)
}

function scopeOf({ run, mode, ...result }: RunResult): [string, string][] {
  return [
    ['Target', `${run.target.name} (${run.target.kind})`],
    ['Scope', `${mode}, ${phasesWord({ run, mode, ...result })}`],
    ...Object.entries(run.identity).map(([name, it]): [string, string] => [name.charAt(0).toUpperCase() + name.slice(1), it]),
    ['When', `${utc(run.startedAt)}, took ${lasted(run.startedAt, run.finishedAt)}`],
    ['Tool', run.tool],
    ['Run', run.id],
    ...(run.factsFrom.length > 0 ? [['Facts from', run.factsFrom.join(', ')] as [string, string]] : []),
    ['Target file', `sha256 ${run.target.sha256.slice(0, 16)}`],
  ]
}

function standInsOf(result: RunResult): View['standIns'] {
  const found = (Object.entries(result.observations) as [ObservationId, RunResult['observations'][ObservationId]][]).filter(([, it]) => it.standIn !== undefined)
  return [...Map.groupBy(found, ([, it]) => it.standIn!)].map(([name, entries]) => ({ name, observations: entries.map(([id]) => id) }))
}

const targetOption = (result: RunResult): string => (result.run.target.file === 'rehearsal' ? '' : ` --target ${result.run.target.file}`)
/** The command that looks at one check again, once it is repaired. */
export const againCommand = (result: RunResult, id: string): string => `npx visitgate gate --check ${id}${targetOption(result)}`
/** What settles a problem: a command for a failing check, the observer's own advice for what could not be judged. */
export const nextStep = (result: RunResult, problem: Problem): string =>
  (problem.failing[0] ? againCommand(result, problem.failing[0].id) : problem.next[0] ?? `npx visitgate gate${targetOption(result)}`)

function nextOf(result: RunResult, problems: readonly Problem[], where = 'runs/latest'): string {
  const open = problems.find(problem => !problem.waived)
  if (open?.failing[0]) return `npx visitgate explain ${open.failing[0].id}`
  if (open) return nextStep(result, open)
  const last = Math.max(-1, ...result.asked)
  return result.verdict !== 'PARTIAL' && last < 7 ? `npx visitgate gate${targetOption(result)} --phase ${last + 1}` : `npx visitgate judge ${where}`
}

/** Where a run folder keeps an observation. */
export const observationFile = (id: string): string => `observations/${id}.json`
/** The fields of a sealed observation that a report may show; undefined when the file holds something else. */
export function asObservation(json: unknown): Observation | undefined {
  return typeof json === 'object' && json !== null && 'ok' in json && ((json.ok === true && 'value' in json) || (json.ok === false && 'why' in json)) ? json as Observation : undefined
}
