/** What the source says without being evaluated: who refers to what, which variables are used, which conditionals decide nothing. */

import { listed } from './blocks.ts'
import { children } from './node.ts'
import { toNode } from './template.ts'
import type { Block, Blocks } from './blocks.ts'
import type { Node } from './node.ts'
import type { Scope } from './hcl.ts'

export interface Reference { readonly from: string; readonly to: string; readonly resolved: boolean }
export interface Conditional { readonly where: string; readonly text: string; readonly noop: boolean }

interface Place { readonly from: string; readonly file: string; readonly node: Node; readonly bound: ReadonlySet<string> }

/** Arguments that name things of their own block or of a provider, not values of the module. */
const elsewhere = new Set(['provider', 'providers', 'ignore_changes', 'type', 'iterator', 'required_providers'])

function* places(json: unknown, from: string, file: string, bound: ReadonlySet<string>): Generator<Place> {
  if (Array.isArray(json)) for (const item of json) yield* places(item, from, file, bound)
  else if (typeof json === 'object' && json !== null) {
    for (const [name, inner] of Object.entries(json as Block)) {
      if (name === 'dynamic') yield* dynamics(inner, from, file, bound)
      else if (!elsewhere.has(name)) {
        yield* places(name, from, file, bound) // the key of an object can be an expression
        yield* places(inner, from, file, bound)
      }
    }
  } else if (typeof json === 'string' && /[$%]\{/.test(json)) {
    try {
      yield { from, file, node: toNode(json), bound }
    } catch {
      // not understood: its value is Unresolved already
    }
  }
}

function* dynamics(json: unknown, from: string, file: string, bound: ReadonlySet<string>): Generator<Place> {
  for (const [name, many] of listed(json).flatMap(Object.entries)) {
    for (const block of listed(many)) {
      const iterator = typeof block.iterator === 'string' ? block.iterator.replace(/^\$\{|\}$/g, '') : name
      yield* places(block.for_each, from, file, bound)
      yield* places(block.content, from, file, new Set([...bound, iterator]))
    }
  }
}

function* all(blocks: Blocks): Generator<Place> {
  for (const [name, { block, file }] of blocks.resource) yield* places(block, name, file, repeated(block))
  for (const [name, { block, file }] of blocks.data) yield* places(block, `data.${name}`, file, repeated(block))
  for (const [name, { block, file }] of blocks.module) yield* places(block, `module.${name}`, file, repeated(block))
  for (const [name, { value, file }] of blocks.locals) yield* places(value, `local.${name}`, file, new Set())
  for (const [name, { block, file }] of blocks.output) yield* places(block, `output.${name}`, file, new Set())
  for (const [name, { block, file }] of blocks.variable) yield* places(block, `var.${name}`, file, new Set())
  for (const { block, file } of blocks.providers) yield* places({ ...block, name: null }, `provider.${block.name}`, file, new Set())
  for (const { block, file } of blocks.terraform) yield* places(block, 'terraform', file, new Set())
}

const repeated = (block: Block): ReadonlySet<string> =>
  new Set(['self', ...(block.count === undefined ? [] : ['count']), ...(block.for_each === undefined ? [] : ['each'])])

/** Traversals below a node as paths of names: ['local', 'x'], ['data', 'aws_x', 'y', 'arn']; indices are left out. */
function* paths(node: Node, bound: ReadonlySet<string>): Generator<readonly string[]> {
  const names: string[] = []
  let root = node
  while (root.kind === 'attribute' || root.kind === 'index') {
    if (root.kind === 'attribute') names.unshift(root.name)
    else yield* paths(root.key, bound)
    root = root.of
  }
  if (root.kind === 'name') {
    if (!bound.has(root.name) && root.name !== '*') yield [root.name, ...names]
  } else if (root.kind === 'for') {
    const inner = new Set([...bound, ...root.names])
    yield* paths(root.over, bound)
    for (const child of children(root).slice(1)) yield* paths(child, inner)
  } else for (const child of children(root)) yield* paths(child, bound)
}

function target(path: readonly string[], scope: Scope): { to: string; resolved: boolean } {
  const [root = '', first = '', second = ''] = path
  const { blocks } = scope
  if (root === 'var') return { to: `var.${first}`, resolved: blocks.variable.has(first) }
  if (root === 'local') return { to: `local.${first}`, resolved: blocks.locals.has(first) }
  if (root === 'data') return { to: `data.${first}.${second}`, resolved: blocks.data.has(`${first}.${second}`) }
  if (root === 'module') {
    const inner = scope.children.find(child => child.address.replace(/\[[^\]]*\]$/, '').endsWith(`module.${first}`))
    const resolved = blocks.module.has(first) && (!inner || !second || inner.blocks.output.has(second))
    return { to: second ? `module.${first}.${second}` : `module.${first}`, resolved }
  }
  if (root === 'path' || root === 'terraform') return { to: path.join('.'), resolved: true }
  if (root === 'each' || root === 'count' || root === 'self') return { to: path.join('.'), resolved: false } // bound where they mean something
  return { to: `${root}.${first}`, resolved: blocks.resource.has(`${root}.${first}`) }
}

/** Every reference of a module and of the local modules below it, each pair once. */
export function references(scope: Scope): Reference[] {
  const found = new Map<string, Reference>()
  const prefix = scope.address === '' ? '' : `${scope.address}.`
  for (const { from, node, bound } of all(scope.blocks)) {
    for (const path of paths(node, bound)) {
      const { to, resolved } = target(path, scope)
      found.set(`${from} ${to}`, { from: prefix + from, to: prefix + to, resolved })
    }
  }
  return [...found.values(), ...scope.children.flatMap(references)]
}

/** In how many places a variable of this module is used; its own validation does not count. */
export function usesOf(name: string, blocks: Blocks): number {
  return [...all(blocks)].filter(({ from, node, bound }) =>
    from !== `var.${name}` && [...paths(node, bound)].some(([root, first]) => root === 'var' && first === name)).length
}

const plain = (node: Node): string => node.text.replace(/\s+/g, ' ').trim()

/** Both arms say the same: a ? x : x, x != "" ? x : "", x == "" ? "" : x. */
function noop(node: Node & { kind: 'conditional' }): boolean {
  const [yes, no] = [plain(node.yes), plain(node.no)]
  const { test } = node
  if (yes === no) return true
  if (test.kind !== 'binary' || (test.operator !== '==' && test.operator !== '!=')) return false
  const [left, right] = [plain(test.left), plain(test.right)]
  return (left === yes && right === no) || (left === no && right === yes)
}

function* conditionalsIn(node: Node): Generator<Node & { kind: 'conditional' }> {
  if (node.kind === 'conditional') yield node
  for (const child of children(node)) yield* conditionalsIn(child)
}

export function conditionals(scope: Scope): Conditional[] {
  const prefix = scope.address === '' ? '' : `${scope.address}.`
  const own = [...all(scope.blocks)].flatMap(({ from, file, node }) =>
    [...conditionalsIn(node)].map(found => ({ where: `${file}: ${prefix}${from}`, text: plain(found), noop: noop(found) })))
  return [...own, ...scope.children.flatMap(conditionals)]
}
