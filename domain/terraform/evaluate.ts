/** An expression's value. What cannot be computed is Unresolved with its source; symbols (value.ts) are carried along. */

import { call } from './functions.ts'
import type { Node } from './node.ts'
import { depends, equal, hasSymbol, isList, isObject, isUnresolved, refused, same, symbol, unknowns, unresolved } from './value.ts'
import type { Value, Values } from './value.ts'

export type Step = string | number

export interface Env {
  /** What a traversal starts with (local.x, aws_kms_key.k, module.m.out) and how many steps of it that took. */
  readonly find: (root: string, steps: readonly Step[], text: string) => { value: Value; used: number }
  /** Names bound here: each, count, the variables of a for expression, iterators of dynamic blocks. */
  readonly names: Readonly<Record<string, Value>>
}

/** An instance of a resource knows its address: an attribute that it does not have may be one that apply adds. */
const home = Symbol('address')
export const instance = (address: string, values: Values): Values => Object.defineProperty({ ...values }, home, { value: address })
export const addressOf = (value: Value): string | undefined =>
  isObject(value) ? (value as { readonly [home]?: string })[home] : undefined

/** Names of attributes that tell one thing from another and are never empty once it exists. */
const identity = /^(arn|id|name|hex|dec|b64_std|b64_url|result|url|endpoint|bucket|json|value)$|_(arn|id|name|url|endpoint)$/

export function access(of: Value, key: Value, text: string): Value {
  if (isUnresolved(of)) return depends(text, of)
  if (isUnresolved(key)) return depends(text, key)
  if (isList(of)) {
    const index = typeof key === 'number' ? key : Number(key)
    return Number.isInteger(index) && index >= 0 && index < of.length ? (of[index] ?? null) : refused(text)
  }
  if (!isObject(of) || key === null) return refused(text)
  const name = String(key)
  const own = Object.hasOwn(of, name) ? (of[name] ?? null) : undefined
  const address = addressOf(of)
  if (own !== undefined && !(isUnresolved(own) && address !== undefined)) return own
  if (address === undefined) return refused(text)
  return identity.test(name) ? symbol(address, name) : unresolved(text, [`${address}.${name}`])
}

export function evaluate(node: Node, env: Env): Value {
  switch (node.kind) {
    case 'literal': return node.value
    case 'template': return template(node.items.map(item => evaluate(item, env)), node.text)
    case 'list': return node.items.map(item => evaluate(item, env))
    case 'object': return object(node.entries.map(([key, value]) => [evaluate(key, env), evaluate(value, env)]), node.text)
    case 'name': case 'attribute': case 'index': return traversal(node, env)
    case 'splat': return splat(evaluate(node.of, env), node.each, env, node.text)
    case 'call': return call(node, argument => evaluate(argument, env))
    case 'for': return loop(node, env)
    case 'conditional': return conditional(evaluate(node.test, env), evaluate(node.yes, env), evaluate(node.no, env), node.text)
    case 'unary': return unary(node.operator, evaluate(node.of, env), node.text)
    case 'binary': return binary(node.operator, evaluate(node.left, env), evaluate(node.right, env), node.text)
  }
}

function traversal(node: Node, env: Env): Value {
  const steps: { key: Value; text: string }[] = []
  let root = node
  while (root.kind === 'attribute' || root.kind === 'index') {
    steps.unshift({ key: root.kind === 'attribute' ? root.name : evaluate(root.key, env), text: root.text })
    root = root.of
  }
  if (root.kind !== 'name') return steps.reduce((value, step) => access(value, step.key, step.text), evaluate(root, env))
  if (Object.hasOwn(env.names, root.name)) return steps.reduce((value, step) => access(value, step.key, step.text), env.names[root.name] ?? null)
  const unknown = steps.find(step => isUnresolved(step.key))
  if (unknown) return depends(node.text, unknown.key)
  const found = env.find(root.name, steps.map(step => step.key as Step), node.text)
  return steps.slice(found.used).reduce((value, step) => access(value, step.key, step.text), found.value)
}

function text(value: Value): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return isObject(value) || isList(value) ? JSON.stringify(value) : undefined // a document made by jsonencode()
}

