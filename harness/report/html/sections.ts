/** The sections below the first screen. */
import type { CheckId, Outcome, PhaseVerdict, RunResult } from '../../kernel.ts'
import { outcomes } from '../../kernel.ts'
import type { CheckView, Problem } from '../problems.ts'
import { isNotBuilt } from '../problems.ts'
import type { View } from '../view.ts'
import { reasonLine } from '../view.ts'
import { byText, outcomeMarks, plural, ranges, verdictMarks, verdictMeanings } from '../words.ts'
import { card } from './check.ts'
import { anchorOf, placeFor } from './lead.ts'
import type { Markup, Piece } from './markup.ts'
import { h } from './markup.ts'
import { checkLink, clauseWord, fold, linked, outcomeWords, requirementLink, table, word } from './parts.ts'

/** Where each check has its card: with the first problem that it is part of, else among those that pass or do not apply. */
export function placeOf(view: View): Map<CheckId, Problem | null> {
  const places = new Map<CheckId, Problem | null>()
  for (const problem of view.problems) {
    for (const { id } of [...problem.failing, ...problem.unknown]) if (!places.has(id)) places.set(id, problem)
  }
  for (const { id } of view.checks) if (!places.has(id)) places.set(id, null)
  return places
}

export const phases = (view: View): Markup => table('The phases that were asked for, their verdicts and the reasons for them',
  [{ title: 'Phase', narrow: true }, { title: 'Verdict', narrow: true }, { title: 'Because' }], view.phases.filter(phase => phase.verdict !== null).map(phase => ({ cells: [
    `${phase.phase} ${phase.title}`, word(verdictMarks[phase.verdict!], phase.verdict!),
    phase.reasons.length < 2 ? (phase.reasons[0] ? said(phase.reasons[0]) : reasonLine(phase)) : h`${said(phase.reasons[0]!)}<details class="more"><summary>and ${phase.reasons.length - 1} more</summary><ul class="plain small">${phase.reasons.slice(1, 60).map(reason => h`<li>${said(reason)}</li>`)}${phase.reasons.length > 60 && h`<li>and ${phase.reasons.length - 60} more in results.json</li>`}</ul></details>`,
  ] })))

const said = ({ say, row }: PhaseVerdict['reasons'][number]): Piece => (row === undefined ? say : h`<a href="#${row.slice(0, row.lastIndexOf('@'))}">${say}</a>`)

export function problem(it: Problem, view: View, result: RunResult, places: Map<CheckId, Problem | null>): Markup {
  const checks = new Map(view.checks.map(check => [check.id, check]))
  const affected = [...new Set(it.unknown.map(row => row.id))].filter(id => !it.failing.some(check => check.id === id)).map(id => checks.get(id)!)
  const alone = it.failing.length === 1 && affected.length === 0
  return h`<section class="problem" id="${anchorOf(it, view)}">${alone ? requirement(it.failing[0]!, result) : h`<h3>${it.kind === 'fail' ? it.title : word(outcomeMarks.unknown, it.title)}</h3>
<p class="soft">${it.kind === 'fail' ? `${plural(it.failing.length, 'check')} failed${affected.length > 0 ? `; ${plural(it.unknown.length, 'row')} could not be judged because of it` : ''}.` : `${plural(it.unknown.length, 'row')} could not be judged.`}</p>
${it.kind !== 'fail' && h`<ul class="plain small">${it.says.slice(0, 6).map(say => h`<li>${say}</li>`)}${it.says.length > 6 && h`<li>and ${it.says.length - 6} more, with the rows</li>`}</ul>${it.next.slice(0, 3).map(next => h`<p class="next"><b>Next:</b> ${next}</p>`)}`}`}
${byRequirement(it.failing, result, view, it, places, alone ? 3 : 4)}${byRequirement(affected, result, view, it, places, 4)}</section>
`
}

/** Checks under the first requirement that each serves; a check whose card stands elsewhere is a link. */
function byRequirement(checks: readonly CheckView[], result: RunResult, view: View, here: Problem, places: Map<CheckId, Problem | null>, level: 3 | 4): Markup {
  const groups = [...Map.groupBy(checks, check => check.meta?.requirements[0] ?? '')].toSorted(([a], [b]) => byText(a, b))
  return h`${groups.map(([, group]) => h`${level === 4 && requirement(group[0]!, result)}${group.map(check =>
    (places.get(check.id) === here ? card(check, result, level) : h`<p class="small">${checkLink(check.id)}: see <a href="#${placeFor(places.get(check.id)!, view)}">its other problem</a></p>`))}`)}`
}
function requirement(check: CheckView, result: RunResult): Markup | null {
  const id = check.meta?.requirements[0]
  const statement = result.requirements.find(it => it.id === id)?.statement
  return id === undefined ? null : h`<p class="requirement">${requirementLink(id, result)} ${statement}</p>`
}

