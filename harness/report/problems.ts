/** Rows that do not pass, grouped by their cause: one fault reads as one problem (DESIGN 1). Nothing is judged here. */
import type { CheckId, CheckMeta, Outcome, Row, RunResult, Severity, Suite, Why } from '../kernel.ts'
import { outcomes } from '../kernel.ts'
import { byText, severityRank, whyWords } from './words.ts'

/** A check with its rows, one per source. `meta` is absent when nobody has built it. */
export interface CheckView {
  readonly id: CheckId
  readonly suite: Suite
  readonly title: string
  readonly severity: Severity
  readonly meta: CheckMeta | undefined
  readonly rows: readonly Row[]
  readonly outcome: Outcome // the worst of its rows, to place it on the page
}

/** One thing to settle: failing checks, the rows that nobody could judge because of them, or rows that share one reason. */
export interface Problem {
  readonly key: string
  readonly kind: 'fail' | Why['kind']
  readonly title: string
  readonly cause: string | undefined
  readonly severity: Severity // the worst of its rows
  readonly waived: boolean // every failing row is covered by a waiver
  readonly failing: readonly CheckView[]
  readonly unknown: readonly Row[]
  readonly says: readonly string[]
  readonly next: readonly string[]
}

const unexplained: Why = { kind: 'crashed', say: 'No reason was recorded.', next: 'Run it again; a row without a reason is an error of the gate.' }
/** Why a row is unknown: its own reason, else that of its first claim that could not be decided. */
export const reasonOf = (row: Row): Why => row.why ?? row.claims.map(claim => claim.holds).find(holds => typeof holds === 'object') ?? unexplained
/** Nobody has written the check yet; a missing observer has a cause and is a problem of its own. */
export const isNotBuilt = (row: Row): boolean => row.outcome === 'unknown' && reasonOf(row).kind === 'not-built' && reasonOf(row).cause === undefined

export function checksOf(result: RunResult): CheckView[] {
  return [...Map.groupBy(result.rows, row => row.id)].map(([id, rows]) => ({
    id, rows, suite: id.split('/')[0] as Suite, title: rows[0]!.title, meta: result.checks[id], severity: worst(rows),
    outcome: outcomes.find(outcome => rows.some(row => row.outcome === outcome))!,
  }))
}

const worst = (rows: readonly Row[]): Severity => rows.map(row => row.severity).toSorted((a, b) => severityRank[a] - severityRank[b])[0]!
const distinct = (texts: readonly string[]): string[] => [...new Set(texts)]

/** Failing rows that are the cause themselves: a finding names the fact (looked, not there), or the row looks at this fact only. */
const rootsOf = (cause: string, failing: readonly Row[]): Row[] => failing.filter(row =>
  row.claims.some(claim => claim.holds === false && claim.at === cause)
  || (row.facts.length === 1 && (row.facts[0] === cause || row.facts[0]!.startsWith(`${cause}@`))))

/** Fail before waived before unknown before not built; inside by severity, requirement, name. */
export function problemsOf(result: RunResult, checks: readonly CheckView[]): Problem[] {
  const failing = result.rows.filter(row => row.outcome === 'fail')
  const unknown = result.rows.filter(row => row.outcome === 'unknown')
  const groups = [...Map.groupBy(unknown, row => {
    const why = reasonOf(row)
    return isNotBuilt(row) ? 'not-built' : why.cause !== undefined ? `cause ${why.cause}` : `${why.kind} ${why.next}`
  })].map(([key, rows]) => ({ key, rows, cause: key === 'not-built' ? undefined : reasonOf(rows[0]!).cause }))

  const taken = new Set<CheckId>()
  const views = new Map(checks.map(check => [check.id, check]))
  const problems: Problem[] = []
  const add = (key: string, failed: readonly Row[], rows: readonly Row[], cause?: string) => {
    const ids = distinct(failed.map(row => row.id)) as CheckId[]
    for (const id of ids) taken.add(id)
    const roots = ids.map(id => views.get(id)!).toSorted(bySeverityThenRequirement)
    const reasons = rows.map(reasonOf)
    const kind = roots.length > 0 ? 'fail' : (reasons.find(why => why.kind !== 'cause') ?? reasons[0]!).kind
    problems.push({
      key, kind, cause, failing: roots, unknown: rows, severity: worst([...failed, ...rows]),
      title: roots[0]?.title ?? [whyWords[kind as Why['kind']], cause].filter(it => it !== undefined).join(': '),
      waived: failed.length > 0 && failed.every(row => row.waived !== undefined),
      says: distinct(reasons.map(why => why.say)), next: distinct(reasons.map(why => why.next)),
    })
  }
  for (const { key, rows, cause } of groups) {
    const roots = cause === undefined ? [] : rootsOf(cause, failing.filter(row => !taken.has(row.id)))
    add(key, failing.filter(row => roots.some(root => root.id === row.id)), rows, cause)
  }
  for (const [id, rows] of Map.groupBy(failing.filter(row => !taken.has(row.id)), row => row.id)) add(id, rows, [])
  return problems.toSorted((a, b) => rank(a) - rank(b) || severityRank[a.severity] - severityRank[b.severity]
    || byText(requirement(a.failing[0]), requirement(b.failing[0])) || b.unknown.length - a.unknown.length || byText(a.key, b.key))
}

const rank = (problem: Problem): number => (problem.kind === 'fail' ? (problem.waived ? 1 : 0) : problem.key === 'not-built' ? 3 : 2)
const requirement = (check: CheckView | undefined): string => check?.meta?.requirements[0] ?? '~'
const bySeverityThenRequirement = (a: CheckView, b: CheckView): number =>
  severityRank[a.severity] - severityRank[b.severity] || byText(requirement(a), requirement(b)) || byText(a.id, b.id)
