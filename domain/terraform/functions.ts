/**
 * Terraform's functions, as far as modules like ours use them; any other is Unresolved.
 * https://developer.hashicorp.com/terraform/language/functions
 */

import type { Node } from './node.ts'
import { depends, equal, hasSymbol, isList, isObject, isRefused, isUnresolved, parsed, refused, same, sensitive, unknowns } from './value.ts'
import type { Value, Values } from './value.ts'

type Fn = (...given: readonly any[]) => Value | undefined // undefined: Terraform would refuse these arguments

const list = (value: Value): readonly Value[] | undefined => (isList(value) ? value : undefined)
const unique = (values: readonly Value[]) => values.filter((value, index) => values.findIndex(other => same(other, value)) === index)
const sorted = (values: readonly Value[]) =>
  values.every(value => typeof value === 'string') ? (values as readonly string[]).toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)) : values
const flat = (values: readonly Value[]): readonly Value[] => values.flatMap(value => (isList(value) ? flat(value) : [value]))
const string = (value: Value): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
const strings = (values: readonly Value[]) => {
  const texts = values.map(string)
  return texts.includes(undefined) ? undefined : (texts as string[])
}

/** undefined: cannot be told before apply, because the wanted item may equal one with a symbol. */
const position = (values: readonly Value[], wanted: Value): number | undefined => {
  const answers = values.map(value => equal(value, wanted))
  const at = answers.indexOf(true)
  return at >= 0 ? at : answers.includes(undefined) ? undefined : -1
}

function format(pattern: string, ...given: Value[]): string | undefined {
  let used = 0
  let bad = false
  const text = pattern.replace(/%(%|[sdvqt]|0?(\d+)d|\.(\d+)f)/g, (whole, verb: string, width?: string, digits?: string) => {
    if (verb === '%') return '%'
    const value = given[used++]
    const plain = string(value ?? null)
    if (plain === undefined && verb !== 'v') bad = true
    if (verb === 'q') return JSON.stringify(plain)
    if (width !== undefined) return whole.startsWith('%0') ? String(plain).padStart(Number(width), '0') : String(plain).padStart(Number(width))
    if (digits !== undefined) return Number(plain).toFixed(Number(digits))
    return plain ?? JSON.stringify(value)
  })
  return bad || used !== given.length || /%[^%sdvqt\d.]/.test(pattern.replaceAll('%%', '')) ? undefined : text
}

/** Work on containers: what is inside may be Unresolved or a symbol. */
const structural: Readonly<Record<string, Fn>> = {
  merge: (...maps) => maps.every(map => map === null || isObject(map)) ? Object.assign({}, ...maps) as Values : undefined,
  concat: (...lists) => lists.every(isList) ? lists.flat() : undefined,
  flatten: values => isList(values) ? flat(values) : undefined,
  tolist: list, tomap: map => map, toset: values => isList(values) ? sorted(unique(values)) : undefined,
  keys: map => isObject(map) ? Object.keys(map).sort() : undefined,
  values: map => isObject(map) ? Object.keys(map).sort().map(key => map[key] ?? null) : undefined,
  length: of => isList(of) ? of.length : isObject(of) ? Object.keys(of).length
    : typeof of === 'string' && !hasSymbol(of) ? [...of].length : undefined,
  lookup: (map, key, otherwise) => isObject(map) ? (Object.hasOwn(map, key) ? map[key] : otherwise) : undefined,
  element: (values, index) => isList(values) && values.length > 0 ? values.at(index % values.length) : undefined,
  slice: (values, from, to) => isList(values) ? values.slice(from, to) : undefined,
  reverse: values => isList(values) ? values.toReversed() : undefined,
  zipmap: (keys, values) => isList(keys) && isList(values) ? Object.fromEntries(keys.map((key, index) => [key, values[index] ?? null])) : undefined,
  one: values => isList(values) && values.length < 2 ? (values[0] ?? null) : undefined,
  coalescelist: (...lists) => lists.find(values => isList(values) && values.length > 0),
  distinct: values => isList(values) ? unique(values) : undefined,
  setunion: (...sets) => sets.every(isList) ? sorted(unique(sets.flat())) : undefined,
  setproduct: (...sets) => sets.every(isList)
    ? sets.reduce<Value[][]>((made, set) => made.flatMap(left => set.map((right: Value) => [...left, right])), [[]]) : undefined,
  contains: (values, wanted) => {
    const at = isList(values) ? position(values, wanted) : undefined
    return at === undefined ? undefined : at >= 0
  },
  index: (values, wanted) => {
    const at = isList(values) ? position(values, wanted) : undefined
    return at === -1 ? undefined : at
  },
  setsubtract: (values, without) => {
    const at = isList(values) && isList(without) ? values.map(value => position(without, value)) : [undefined]
    return at.includes(undefined) ? undefined : values.filter((_: Value, index: number) => at[index] === -1)
  },
  setintersection: (...sets) => sets.reduce((left, right) => structural.setsubtract?.(left, structural.setsubtract(left, right))),
  // a document stays a document, so that a part of it may be unknown: see attribute() in value.ts
  jsonencode: value => typeof value === 'object' && value !== null ? value : JSON.stringify(value),
  jsondecode: value => typeof value === 'object' ? value : typeof value === 'string' && !hasSymbol(value) ? parsed(value) : undefined,
}

