/** Fills the leaves of a planned value that only apply will know. */

import { mentioned } from './plan-json.ts'
import { isList, isObject, isUnresolved, sensitive, unresolved } from './value.ts'
import type { Expression } from './plan-json.ts'
import type { Value } from './value.ts'

export interface From {
  readonly type: string
  readonly name?: string // of the argument, innermost
  readonly source: Value | undefined // the same value from HCL
  readonly configured: Expression | undefined // the same from `configuration`
  readonly lost: boolean // found in neither: "not configured" cannot be told from "not found"
  readonly resolve: (reference: string) => Value | undefined
}

const part = (of: Value | undefined, name: string): Value | undefined => isObject(of) ? of[name] : undefined
const items = (of: Value | undefined): readonly Value[] => isList(of) ? of : []

/** undefined: nobody configured it, the provider decides. What is marked sensitive is never looked at. */
export function fill(known: Value | undefined, unknown: Value | undefined, hidden: Value | undefined, from: From): Value | undefined {
  if (unknown === true) return hidden === true ? sensitive : applied(from)
  if (known === null || known === undefined) {
    if (isList(unknown)) return list([], unknown, items(hidden), from)
    return isObject(unknown) ? fill({}, unknown, hidden, from) : undefined
  }
  if (hidden === true) return sensitive
  if (isList(known)) return list(known, items(unknown), items(hidden), from)
  if (!isObject(known)) return known
  const names = new Set([...Object.keys(known), ...(isObject(unknown) ? Object.keys(unknown) : [])])
  return Object.fromEntries([...names].flatMap((name): [string, Value][] => {
    const inner = { ...from, name, source: part(from.source, name), configured: part(from.configured, name) }
    const value = fill(known[name], part(unknown, name), part(hidden, name), inner)
    return value === undefined ? [] : [[name, value]]
  }))
}

/** The plan sorts sets, so items are matched by what is known of them, never by position alone. */
function list(known: readonly Value[], unknown: readonly Value[], hidden: readonly Value[], from: From): Value {
  const places = Array.from({ length: Math.max(known.length, unknown.length) }, (_, at) => at)
  const needy = places.filter(at => unknown[at] === true)
  const written = isList(from.source) ? from.source : part(from.configured, 'constant_value')
  const spare = isList(written) ? without(written, known.filter((_, at) => unknown[at] !== true)) : undefined
  return places.map(at => {
    if (hidden[at] === true) return sensitive
    if (unknown[at] === true) {
      if (spare) return spare.length === needy.length ? (spare[needy.indexOf(at)] ?? null) : missing(from)
      return (places.length === 1 && applied(from)) || missing(from) // of several items in one expression nobody can tell which is which
    }
    const item = known[at]
    if (!isObject(item) || !marked(unknown[at])) return fill(item, unknown[at], hidden[at], from) ?? null
    const source = counterpart(item, unknown[at], items(from.source), at, fits)
    const configured = counterpart(item, unknown[at], items(from.configured), at, fitsConfigured)
    return fill(item, unknown[at], hidden[at], { ...from, source, configured, lost: source === undefined && configured === undefined }) ?? null
  })
}

/** Whether marks, as of after_unknown, mark anything. */
export const marked = (marks: Value | undefined): boolean =>
  marks === true || ((isObject(marks) || isList(marks)) && Object.values(marks).some(marked))

function without(all: readonly Value[], known: readonly Value[]): readonly Value[] {
  const left = [...all]
  for (const value of known) {
    const at = left.findIndex(other => String(other) === String(value))
    if (at >= 0) left.splice(at, 1)
  }
  return left
}

type Fits = (item: Value | undefined, unknown: Value | undefined, candidate: Value | undefined) => boolean

/** The one candidate that agrees with what is known; among several, the one in the same place. */
function counterpart(item: Value, unknown: Value | undefined, candidates: readonly Value[], at: number, fits: Fits): Value | undefined {
  const fitting = candidates.filter(candidate => fits(item, unknown, candidate))
  const here = candidates[at]
  return fitting.length === 1 ? fitting[0] : here !== undefined && fitting.includes(here) ? here : undefined
}

const fits: Fits = (item, unknown, candidate) => {
  if (unknown === true || candidate === undefined || candidate === null || isUnresolved(candidate)) return true
  if (isObject(candidate)) return isObject(item) && Object.keys(candidate).every(name => fits(item[name], part(unknown, name), candidate[name]))
  if (!isList(candidate)) return typeof item !== 'object' && String(item) === String(candidate)
  return isList(item) && item.length === candidate.length && item.every((one, at) => candidate.some(other => fits(one, items(unknown)[at], other)))
}

const fitsConfigured: Fits = (item, unknown, candidate) => {
  if (unknown === true || !isObject(item) || !isObject(candidate)) return true
  return Object.entries(candidate).every(([name, expression]) =>
    !isObject(expression) || !('constant_value' in expression) || fits(item[name], part(unknown, name), expression.constant_value))
}

const label = (from: From): string => from.name === undefined ? from.type : `${from.type}.${from.name}`
const missing = (from: From): Value => unresolved(`${label(from)}: known after apply`, mentioned(from.configured))

/** What apply will put here. From `configuration`: a constant, or the thing referred to; never a guess at the expression around it. */
function applied(from: From): Value | undefined {
  if (from.source !== undefined) return from.source
  if (from.lost) return missing(from)
  if (from.configured === undefined) return undefined
  if (!isObject(from.configured)) return missing(from)
  if ('constant_value' in from.configured) return from.configured.constant_value
  const references = mentioned(from.configured)
  const [only, ...others] = references
  const joined = only !== undefined && others.length === 0 && joins(from.type, from.name ?? '', only) ? from.resolve(only) : undefined
  return joined ?? unresolved(`${label(from)}: an expression of ${references.length > 0 ? references.join(', ') : 'constants'}`, references)
}

/**
 * Whether an argument with one reference is that reference. `configuration` does not tell x.arn from "${x.arn}/*", so only arguments
 * that take a whole identity are joined: a bucket's ARN in the resources of a policy is not, a key's or a topic's has no second form.
 */
function joins(type: string, name: string, reference: string): boolean {
  const [first = '', second = ''] = reference.split('.')
  const of = first === 'data' ? second : first
  const last = reference.slice(reference.lastIndexOf('.') + 1)
  if (/^(assume_role_)?policy$|policy_documents$/.test(name)) return of === 'aws_iam_policy_document' && last === 'json'
  if (name === 'resources' || name === 'identifiers') return /^aws_(kms_key|kms_alias|sns_topic|iam_role|iam_user)$/.test(of) && last === 'arn'
  if (name === 'bucket' && type === 'aws_s3_bucket') return false
  if (first === 'var' || first === 'module') return /(^|_)(arn|id|role|bucket)$/.test(name)
  return /(^|_)(arns?|ids?|role|bucket|key|topic|user|group|cluster|rule)$/.test(name) && /(^|_)(arn|id|name|bucket)$/.test(last)
}
