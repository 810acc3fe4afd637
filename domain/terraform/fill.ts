/** Fills the leaves of a planned value that only apply will know. */

import { isList, isObject, isUnresolved, sensitive, unresolved } from './value.ts'
import type { Value } from './value.ts'

/** An entry of `configuration`: { constant_value }, { references }, {} (no reference, such as jsonencode of constants), or nested blocks. */
export type Expression = Value

/** The references of an expression, without those that are only the beginning of another one. */
export function mentioned(expression: Expression): string[] {
  const all = isObject(expression) && isList(expression.references) ? [...new Set(expression.references.map(String))] : []
  return all.filter(one => !all.some(other => other.startsWith(`${one}.`) || other.startsWith(`${one}[`)))
}

export interface From {
  readonly type: string
  readonly name?: string
  readonly source: Value | undefined // the same value from HCL
  readonly configured: Expression | undefined
  readonly lost: boolean // neither could be matched: not configured cannot be told from not found
  readonly resolve: (reference: string) => Value | undefined
}

/** undefined: nobody configured it, the provider decides. Sensitive values are never looked at. */
export function fill(known: Value | undefined, unknown: Value | undefined, hidden: Value | undefined, from: From): Value | undefined {
  if (unknown === true) return hidden === true ? sensitive : applied(from)
  if (known === null || known === undefined) return isObject(unknown) || isList(unknown) ? fill(isList(unknown) ? [] : {}, unknown, hidden, from) : undefined
  if (hidden === true) return sensitive
  if (isList(known)) return list(known, isList(unknown) ? unknown : [], isList(hidden) ? hidden : [], from)
  if (!isObject(known)) return known
  const names = new Set([...Object.keys(known), ...(isObject(unknown) ? Object.keys(unknown) : [])])
  const part = (of: Value | undefined, name: string) => isObject(of) ? of[name] : undefined
  return Object.fromEntries([...names].flatMap((name): [string, Value][] => {
    const value = fill(known[name], part(unknown, name), part(hidden, name), { ...from, name, source: part(from.source, name), configured: part(from.configured, name) })
    return value === undefined ? [] : [[name, value]]
  }))
}

const marked = (unknown: Value | undefined): boolean => unknown === true || ((isObject(unknown) || isList(unknown)) && Object.values(unknown).some(marked))

/** The plan sorts sets, so items are matched by what is known of them, never by position alone. */
function list(known: readonly Value[], unknown: readonly Value[], hidden: readonly Value[], from: From): Value {
  const length = Math.max(known.length, unknown.length)
  const needy = Array.from({ length }, (_, at) => at).filter(at => unknown[at] === true)
  const spare = isList(from.source) ? without(from.source, known.filter((_, at) => unknown[at] !== true))
    : isObject(from.configured) && isList(from.configured.constant_value) ? without(from.configured.constant_value, known.filter((_, at) => unknown[at] !== true)) : undefined
  const items = Array.from({ length }, (_, at): Value => {
    if (unknown[at] === true) {
      if (hidden[at] === true) return sensitive
      if (spare) return spare.length === needy.length ? (spare[needy.indexOf(at)] ?? null) : lost(from)
      return (length === 1 && applied(from)) || lost(from) // of several items behind one expression nobody can tell which is which
    }
    const item = known[at]
    if (!isObject(item) || !marked(unknown[at])) return fill(item, unknown[at], hidden[at], from) ?? null
    const source = isList(from.source) ? counterpart(item, unknown[at], from.source, at, fits) : undefined
    const configured = isList(from.configured) ? counterpart(item, unknown[at], from.configured, at, fitsConfigured) : undefined
    return fill(item, unknown[at], hidden[at], { ...from, source, configured, lost: source === undefined && configured === undefined }) ?? null
  })
  return items
}

const lost = (from: From): Value => unresolved(`${from.type}${from.name === undefined ? '' : `.${from.name}`}: known after apply`, isObject(from.configured) ? mentioned(from.configured) : [])

function without(all: readonly Value[], known: readonly Value[]): readonly Value[] {
  const left = [...all]
  for (const value of known) {
    const at = left.findIndex(other => String(other) === String(value))
    if (at >= 0) left.splice(at, 1)
  }
  return left
}

type Fits = (item: Value | undefined, unknown: Value | undefined, candidate: Value | undefined) => boolean

function counterpart(item: Value, unknown: Value | undefined, candidates: readonly Value[], at: number, fits: Fits): Value | undefined {
  const same = candidates[at]
  const fitting = candidates.filter(candidate => fits(item, unknown, candidate))
  if (fitting.length === 1) return fitting[0]
  return same !== undefined && fitting.includes(same) ? same : undefined
}

const fits: Fits = (item, unknown, candidate) => {
  if (unknown === true || candidate === undefined || candidate === null || isUnresolved(candidate)) return true
  if (isObject(candidate)) return isObject(item) && Object.keys(candidate).every(name => fits(item[name], isObject(unknown) ? unknown[name] : undefined, candidate[name]))
  if (isList(candidate)) {
    return isList(item) && item.length === candidate.length
      && item.every((one, at) => candidate.some(other => fits(one, isList(unknown) ? unknown[at] : undefined, other)))
  }
  return typeof item !== 'object' && String(item) === String(candidate)
}

const fitsConfigured: Fits = (item, unknown, candidate) => {
  if (unknown === true || !isObject(item) || !isObject(candidate)) return true
  return Object.entries(candidate).every(([name, expression]) => !isObject(expression) || !('constant_value' in expression)
    || fits(item[name], isObject(unknown) ? unknown[name] : undefined, expression.constant_value))
}

/** What apply will put here. From `configuration`: a constant, or the thing referred to; never a guess at an expression around it. */
function applied(from: From): Value | undefined {
  if (from.source !== undefined) return from.source
  const expression = from.configured
  if (from.lost) return lost(from)
  if (expression === undefined) return undefined
  if (!isObject(expression)) return lost(from)
  if ('constant_value' in expression) return expression.constant_value
  const references = mentioned(expression)
  const [only, ...others] = references
  const label = `${from.type}.${from.name}: an expression of ${references.length > 0 ? references.join(', ') : 'constants'}`
  if (only === undefined || others.length > 0 || !joins(from.type, from.name ?? '', only)) return unresolved(label, references)
  return from.resolve(only) ?? unresolved(label, references)
}

/**
 * Whether an argument with one reference is that reference. `configuration` does not tell x.arn from "${x.arn}/*", so only arguments
 * that take a whole identity are joined: a bucket ARN in a policy's resources is not (a key's or a topic's has no second form).
 */
function joins(type: string, name: string, reference: string): boolean {
  const [first = '', second = ''] = reference.split('.')
  const of = first === 'data' ? second : first
  const last = reference.slice(reference.lastIndexOf('.') + 1)
  if (name === 'policy' || name === 'assume_role_policy' || name.endsWith('policy_documents')) return of === 'aws_iam_policy_document' && last === 'json'
  if (first === 'var' || first === 'module') return /(^|_)(arn|id|role|bucket)$/.test(name)
  if (name === 'resources' || name === 'identifiers') return /^aws_(kms_key|kms_alias|sns_topic|iam_role|iam_user)$/.test(of) && last === 'arn'
  if (name === 'bucket' && type === 'aws_s3_bucket') return false
  return /(^|_)(arns?|ids?|role|bucket|key|topic|user|group|cluster|rule)$/.test(name) && /(^|_)(arn|id|name|bucket)$/.test(last)
}
