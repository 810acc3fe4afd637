/** Three-valued logic, the request context, and IAM's wildcards and policy variables. */
import type { Text } from './document.ts'

/** Kleene: 'unknown' hangs on something that is not known yet. */
export type Tri = true | false | 'unknown'
export const not = (a: Tri): Tri => a === 'unknown' ? a : !a
export const or = (...all: readonly Tri[]): Tri => all.includes(true) ? true : all.includes('unknown') ? 'unknown' : false
export const and = (...all: readonly Tri[]): Tri => all.includes(false) ? false : all.includes('unknown') ? 'unknown' : true
export function any<T>(items: readonly T[], test: (item: T) => Tri): Tri {
  let answer: Tri = false
  for (const item of items) {
    const truth = test(item)
    if (truth === true) return true
    if (truth === 'unknown') answer = truth
  }
  return answer
}
export const every = <T>(items: readonly T[], test: (item: T) => Tri): Tri => not(any(items, (item) => not(test(item))))

/**
 * Request context by lower-case key ("context key names are not case-sensitive", reference_policies_elements_condition).
 * A key that is not there is not in the request; 'maybe': nothing is said about it (the search for escapes), so all that asks for it is unknown.
 */
export type Context = ReadonlyMap<string, readonly Text[] | 'maybe'>

/** A test of one value of the request against one value of the policy. */
export type Pattern = (value: string, context: Context) => Tri

export const anyText = -1 // *
export const anyOne = -2 // ?
/** A code unit, a wildcard, or a policy variable with its default. */
export type Part = number | { readonly key: string; readonly fallback?: string }

/** Splits a policy value into parts; null when a policy variable is malformed (IAM's check: missing brace, missing quote, empty variable). */
export function partsOf(text: string, reading: Reading): readonly Part[] | null {
  const parts: Part[] = []
  for (let i = 0; i < text.length; i++) {
    if (reading.variables === true && text.startsWith('${', i)) {
      const end = text.indexOf('}', i)
      const inner = end < 0 ? '' : text.slice(i + 2, end)
      const variable = /^([^\s,'"]+)(?:, ?'([^']*)')?$/.exec(inner)
      if (inner === '*' || inner === '?' || inner === '$') parts.push(inner.charCodeAt(0)) // the character itself, never a wildcard
      else if (variable) parts.push({ key: variable[1]!.toLowerCase(), ...(variable[2] === undefined ? {} : { fallback: variable[2] }) })
      else return null
      i = end
    } else if (reading.wildcards && text[i] === '*') parts.push(anyText)
    else if (reading.wildcards && text[i] === '?') parts.push(anyOne)
    else parts.push(text.charCodeAt(i))
  }
  return parts
}
/** variables: only in policies of version 2012-10-17; 'unknown' when the version is not known. */
export interface Reading { readonly wildcards: boolean; readonly variables: Tri; readonly ignoreCase?: boolean }

/**
 * How a policy value reads: literally, with `*` (any characters) and `?` (one), and with ${key}, ${key, 'default'}, ${*}, ${?}, ${$}.
 * A variable without a value matches nothing ("the value is effectively null", reference_policies_variables, Policy variables with no value);
 * a key with several values cannot be a variable (same page), so that is unknown. Wildcards in a value that a variable brings are literal.
 */
export function pattern(text: Text, reading: Reading): Pattern {
  return compiled(text, reading, (parts) => {
    if (parts.every((part) => part >= 0)) {
      const literal = String.fromCharCode(...parts)
      return (value) => value === literal
    }
    const wild = parts.findIndex((part) => part < 0)
    const head = String.fromCharCode(...parts.slice(0, wild))
    if (wild === parts.length - 1 && parts[wild] === anyText) return (value) => value.startsWith(head)
    return (value) => value.startsWith(head) && globs(parts, value)
  })
}

/**
 * ArnEquals = ArnLike: each of the six colon-separated fields is matched alone (reference_policies_elements_condition_operators, ARN).
 * Equal text matches (Terraform symbols). What a pattern with fewer fields means is not documented: no match where even `*` across colons
 * would not match, else unknown.
 */
export function arnPattern(text: Text, reading: Reading): Pattern {
  return compiled(text, reading, (parts) => {
    const loose = (value: string): boolean => globs(parts, value)
    const literal = parts.every((part) => part >= 0) ? String.fromCharCode(...parts) : null
    const fields = fieldsOf(parts, (part) => part === 58)
    return (value) => {
      if (value === literal) return true
      if (fields.length < 6) return loose(value) ? 'unknown' : false
      const got = value.split(':')
      if (got.length < 6) return false
      const whole = [...got.slice(0, 5), got.slice(5).join(':')]
      return fields.every((field, index) => globs(field, whole[index]!))
    }
  })
}
function fieldsOf(parts: readonly number[], isColon: (part: number) => boolean): readonly (readonly number[])[] {
  const fields: number[][] = [[]]
  for (const part of parts) isColon(part) && fields.length < 6 ? fields.push([]) : fields.at(-1)!.push(part)
  return fields
}

function compiled(text: Text, reading: Reading, matcher: (parts: readonly number[]) => (value: string) => Tri): Pattern {
  if (typeof text !== 'string' || (reading.variables === 'unknown' && text.includes('${'))) return () => 'unknown'
  const fold = (value: string): string => reading.ignoreCase ? value.toLowerCase() : value
  const parts = partsOf(text, reading)
  if (parts === null) return () => 'unknown'
  if (parts.every((part) => typeof part === 'number')) {
    const match = matcher(parts.map(reading.ignoreCase ? lower : (part) => part))
    return reading.ignoreCase ? (value) => match(fold(value)) : match
  }
  return (value, context) => {
    const filled = fill(parts, context)
    return filled === null ? false : filled === 'unknown' ? filled : matcher(reading.ignoreCase ? filled.map(lower) : filled)(fold(value))
  }
}
const lower = (part: number): number => part < 0 ? part : String.fromCharCode(part).toLowerCase().charCodeAt(0)

/** Puts the request's values in place of the variables; null when one has no value and no default. */
function fill(parts: readonly Part[], context: Context): readonly number[] | null | 'unknown' {
  const filled: number[] = []
  let unknown = false
  for (const part of parts) {
    if (typeof part === 'number') { filled.push(part); continue }
    const got = context.get(part.key)
    const value = got === undefined || got.length === 0 ? part.fallback : got === 'maybe' || got.length > 1 ? undefined : got[0]
    if (value === undefined && (got === undefined || got.length === 0)) return null
    if (typeof value !== 'string') unknown = true
    else for (let i = 0; i < value.length; i++) filled.push(value.charCodeAt(i))
  }
  return unknown ? 'unknown' : filled
}

/** Wildcard match with one place to go back to: at most pattern × value steps, whatever the number of stars. */
function globs(parts: readonly number[], value: string): boolean {
  let p = 0, v = 0, back = -1, from = 0
  while (v < value.length) {
    const part = parts[p]
    if (part === anyOne || part === value.charCodeAt(v)) { p++; v++ }
    else if (part === anyText) { back = p++; from = v }
    else if (back >= 0) { p = back + 1; v = ++from }
    else return false
  }
  while (parts[p] === anyText) p++
  return p === parts.length
}
