/** One check: what it promises, what came of it in each place, what was compared, how to repair it, what it proves. */
import type { Claim, ObservationId, Row, RunResult } from '../../kernel.ts'
import type { CheckView } from '../problems.ts'
import { reasonOf } from '../problems.ts'
import { againCommand } from '../view.ts'
import { difference, outcomeMarks, plural, ranges, shorten, showBoth, utc } from '../words.ts'
import type { Markup } from './markup.ts'
import { h, pre } from './markup.ts'
import { breakable, clauseWord, requirementLink, rowBadge, stacked, table, waiverWords, word } from './parts.ts'

const longest = 900 // characters of one value; the whole is in results.json

export function card(check: CheckView, result: RunResult, level: 3 | 4): Markup {
  const mark = outcomeMarks[check.outcome]
  const title = h`<span class="word ${mark.tone}" aria-hidden="true">${mark.sign}</span> ${check.title}`
  const rows = check.rows.toSorted((a, b) => order(a) - order(b))
  return h`<article class="check ${mark.tone}" id="${check.id}"><details${check.outcome === 'fail' ? h` class="fail" open` : ''}>
<summary>${level === 3 ? h`<h3>${title}</h3>` : h`<h4>${title}</h4>`}<div class="row"><span class="id soft">${check.id}</span> ${rows.map(row => h`${rowBadge(row)} `)}<span class="soft small">${check.severity}</span></div></summary>
<div class="body">${check.meta && h`<p>${check.meta.why}</p>`}
${alike(rows).map(same => looked(same))}${check.meta && check.outcome !== 'pass' && remedy(check, result)}<dl class="facts">${check.meta && h`${check.meta.hipaa.length > 0 && clauses(check)}<dt>Requirements</dt><dd>${check.meta.requirements.map((id, index) => h`${index > 0 && ', '}${requirementLink(id, result)}`)}</dd>
<dt>NIST SP 800-53 r5</dt><dd>${check.meta.controls.join(', ') || 'none'}</dd><dt>Rests on</dt><dd>${basis[check.meta.basis]}</dd>`}
<dt>Phases</dt><dd>${ranges([...new Set(check.rows.flatMap(row => row.phases))])}</dd></dl>
${evidence(rows, result)}</div></details></article>
`
}
const order = (row: Row): number => ['fail', 'unknown', 'pass', 'inapplicable'].indexOf(row.outcome)
const basis = { plan: 'the plan', regulation: 'the regulation', practice: 'good practice' } as const

/** Rows of which the same can be said are shown once. */
const alike = (rows: readonly Row[]): (readonly [Row, ...Row[]])[] =>
  [...Map.groupBy(rows, row => JSON.stringify([row.outcome, row.claims, row.why, row.waived])).values()] as [Row, ...Row[]][]

/** What came of rows that are alike: a reason where they could not be judged, and everything that was compared, what does not hold first. */
function looked(rows: readonly [Row, ...Row[]]): Markup {
  const [row] = rows
  const where = rows.map(it => it.source).join(' and ')
  const why = row.outcome === 'unknown' || row.outcome === 'inapplicable' ? reasonOf(row) : undefined
  const open = row.claims.filter(claim => claim.holds !== true)
  const held = row.claims.filter(claim => claim.holds === true)
  return h`<div>${why && h`<p>${word(outcomeMarks[row.outcome], where)}: ${why.say}${row.outcome === 'unknown' && h`<br><span class="soft">Next: ${why.next}</span>`}</p>`}${
    row.waived && h`<p>${word({ sign: '!', ascii: '!', tone: 'cond' }, 'waived')}: ${waiverWords(row.waived)}</p>`}${
    open.length > 0 && claims(where, [...open, ...(held.length <= 4 ? held : [])])}${
    open.length === 0 && held.length > 0 && held.length <= 12 && holding(where, held)}${
    (open.length > 0 ? held.length > 4 : held.length > 12) && h`<details class="more"><summary>${plural(held.length, 'claim')} that hold in ${where}</summary>${holding(where, held)}</details>`}</div>
`
}

const claims = (where: string, list: readonly Claim[]): Markup => stacked('claims', `Looked at in ${where}: ${plural(list.length, 'claim')}`, ['Where', 'Wanted', 'Got', 'Holds'], list.map(claim => ({
  cells: [...compared(claim), typeof claim.holds === 'object' ? word(outcomeMarks.unknown, 'unknown') : claim.holds ? word(outcomeMarks.pass, 'yes') : word(outcomeMarks.fail, 'no')],
})))
const holding = (where: string, list: readonly Claim[]): Markup =>
  table(`Looked at in ${where}: ${plural(list.length, 'claim')}, ${list.length === 1 ? 'it holds' : 'all hold'}`, [{ title: 'Where' }, { title: 'Wanted' }, { title: 'Got' }], list.map(claim => ({ cells: compared(claim) })))

function compared(claim: Claim): Markup[] {
  const { want, got } = showBoth(claim.want, claim.got)
  const differs = claim.holds === false ? difference(claim.want, claim.got) : undefined
  return [
    h`${claim.at.length > 40 ? breakable(claim.at) : claim.at}${claim.say && h`<br><span class="soft">${claim.say}</span>`}`, h`<code>${shorten(want, longest)}</code>`,
    h`<code>${shorten(got, longest)}</code>${differs && h`<br><span class="soft">${shorten(differs, longest)}</span>`}`,
  ]
}

/** What to change, in words, in Terraform and on the command line. */
const remedy = ({ meta, id }: CheckView, result: RunResult): Markup => h`<div><p class="label">Remedy</p><p>${meta!.remedy.say}</p>
${meta!.remedy.terraform && h`<p class="label">Terraform</p><pre><code>${pre(meta!.remedy.terraform)}</code></pre>`}
${meta!.remedy.cli && h`<p class="label">Command line</p><pre><code>${pre(meta!.remedy.cli)}</code></pre>`}
<p class="soft small">Look again: <code>${againCommand(result, id)}</code></p></div>`

const clauses = ({ meta, outcome }: CheckView): Markup =>
  h`<dt>HIPAA</dt><dd>45 CFR ${meta!.hipaa.map(clause => clause.replace(/^45 CFR /, '')).join(', ')}: ${clauseWord(outcome)}</dd>`

function evidence(rows: readonly Row[], result: RunResult): Markup | null {
  const ids: ObservationId[] = [...new Set(rows.flatMap(row => row.facts))]
  return ids.length === 0 ? null : h`<div><p class="label">Observations behind it</p><ul class="plain small">${ids.map(id => {
    const seen = result.observations[id]
    return h`<li><a class="id" href="#${id}">${id}</a> ${seen
      ? h`<span class="soft">${utc(seen.at)}, sha256 <code>${seen.sha256.slice(0, 12)}</code>${!seen.ok && ', could not look'}${seen.standIn !== undefined && `, ${seen.standIn}`}</span>`
      : 'not in results.json'}</li>`
  })}</ul></div>`
}
