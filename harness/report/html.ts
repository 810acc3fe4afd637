/** The report of a run as one HTML file: no network, no script, no fonts of others; it can be mailed, printed and kept. */
import { createHash } from 'node:crypto'
import type { RunResult } from '../kernel.ts'
import { card } from './html/check.ts'
import { evidence } from './html/evidence.ts'
import { lead } from './html/lead.ts'
import type { Markup, Piece } from './html/markup.ts'
import { h, text, verbatim } from './html/markup.ts'
import { pictures } from './html/pictures.ts'
import { attachments, clauses, hasCard, legend, notBuilt, phases, placeOf, problem, requirements, rowsTable } from './html/sections.ts'
import { style } from './html/style.ts'
import { both } from './html/svg.ts'
import { view } from './view.ts'
import { plural, utc } from './words.ts'

const size = 540_000 // characters that the page aims at; what does not fit is JSON, which the run folder holds
const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'`

/** @param observations sealed JSON by observation id; what is missing is shown as missing */
export function html(result: RunResult, observations: Readonly<Record<string, unknown>>): string {
  const it = view(result)
  const places = placeOf(it)
  const settled = it.checks.filter(check => places.get(check.id) === null)
  const passing = settled.filter(check => check.outcome === 'pass')
  const inapplicable = settled.filter(check => check.outcome === 'inapplicable')
  const open = it.problems.filter(one => one.key !== 'not-built' || it.checks.some(check => hasCard(check) && places.get(check.id) === one))
  const before: readonly Section[] = [
    it.partial ? section('rows', 'Selected rows', null, rowsTable(result)) : section('phases', 'Phases', 'A phase may go live only when those before it may.', phases(it)),
    ...pictures.map(picture => {
      const drawn = both(width => picture.draw(result, observations, width, it))
      return drawn && section(picture.id, picture.title, null, h`<figure>${drawn}<figcaption>${picture.caption}</figcaption></figure>`)
    }),
    open.length > 0 && section('problems', 'Problems', 'Grouped by cause: what failed first, then what could not be judged. Inside a cause by requirement, then by check.', open.map(one => problem(one, it, result, places)), true),
    passing.length > 0 && section('passing', 'Checks that pass', `${plural(passing.length, 'check')} with everything that was compared.`, passing.map(check => card(check, result, 3))),
    inapplicable.length > 0 && section('inapplicable', 'Checks that do not apply', 'Because of what the target declares, never because of what was seen.', inapplicable.map(check => card(check, result, 3))),
    it.counts.notBuilt > 0 && section('not-built', 'Not built yet', 'Required rows without a check file. Each counts as unknown.', notBuilt(it)),
    it.requirements.rows.length > 0 && section('requirements', 'Requirements of the plan', null, requirements(it)),
    section('clauses', 'HIPAA clauses', 'A failed check shows that a clause is not satisfied. A passed one never shows that it is met.', clauses(it) ?? h`<p>No built check speaks to a clause.</p>`),
  ].filter(one => one !== null && one !== false)
  const used = before.reduce((sum, one) => sum + text(one.markup).length, 0) + Object.keys(result.observations).length * 600
  const sections: readonly Section[] = [
    ...before,
    section('evidence', 'Evidence', 'What was seen, sealed before it was judged. The hashes are those of results.json.', evidence(result, observations, Math.max(40_000, size - used)), true),
    result.attachments.length > 0 && section('attachments', 'Attachments', null, attachments(result)),
  ].filter(one => one !== null && one !== false)
  return text(h`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">
<title>${it.verdict}: ${result.run.target.name}, ${utc(result.run.startedAt)}</title><style>${verbatim(style)}</style></head>
<body><a class="skip" href="#${it.partial ? 'rows' : 'phases'}">Skip to the details</a><div class="page">
<header class="top"><span><b>Visitgate</b> release report</span><span>${result.run.target.name} (${result.run.target.kind}), ${utc(result.run.startedAt)}</span></header>
<main>${lead(it, result)}
<nav class="contents" aria-label="Contents"><ul>${sections.map(one => h`<li><a href="#${one.id}">${one.title}</a></li>`)}</ul></nav>
${sections.map(one => one.markup)}</main>
<footer>${legend()}<p>Made by ${result.run.tool} from results.json of run ${result.run.id}. Target file sha256 ${result.run.target.sha256}.</p></footer></div></body></html>
`)
}

interface Section { readonly id: string; readonly title: string; readonly markup: Markup }
const section = (id: string, title: string, intro: string | null, content: Piece, ownPage = false): Section => ({
  id, title, markup: h`<section aria-labelledby="${id}"><h2 id="${id}"${ownPage ? h` class="own-page"` : ''}>${title}</h2>${intro && h`<p class="lead">${intro}</p>`}
${content}</section>
`,
})
