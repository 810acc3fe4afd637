/** The first screen: may it go live, why not, for which system, what to do next, what nobody could judge. Thirty seconds. */
import type { RunResult } from '../../kernel.ts'
import type { Problem } from '../problems.ts'
import type { View } from '../view.ts'
import { countsLine } from '../view.ts'
import { difference, outcomeMarks, plural, shorten, showBoth, verdictMarks } from '../words.ts'
import type { Markup } from './markup.ts'
import { h } from './markup.ts'
import { breakable, checkLink, step, tag, waiverWords } from './parts.ts'
import { strip } from './picture-strip.ts'
import { both } from './svg.ts'

export const anchorOf = (problem: Problem, view: View): string => `problem-${view.problems.indexOf(problem) + 1}`
/** Where a reader finds it: what nobody has built has a section of its own. */
export const placeFor = (problem: Problem, view: View): string => (problem.key === 'not-built' ? 'not-built' : anchorOf(problem, view))

export function lead(view: View, result: RunResult): Markup {
  const mark = verdictMarks[view.verdict]
  const picture = both(width => strip(view, width))
  return h`<section class="first" aria-label="Verdict">
<div class="verdict ${mark.tone}"><h1><span class="sign" aria-hidden="true">${mark.sign}</span>${view.verdict}</h1><p class="because">${view.sentence}</p><p class="tally">${tally(view)}</p></div>
<dl class="scope">${view.scope.map(([label, text]) => h`<div><dt>${label}</dt><dd>${breakable(text)}</dd></div>`)}</dl>
${picture && h`<figure class="strip">${picture}</figure>`}
<div class="columns"><section>${inTheWay(view, result)}</section><div class="aside">${waivers(view)}${unknowns(view)}${twins(view)}${notes(view, result)}</div></div></section>`
}

const tally = ({ counts }: View): Markup => h`${countsLine(counts).split(', ').map((part, index) => h`${index > 0 && ', '}<b>${part.split(' ')[0]}</b> ${part.slice(part.indexOf(' ') + 1)}`)}`

function inTheWay(view: View, result: RunResult): Markup {
  const conditional = view.verdict === 'GO WITH CONDITIONS'
  const list = conditional ? view.problems.slice(0, 5) : view.blockers
  const more = conditional ? view.problems.length - list.length : view.moreBlockers
  if (list.length === 0) return h`<h2>${conditional ? 'Conditions' : 'What stands in the way'}</h2><p>${conditional ? 'See the waivers and proofs beside.' : view.partial ? 'None of the selected rows fails or is unknown.' : 'Nothing.'}</p>`
  return h`<h2>${conditional ? 'Conditions' : 'What stands in the way'}</h2><ol class="todo">${list.map(problem => h`
<li class="${outcomeMarks[problem.kind === 'fail' ? 'fail' : 'unknown'].tone}"><p><a href="#${problem.failing[0]?.id ?? placeFor(problem, view)}">${problem.title}</a></p><p class="small">${tag(problem.severity)} <span class="soft">${brief(problem)}</span></p>${step(problem, result)}</li>`)}</ol>
${more > 0 && h`<p class="small">And <a href="#problems">${plural(more, 'more problem')}</a>.</p>`}`
}

/** The first finding of a failing check, or what could not be seen. */
function brief(problem: Problem): string {
  const words = problem.kind === 'fail' ? 'fail' : 'unknown'
  const finding = problem.failing[0]?.rows.flatMap(row => row.claims).find(claim => claim.holds === false)
  const rest = problem.unknown.length > 0 ? `; ${plural(problem.unknown.length, 'row')} ${words === 'fail' ? 'not judged because of it' : 'unknown'}` : ''
  if (!finding) return `${problem.says[0] ?? words}${rest}`
  const { want, got } = showBoth(finding.want, finding.got)
  return `${finding.at}: ${difference(finding.want, finding.got) ?? `wanted ${shorten(want, 90)}, got ${shorten(got, 90)}`}${rest}`
}

const waivers = (view: View): Markup | null => (view.waivers.length === 0 ? null : h`<section><h2>Waivers in use</h2><ul class="plain small">${view.waivers.map(waiver =>
  h`<li>${checkLink(waiver.check)}<br>${waiverWords(waiver)}</li>`)}</ul></section>`)

function unknowns(view: View): Markup | null {
  const groups = view.problems.filter(problem => problem.unknown.length > 0)
  return groups.length === 0 ? null : h`<section><h2>Not known, and why</h2><ul class="plain small">${groups.slice(0, 8).map(problem =>
    h`<li><a href="#${placeFor(problem, view)}">${problem.kind === 'fail' ? `because of: ${problem.cause ?? problem.title}` : problem.title}</a>, ${plural(problem.unknown.length, 'row')}</li>`)}</ul>
${groups.length > 8 && h`<p class="small">And <a href="#problems">${plural(groups.length - 8, 'more reason')}</a>.</p>`}</section>`
}

const twins = (view: View): Markup | null => (view.twins.length === 0 ? null : h`<section><h2>Proven on staging</h2><ul class="plain small">${view.twins.map(row => h`<li>${checkLink(row.id)}</li>`)}</ul></section>`)

function notes(view: View, result: RunResult): Markup | null {
  const all = [
    ...view.standIns.map(({ name, observations }) => h`<li>${name} answered instead of the real thing: ${observations.map((id, index) => h`${index > 0 && ', '}<a class="id" href="#${id}">${id}</a>`)}</li>`),
    ...result.run.notes.map(note => h`<li>${note}</li>`),
  ]
  return all.length === 0 ? null : h`<section><h2>To keep in mind</h2><ul class="plain small">${all.slice(0, 4)}</ul>${
    all.length > 4 && h`<details class="more"><summary>and ${all.length - 4} more</summary><ul class="plain small">${all.slice(4)}</ul></details>`}</section>`
}
