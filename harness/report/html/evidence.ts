/** The observations, each once: when, what, its hash, the probe's tries as a matrix, and the sealed JSON. */
import type { Attempt, ObservationId, RunResult, Trial } from '../../kernel.ts'
import { asObservation, observationFile } from '../view.ts'
import type { Mark } from '../words.ts'
import { outcomeMarks, utc } from '../words.ts'
import type { Markup } from './markup.ts'
import { h, pre } from './markup.ts'
import { badge, fold, linked, stacked, word } from './parts.ts'

const each = 20_000 // characters of one observation's JSON

/** @param room characters for the JSON of all observations: the page stays small enough to mail, the files hold everything */
export function evidence(result: RunResult, observations: Readonly<Record<string, unknown>>, room: number): Markup {
  const ids = [...new Set([...Object.keys(result.observations), ...result.rows.flatMap(row => row.facts)])].toSorted() as ObservationId[]
  const jsons = new Map(ids.map(id => [id, Object.hasOwn(observations, id) ? jsonOf(observations[id]) : undefined]))
  const most = capOf([...jsons.values()].map(json => json?.length ?? 0), room)
  const usedBy = Map.groupBy(result.rows.flatMap(row => row.facts.map(fact => ({ fact, id: row.id }))), ({ fact }) => fact)
  return h`${ids.map(id => {
    const index = result.observations[id]
    const json = jsons.get(id)
    const seen = asObservation(observations[id])
    const state = json === undefined ? word(outcomeMarks.fail, 'missing') : index?.ok === false ? word(outcomeMarks.unknown, 'could not look') : null
    const users = [...new Set((usedBy.get(id) ?? []).map(use => use.id))]
    const trials = trialsOf(seen?.ok ? seen.value : undefined)
    const body = json === undefined ? h`<p>This run has no <code>${observationFile(id)}</code>: nothing here can be read or judged again.</p>`
      : h`<pre><code>${pre(json.length > most ? cut(json, most) : json)}</code></pre>${json.length > most && h`<p class="soft small">Shortened: all ${json.length} characters are in <code>${observationFile(id)}</code>.</p>`}`
    return fold(h`<span class="id">${id}</span> <span class="soft small">${index ? utc(index.at) : 'not in results.json'}${index?.standIn !== undefined && `, ${index.standIn}`}</span> ${state}`, h`
<p class="small soft">${index && h`sha256 <code>${index.sha256}</code><br>`}${seen && `Safety class ${seen.safety}, took ${seen.ms} ms. `}${index?.standIn !== undefined && `Answered by ${index.standIn}, not by the real thing. `}Used by: ${linked(users, 6, new Set(users))}.</p>${trials.map(([name, trial]) => matrix(name || id, trial))}
${trials.length > 0 ? h`<details class="more"><summary>JSON</summary>${body}</details>` : body}`, { id, open: trials.length > 0 })
  })}`
}

function jsonOf(observed: unknown): string {
  const seen = asObservation(observed)
  return JSON.stringify(seen ? (seen.ok ? seen.value : { why: seen.why }) : observed, null, 1) ?? 'undefined'
}
const cut = (json: string, most: number): string => `${json.slice(0, Math.max(json.lastIndexOf('\n', most), Math.floor(most / 2)))}\n…`

/** The length at which all of them fit together: short ones stay whole, long ones give. */
function capOf(lengths: readonly number[], all: number): number {
  let room = all
  const sorted = lengths.toSorted((a, b) => a - b)
  for (const [index, length] of sorted.entries()) {
    const share = Math.floor(room / (sorted.length - index))
    if (length > share) return Math.min(each, share)
    room -= length
  }
  return each
}

const isAttempt = (value: unknown): value is Attempt =>
  typeof value === 'object' && value !== null && 'did' in value && typeof value.did === 'string' && 'allowed' in value && typeof value.allowed === 'boolean' && 'answer' in value && typeof value.answer === 'string'
const isTrial = (value: unknown): value is Trial =>
  typeof value === 'object' && value !== null && 'control' in value && isAttempt(value.control) && 'tries' in value && typeof value.tries === 'object' && value.tries !== null

/** Trials in what a probe saw, with the path to each. */
function trialsOf(value: unknown, path = '', depth = 0): [string, Trial][] {
  if (isTrial(value)) return [[path, value]]
  if (typeof value !== 'object' || value === null || depth > 3) return []
  return Object.entries(value).flatMap(([key, inner]) => trialsOf(inner, path === '' ? key : `${path}, ${key}`, depth + 1))
}

const allowed: Mark = { sign: '●', ascii: 'o', tone: 'stop' }
const refused: Mark = { sign: '○', ascii: '.', tone: 'calm' }

/** What was tried and what happened; whether that is right is the check's claim, not the picture's. */
function matrix(name: string, trial: Trial): Markup {
  const cells = (first: string, did: Attempt) => [first, did.did, did.allowed ? badge(allowed, 'allowed') : badge(refused, 'refused'), h`<code>${did.answer}</code>`]
  return stacked('matrix', `Tries of the probe ${name}. The control comes first: it shows that the probe itself works.`, ['Who and how', 'Did', 'Allowed?', 'Answer'], [
      { cells: cells('Control', trial.control), className: 'control' },
      ...Object.entries(trial.tries).map(([key, seen]) => ({ cells: seen?.ok === true && isAttempt(seen.value) ? cells(key, seen.value)
        : [key, seen?.ok === false ? seen.why.say : 'nothing readable was recorded', badge(outcomeMarks.unknown, 'unknown'), '–'] })),
  ])
}