export const notBuilt = (view: View): Markup => h`${view.suites.filter(({ notBuilt: rows }) => rows.length > 0).map(({ suite, notBuilt: rows }) => fold(h`<b>${suite}</b>: ${plural(rows.length, 'row')}`,
  table(`Rows of ${suite} that nobody has built yet`, [{ title: 'Check' }, { title: 'Promises' }, { title: 'Severity', narrow: true }, { title: 'Source', narrow: true }, { title: 'Phases', narrow: true }], rows.map((row, index) => ({
    cells: [h`<span class="id">${row.id}</span>`, row.title, row.severity, row.source, ranges(row.phases)], ...(rows.findIndex(it => it.id === row.id) === index ? { id: row.id } : {}),
  })))))}`
export const hasCard = (check: CheckView): boolean => !check.rows.every(isNotBuilt)

const idsOf = (view: View): ReadonlySet<string> => new Set(view.checks.map(check => check.id))

export function requirements(view: View): Markup {
  const { rows, counts } = view.requirements
  const known = idsOf(view)
  return fold(`All ${rows.length}: ${outcomes.filter(it => counts[it] > 0).map(it => `${counts[it]} ${it}`).join(', ')}`,
    table('Every statement of the plan, with the worst outcome of the checks that cover it: a check that failed need not fail this very statement', [{ title: 'Requirement' }, { title: 'Statement' }, { title: 'Worst of its checks', narrow: true }, { title: 'Checks' }], rows.map(it => ({
      id: it.id, cells: [it.id, it.mistake === undefined || it.state !== 'fail' ? it.statement : h`${it.statement}<br><em>The plan's mistake: ${it.mistake}</em>`, word(outcomeMarks[it.state], it.state), linked(it.checks, 24, known)],
    }))))
}

/** Clauses that built checks speak to. What an outcome permits to say about a clause is the worst of them, and never that it is met. */
export function clauses(view: View): Markup | null {
  const all = Map.groupBy(view.checks.flatMap(check => (check.meta?.hipaa ?? []).map(clause => ({ clause: clause.replace(/^45 CFR /, ''), check }))), ({ clause }) => clause)
  if (all.size === 0) return null
  const known = idsOf(view)
  return fold(plural(all.size, 'clause'), table('What the checks permit to say about each clause', [{ title: 'Clause', narrow: true }, { title: 'May be said' }, { title: 'Checks' }], [...all].toSorted(([a], [b]) => byText(a, b)).map(([clause, uses]) => {
    const worst: Outcome = outcomes.find(it => uses.some(({ check }) => check.outcome === it))!
    return { cells: [`45 CFR ${clause}`, clauseWord(worst), linked(uses.map(({ check }) => check.id), 12, known)] }
  })))
}

export const attachments = (result: RunResult): Markup | null => (result.attachments.length === 0 ? null : table('Files of the run folder',
  [{ title: 'File' }, { title: 'Shows' }, { title: 'SHA-256' }], result.attachments.map(it => ({ cells: [h`<code>${it.name}</code>`, it.shows, h`<code>${it.sha256}</code>`] }))))

export const rowsTable = (result: RunResult): Markup => table('The selected rows', [{ title: 'Row' }, { title: 'Outcome', narrow: true }, { title: 'Promises' }],
  result.rows.map(row => ({ cells: [checkLink(row.id), word(outcomeMarks[row.outcome], `${row.source}: ${outcomeWords(row)}`), row.title] })))

export const legend = (): Markup => fold('What the words mean', h`<dl class="facts">${Object.entries(verdictMeanings).map(([verdict, says]) =>
  h`<dt>${word(verdictMarks[verdict as keyof typeof verdictMarks], verdict)}</dt><dd>${says}</dd>`)}</dl>
<p class="small soft">A row is one check looked at in one place: repo (the repository), tfplan (the Terraform plan) or live (the running system). It passes only when everything it claims holds; what could not be looked at is unknown. Inapplicable comes only from what the target declares.</p>`)
