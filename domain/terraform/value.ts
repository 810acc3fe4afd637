/** What a Terraform expression can come to before apply: a value, a symbol inside a string, or nothing we know. */

export type Value = null | boolean | number | string | Unresolved | readonly Value[] | { readonly [key: string]: Value }
export type Values = { readonly [key: string]: Value }

/** Nothing is known but the expression, and what it refers to. */
export interface Unresolved {
  readonly unresolved: string
  readonly references?: readonly string[]
}

export const sensitive: Unresolved = { unresolved: '(sensitive)' }

const longest = 300 // characters of source that a report can still show

export function unresolved(text: string, references: readonly string[] = []): Unresolved {
  const short = text.replace(/\s+/g, ' ').trim()
  return {
    unresolved: short.length > longest ? `${short.slice(0, longest)}…` : short,
    ...(references.length > 0 && { references: [...new Set(references)] }),
  }
}

const errors = new WeakSet<Unresolved>()

/** What Terraform itself would refuse, not just does not know yet: try() passes on. */
export function refused(text: string): Unresolved {
  const made = unresolved(text)
  errors.add(made)
  return made
}

export const isRefused = (value: Value): boolean => unknowns(value).some(one => errors.has(one))

export const isUnresolved = (value: unknown): value is Unresolved =>
  typeof value === 'object' && value !== null && typeof (value as Unresolved).unresolved === 'string'

export const isList = (value: unknown): value is readonly Value[] => Array.isArray(value)

export const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isUnresolved(value)

/** Every Unresolved in a value, at any depth. */
export function unknowns(value: unknown): Unresolved[] {
  if (isUnresolved(value)) return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(unknowns)
}

/** The outcome of an expression that needs what is not known; an error in a part is an error of the whole. */
export function depends(text: string, ...on: readonly Value[]): Unresolved {
  const made = unresolved(text, unknowns(on).flatMap(one => one.references ?? []))
  if (isRefused(on)) errors.add(made)
  return made
}

/**
 * `<aws_kms_key.video_recordings.key_id>`: an identity that only apply will know. Equal symbols are one thing; two different ones
 * are two things; a symbol is never empty. It can stand inside an ordinary string, such as an ARN.
 */
export const symbol = (address: string, attribute: string): string => `<${address}.${attribute}>`

export function hasSymbol(value: unknown): boolean {
  if (typeof value === 'string') return /<[^<>\s]+\.[^<>\s]+>/.test(value)
  if (typeof value !== 'object' || value === null || isUnresolved(value)) return false
  return Object.values(value).some(hasSymbol)
}

/** Deep equality of plain values; the order of keys does not matter. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length
    && keys.every(key => Object.hasOwn(b, key) && same((a as Values)[key], (b as Values)[key]))
}

/** Like Terraform's ==, but undefined where it hangs on what only apply will know. */
export function equal(a: Value, b: Value): boolean | undefined {
  if (unknowns([a, b]).length > 0) return undefined
  if (same(a, b)) return true
  if (!hasSymbol([a, b])) return false
  return [a, b].some(value => value === null || value === '') ? false : undefined
}

/** Attributes that hold a JSON document: they are kept as the document, so that a part of it may be Unresolved. */
const documents = new Set(['policy', 'assume_role_policy', 'container_definitions', 'json'])

/** What an attribute is in the list of resources: nulls dropped, JSON documents parsed (one that is not JSON stays the string it is). */
export function attribute(name: string, value: Value): Value | undefined {
  if (value === null) return undefined
  if (documents.has(name)) return typeof value === 'string' ? (parsed(value) ?? value) : value
  if (isList(value)) return value.map(item => attribute('', item) ?? null)
  return isObject(value) ? attributes(value) : value
}

export function attributes(values: Values): Values {
  const kept = Object.entries(values).map(([name, value]) => [name, attribute(name, value)] as const)
  return Object.fromEntries(kept.filter((entry): entry is [string, Value] => entry[1] !== undefined))
}

export function parsed(text: string): Value | undefined {
  try {
    const value = JSON.parse(text) as Value
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