/** Work on strings and carry symbols along unchanged. */
const textual: Readonly<Record<string, Fn>> = {
  join: (separator, ...lists) => lists.every(isList) ? strings(lists.flat())?.join(separator) : undefined,
  format,
  formatlist: (pattern, ...given) => {
    const length = Math.max(...given.map(value => isList(value) ? value.length : 1))
    const made = Array.from({ length }, (_, index) => format(pattern, ...given.map(value => isList(value) ? value[index] : value)))
    return strings(made as Value[])
  },
  coalesce: (...values) => values.find(value => value !== null && value !== ''),
  compact: values => isList(values) ? values.filter(value => value !== null && value !== '') : undefined,
  tostring: value => value === null ? null : string(value),
  nonsensitive: value => value, sensitive: () => sensitive,
}

/** Work on values that are known entirely. */
const plain: Readonly<Record<string, Fn>> = {
  tonumber: value => value === null ? null : Number.isNaN(Number(value)) ? undefined : Number(value),
  tobool: value => value === null || typeof value === 'boolean' ? value : value === 'true' ? true : value === 'false' ? false : undefined,
  split: (separator, value) => String(value).split(separator),
  replace: (value, from, to) =>
    /^\/.*\/$/.test(from) ? String(value).replace(new RegExp(from.slice(1, -1), 'gu'), to) : String(value).replaceAll(from, () => to),
  lower: value => String(value).toLowerCase(), upper: value => String(value).toUpperCase(),
  title: value => String(value).replace(/(^|[^\p{L}\p{N}'])\p{L}/gu, found => found.toUpperCase()),
  trimspace: value => String(value).trim(),
  trimprefix: (value, prefix) => String(value).startsWith(prefix) ? value.slice(prefix.length) : value,
  trimsuffix: (value, suffix) => String(value).endsWith(suffix) ? value.slice(0, value.length - suffix.length) : value,
  substr: (value, offset, length) => [...String(value)].slice(offset, length < 0 ? undefined : offset + length).join(''),
  startswith: (value, prefix) => String(value).startsWith(prefix), endswith: (value, suffix) => String(value).endsWith(suffix),
  sort: values => isList(values) ? sorted(strings(values) ?? []) : undefined,
  range: (...given) => {
    const [from, to, step] = given.length === 1 ? [0, given[0], 1] : [given[0], given[1], given[2] ?? 1]
    const length = Math.ceil((to - from) / step)
    return length > 1024 ? undefined : Array.from({ length: Math.max(0, length) }, (_, index) => from + index * step) // 1024 is Terraform's own limit
  },
  min: (...values) => Math.min(...values), max: (...values) => Math.max(...values),
  sum: values => isList(values) ? values.reduce<number>((a, b) => a + Number(b), 0) : undefined,
  abs: Math.abs, ceil: Math.ceil, floor: Math.floor,
  alltrue: values => isList(values) ? values.every(value => value === true) : undefined,
  anytrue: values => isList(values) ? values.includes(true) : undefined,
  base64encode: value => Buffer.from(String(value)).toString('base64'),
}

/** The value of a call. try() takes the first argument that Terraform would not refuse: one that is merely unknown is not an error. */
export function call(node: Node & { kind: 'call' }, evaluate: (argument: Node) => Value): Value {
  if (node.name === 'try') {
    const values = node.items.map(evaluate)
    const good = values.findIndex(value => !isRefused(value))
    return good >= 0 ? (values[good] ?? null) : refused(node.text)
  }
  if (node.name === 'can') {
    const value = evaluate(node.items[0] ?? node)
    return isRefused(value) ? false : unknowns(value).length === 0 || depends(node.text, value)
  }
  const given = node.items.map(evaluate)
  if (node.spread && isList(given.at(-1))) given.push(...(given.pop() as Value[]))
  const fn = structural[node.name] ?? textual[node.name] ?? plain[node.name]
  const unknown = structural[node.name] ? given.some(isUnresolved) : unknowns(given).length > 0 || (!textual[node.name] && hasSymbol(given))
  if (!fn || (node.spread && isUnresolved(given.at(-1)))) return depends(node.text, ...given)
  if (unknown && node.name === 'sensitive') return sensitive
  if (unknown && !(node.name === 'coalesce' && known(given[0]))) return depends(node.text, ...given)
  const value = attempt(fn, given)
  if (value !== undefined) return value
  return unknowns(given).length > 0 || hasSymbol(given) ? depends(node.text, ...given) : refused(node.text)
}

function attempt(fn: Fn, given: readonly Value[]): Value | undefined {
  const nullable = fn === plain.tonumber || fn === plain.tobool || !Object.values(plain).includes(fn)
  if (!nullable && given.includes(null)) return undefined
  try {
    return fn(...given)
  } catch {
    return undefined // a pattern that is no regular expression, a number that is no number
  }
}

const known = (value: Value | undefined): boolean => value !== undefined && value !== null && value !== '' && !isUnresolved(value)
