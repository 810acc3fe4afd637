/** Small pieces of markup that several sections use. */
import type { Outcome, Row, RunResult, Waiver } from '../../kernel.ts'
import type { Problem } from '../problems.ts'
import { reasonOf } from '../problems.ts'
import { nextStep } from '../view.ts'
import type { Mark } from '../words.ts'
import { clauseMarks, clauseWords, outcomeMarks, whyWords } from '../words.ts'
import type { Markup, Piece } from './markup.ts'
import { h } from './markup.ts'

/** A mark and its word; the mark is hidden from screen readers, the word says the same. */
export const word = (mark: Mark, label: string): Markup => h`<span class="word ${mark.tone}"><span aria-hidden="true">${mark.sign}</span> ${label}</span>`
export const badge = (mark: Mark, label: string): Markup => h`<span class="badge ${mark.tone}"><span class="sign" aria-hidden="true">${mark.sign}</span>${label}</span>`
/** What an outcome permits to say about a clause. Only "not satisfied" is a plain statement, so only it is bold. */
export const clauseWord = (outcome: Outcome): Markup => (outcome === 'fail' ? word(clauseMarks[outcome], clauseWords[outcome])
  : h`<span aria-hidden="true" class="${clauseMarks[outcome].tone}">${clauseMarks[outcome].sign}</span> ${clauseWords[outcome]}`)
export const tag = (label: string): Markup => h`<span class="badge calm">${label}</span>`

/** What came of one row, in words: 'fail, waived until 2027-01-31', 'unknown: denied', 'pass, proven on staging'. */
export function outcomeWords(row: Row): string {
  if (row.waived !== undefined) return `${row.outcome}, waived until ${row.waived.until}`
  if (row.outcome === 'unknown') return reasonOf(row).kind === 'cause' ? `unknown because of ${reasonOf(row).cause ?? 'another'}` : `unknown: ${whyWords[reasonOf(row).kind]}`
  return row.provenOn === 'twin' ? `${row.outcome}, proven on staging` : row.outcome
}
export const rowBadge = (row: Row): Markup => badge(outcomeMarks[row.outcome], `${row.source}: ${outcomeWords(row)}`)
/** Long names (ARNs, paths) may break after their own separators. */
export const breakable = (name: string): Markup => h`${name.split(/(?<=[/:@])/).map((part, index) => h`${index > 0 && h`<wbr>`}${part}`)}`
export const checkLink = (id: string): Markup => h`<a class="id" href="#${id}">${id}</a>`
/** Links to the first checks; one that this run did not look at has no place on the page, and only its name stands there. */
export const linked = (ids: readonly string[], most: number, known: ReadonlySet<string>): Markup =>
  h`${ids.length === 0 && 'none'}${ids.slice(0, most).map((id, index) => h`${index > 0 && ', '}${known.has(id) ? checkLink(id) : h`<span class="id">${id}</span>`}`)}${ids.length > most && ` and ${ids.length - most} more`}`
export const requirementLink = (id: string, result: RunResult): Markup => (result.requirements.some(it => it.id === id) ? h`<a href="#${id}">${id}</a>` : h`${id}`)
export const waiverWords = (waiver: Waiver): string =>
  `${waiver.at.join(', ')}: ${waiver.reason} Until ${waiver.until}; owner ${waiver.owner}; approved by ${waiver.approvedBy.join(', ') || 'nobody'}.`

/** A command to run, or advice to follow. */
export const step = (problem: Problem, result: RunResult): Markup =>
  (problem.failing.length > 0 ? h`<code class="command">${nextStep(result, problem)}</code>` : h`<p class="next"><b>Next:</b> ${nextStep(result, problem)}</p>`)

export interface Column { readonly title: string; readonly narrow?: boolean }
interface TableRow { readonly cells: readonly Piece[]; readonly id?: string; readonly className?: string }

/** A table with a caption; the first cell of a row is its header. A row may have an id (anchor) and a class. */
export const table = (caption: Piece, columns: readonly Column[], rows: readonly TableRow[]): Markup => h`
<table><caption>${caption}</caption><thead><tr>${columns.map(column => h`<th scope="col"${column.narrow && h` class="n"`}>${column.title}</th>`)}</tr></thead><tbody>
${rows.map(row => h`<tr${row.id && h` id="${row.id}"`}>${row.cells.map((cell, index) => (index === 0 ? h`<th scope="row"${columns[0]!.narrow && h` class="n"`}>${cell}</th>` : h`<td${columns[index]!.narrow && h` class="n"`}>${cell}</td>`))}</tr>
`)}</tbody></table>`

/**
 * A table whose rows become blocks on a narrow screen, with the column's name before each cell (style sheet, by class and position).
 * The roles are said outright, because some browsers let `display: block` take them away.
 */
export const stacked = (className: 'claims' | 'matrix', caption: Piece, columns: readonly string[], rows: readonly TableRow[]): Markup => h`
<table role="table" class="stack ${className}"><caption>${caption}</caption><thead role="rowgroup"><tr role="row">${columns.map(column => h`<th role="columnheader" scope="col">${column}</th>`)}</tr></thead><tbody role="rowgroup">
${rows.map(row => h`<tr role="row"${row.className && h` class="${row.className}"`}>${row.cells.map((cell, index) => (index === 0 ? h`<th role="rowheader" scope="row">${cell}</th>` : h`<td role="cell">${cell}</td>`))}</tr>
`)}</tbody></table>`

export const fold = (summary: Piece, inside: Piece, options: { id?: string; open?: boolean } = {}): Markup =>
  h`<details class="fold"${options.id ? h` id="${options.id}"` : ''}${options.open ? h` open` : ''}><summary>${summary}</summary><div class="inside">${inside}</div></details>
`
