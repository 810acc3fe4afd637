/** The words, marks and number formats of every report. No locale and no clock: the same result always reads the same. */
import type { Outcome, Phase, RunResult, Severity, Verdict, Why } from '../kernel.ts'

/** One accent per meaning; a mark and a word always stand beside it (WCAG 1.4.1: never colour alone). */
export type Tone = 'bad' | 'stop' | 'open' | 'cond' | 'good' | 'calm'
export interface Mark { readonly sign: string; readonly ascii: string; readonly tone: Tone }

export const verdictMarks: Readonly<Record<Verdict | 'PARTIAL', Mark>> = {
  'NO-GO': { sign: '✗', ascii: 'x', tone: 'bad' },
  BLOCKED: { sign: '⊘', ascii: '#', tone: 'stop' },
  HOLD: { sign: '?', ascii: '?', tone: 'open' },
  'GO WITH CONDITIONS': { sign: '!', ascii: '!', tone: 'cond' },
  GO: { sign: '✓', ascii: '+', tone: 'good' },
  PARTIAL: { sign: '~', ascii: '~', tone: 'calm' },
}

/** What each verdict says, for the legend (DESIGN 2). */
export const verdictMeanings: Readonly<Record<Verdict | 'PARTIAL', string>> = {
  'NO-GO': 'A blocker or major check failed and is not waived.',
  BLOCKED: 'A phase that this one depends on may not go.',
  HOLD: 'A blocker or major check could not be judged. Unknown is never taken for a pass.',
  'GO WITH CONDITIONS': 'A minor check failed or is unknown, a waiver is in use, or a proof comes from a twin.',
  GO: 'Everything required passed.',
  PARTIAL: 'Only some rows were asked for: they decide no phase.',
}

export const outcomeMarks: Readonly<Record<Outcome, Mark>> = {
  fail: { sign: '✗', ascii: 'x', tone: 'bad' },
  unknown: { sign: '?', ascii: '?', tone: 'open' },
  pass: { sign: '✓', ascii: '+', tone: 'good' },
  inapplicable: { sign: '–', ascii: '-', tone: 'calm' },
}

export const whyWords: Readonly<Record<Why['kind'], string>> = {
  denied: 'denied', unreachable: 'unreachable', timeout: 'timed out', 'not-configured': 'not configured', 'not-allowed': 'not allowed',
  'not-run': 'not run', 'not-built': 'not built', 'after-apply': 'known after apply', stale: 'stale', 'other-target': 'another target',
  'control-failed': 'control failed', 'nothing-compared': 'nothing compared', cause: 'because of', crashed: 'crashed',
}

/** What one technical outcome permits to say about a HIPAA clause: as honest as the W3C ACT rules are about WCAG. */
export const clauseWords: Readonly<Record<Outcome, string>> = {
  fail: 'not satisfied',
  unknown: 'nothing can be said: the check could not be judged',
  pass: 'further evidence may be needed: a technical check alone never shows that a clause is met',
  inapplicable: 'this check says nothing about it: it does not apply to this target',
}

/** Green would promise what the words do not: only a failure says something sure about a clause. */
export const clauseMarks: Readonly<Record<Outcome, Mark>> = {
  fail: outcomeMarks.fail, unknown: outcomeMarks.unknown, pass: { sign: '…', ascii: '.', tone: 'calm' }, inapplicable: outcomeMarks.inapplicable,
}

/** Control and text-direction characters as visible escapes: a value must neither steer a terminal nor disguise itself on a page. */
export const printable = (text: string): string => (hidden.test(text) ? text.toWellFormed().replace(new RegExp(hidden, 'gu'), c => `\\u{${c.codePointAt(0)!.toString(16)}}`) : text)
const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]/u

/** The same value with every text in it printable. */
export const allPrintable = <T>(value: T): T => (typeof value === 'string' ? printable(value)
  : Array.isArray(value) ? value.map(allPrintable)
    : typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, it]) => [printable(key), allPrintable(it)]))
      : value) as T

export const shorten = (text: string, max: number, dots = '…'): string => {
  if (text.length <= max) return text
  return `${text.slice(0, Math.max(0, max - dots.length)).toWellFormed().replace(/\ufffd$/, '')}${dots}`
}

/** A claimed value as a reader sees it; null is "nothing" (looked, not there), a list of names stands without brackets. */
export function show(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (typeof value === 'string') return value.trim() === '' ? JSON.stringify(value) : printable(value)
  if (Array.isArray(value) && value.length > 0 && value.every(it => typeof it === 'string' && /^[^\s,][^,]*$/.test(it))) return printable(value.join(', '))
  return json(value)
}
/** On one line, with spaces where it may break. */
const json = (value: unknown): string => printable((JSON.stringify(value, null, 1) ?? String(value)).replace(/\n */g, ' '))

/** Wanted and got; where both would read alike ("2557" and 2557), as JSON, so that the difference is seen. */
export const showBoth = (want: unknown, got: unknown): { want: string; got: string } =>
  (show(want) === show(got) && want !== got && JSON.stringify(want) !== JSON.stringify(got)
    ? { want: json(want), got: json(got) }
    : { want: show(want), got: show(got) })

/** What two lists of names differ in; undefined where the values are something else. */
export function difference(want: unknown, got: unknown): string | undefined {
  if (!isNames(want) || !isNames(got)) return undefined
  const missing = want.filter(name => !got.includes(name))
  const extra = got.filter(name => !want.includes(name))
  return [missing.length > 0 && `missing: ${missing.join(', ')}`, extra.length > 0 && `too much: ${extra.join(', ')}`].filter(Boolean).map(it => printable(String(it))).join('; ') || undefined
}
const isNames = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(it => typeof it === 'string')

export const plural = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`

/** '2026-11-23 10:02:11 UTC' from an ISO time; anything else as it stands. */
export const utc = (iso: string): string => (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(iso) ? `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC` : printable(iso))

export function lasted(from: string, to: string): string {
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000
  if (!(seconds >= 0)) return 'unknown duration'
  return seconds < 90 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
}

/** [0, 1, 2, 3, 6] as '0-3, 6'. */
export function ranges(numbers: readonly Phase[]): string {
  const runs: number[][] = []
  for (const n of numbers.toSorted((a, b) => a - b)) {
    const last = runs.at(-1)
    if (last && last.at(-1) === n - 1) last.push(n)
    else runs.push([n])
  }
  return runs.map(run => (run.length > 1 ? `${run[0]}-${run.at(-1)}` : `${run[0]}`)).join(', ')
}

export const phasesWord = (result: RunResult): string => (result.asked.length === 0 ? 'no phase' : `phase${result.asked.length > 1 ? 's' : ''} ${ranges(result.asked)}`)
export const severityRank: Readonly<Record<Severity, number>> = { blocker: 0, major: 1, minor: 2 }
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