function template(parts: readonly Value[], source: string): Value {
  if (unknowns(parts).length > 0) return depends(source, parts)
  const texts = parts.map(text)
  return texts.includes(undefined) ? refused(source) : texts.join('')
}

function object(entries: readonly (readonly [Value, Value])[], source: string): Value {
  if (entries.some(([key]) => isUnresolved(key))) return depends(source, ...entries.flat())
  return Object.fromEntries(entries.map(([key, value]) => [String(key), value]))
}

function splat(of: Value, each: Node, env: Env, source: string): Value {
  if (isUnresolved(of)) return depends(source, of)
  const items = of === null ? [] : isList(of) ? of : [of]
  return items.map(item => evaluate(each, { ...env, names: { ...env.names, '*': item } }))
}

/** [key, value] in Terraform's order: maps by key. */
export const pairs = (over: Value): (readonly [Step, Value])[] | undefined =>
  isList(over) ? over.map((value, index) => [index, value] as const)
    : isObject(over) ? Object.keys(over).sort().map(key => [key, over[key] ?? null] as const)
      : undefined

function loop(node: Node & { kind: 'for' }, env: Env): Value {
  const over = evaluate(node.over, env)
  const items = pairs(over)
  if (!items) return isUnresolved(over) ? depends(node.text, over) : refused(node.text)
  const [first = '', second] = node.names
  const made: (readonly [Value, Value])[] = []
  for (const [key, value] of items) {
    const inner = { ...env, names: { ...env.names, ...(second === undefined ? { [first]: value } : { [first]: key, [second]: value }) } }
    const keep = node.when ? evaluate(node.when, inner) : true
    if (isUnresolved(keep)) return depends(node.text, keep)
    if (keep === true || keep === 'true') made.push([node.key ? evaluate(node.key, inner) : null, evaluate(node.body, inner)])
  }
  if (!node.key) return made.map(([, value]) => value)
  if (!node.group) return object(made, node.text)
  return object([...Map.groupBy(made, ([key]) => key)].map(([key, group]) => [key, group.map(([, value]) => value)]), node.text)
}

function conditional(test: Value, yes: Value, no: Value, source: string): Value {
  if (isUnresolved(test)) return same(yes, no) ? yes : depends(source, test, yes, no)
  const [chosen, other] = test === true || test === 'true' ? [yes, no] : [no, yes]
  // both arms get one type, and a string wins: https://developer.hashicorp.com/terraform/language/expressions/conditionals
  return typeof other === 'string' && (typeof chosen === 'number' || typeof chosen === 'boolean') ? String(chosen) : chosen
}

const numeric = (value: Value): number | undefined => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && !Number.isNaN(number) ? number : undefined
}

function unary(operator: string, of: Value, source: string): Value {
  if (isUnresolved(of)) return depends(source, of)
  if (operator === '!') return !(of === true || of === 'true')
  const value = numeric(of)
  return value === undefined ? refused(source) : -value
}

const arithmetic: Readonly<Record<string, (a: number, b: number) => number | boolean>> = {
  '+': (a, b) => a + b, '-': (a, b) => a - b, '*': (a, b) => a * b, '/': (a, b) => a / b, '%': (a, b) => a % b,
  '<': (a, b) => a < b, '>': (a, b) => a > b, '<=': (a, b) => a <= b, '>=': (a, b) => a >= b,
}

function binary(operator: string, left: Value, right: Value, source: string): Value {
  const given = [left, right]
  if (operator === '&&' || operator === '||') {
    const decides = operator === '||'
    if (given.some(value => value === decides || value === String(decides))) return decides
    return given.some(isUnresolved) ? depends(source, ...given) : !decides
  }
  if (operator === '==' || operator === '!=') {
    const answer = equal(left, right)
    return answer === undefined ? depends(source, ...given) : answer === (operator === '==')
  }
  if (given.some(isUnresolved) || hasSymbol(given)) return depends(source, ...given)
  const [a, b] = given.map(numeric)
  return a === undefined || b === undefined ? refused(source) : (arithmetic[operator]?.(a, b) ?? refused(source))
}
