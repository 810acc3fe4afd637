/** One block of source: its arguments, its nested and dynamic blocks, its instances. */

import { listed } from './blocks.ts'
import { evaluate, pairs } from './evaluate.ts'
import { parseTemplate, toNode } from './template.ts'
import { attributes, depends, isList, isUnresolved, sensitive, unresolved } from './value.ts'
import type { Block } from './blocks.ts'
import type { Env, Step } from './evaluate.ts'
import type { Resource } from './module.ts'
import type { Node } from './node.ts'
import type { Value, Values } from './value.ts'

/** Arguments of Terraform itself, not of the resource. */
export const meta = new Set(['count', 'for_each', 'provider', 'providers', 'depends_on', 'lifecycle', 'provisioner', 'connection'])

/** Arguments that provider schemas mark sensitive; only a plan knows the schema, so these are hidden by name. */
const secret = /^(master_)?password$|^(secret_string|secret_binary|private_key|auth_token|access_key|secret_key|token)$/

const most = 1000 // instances of one block: more is a mistake, and a way to exhaust the machine

/** ${x} without its wrapping: the text of a reference that is not to be evaluated. */
export const bare = (json: unknown): string => String(json).replace(/^\$\{|\}$/g, '')

export const valueOf = (json: unknown, env: Env): Value => evaluate(safely(json), env)

/** Valid HCL and yet no expression that we understand: never a reason to stop, its value is just not known. */
function safely(json: unknown): Node {
  try {
    return toNode(json)
  } catch {
    return { kind: 'call', name: '(not understood)', items: [], spread: false, text: typeof json === 'string' ? json : JSON.stringify(json) }
  }
}

const isBlock = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Arguments and nested blocks, nulls dropped; dynamic blocks are written out. */
export function arguments_(block: Block, env: Env, without: ReadonlySet<string> = new Set()): Values {
  const found: Record<string, Value> = {}
  for (const [name, json] of Object.entries(block)) {
    if (without.has(name) || name === 'dynamic' || name.startsWith('//')) continue
    const nested = Array.isArray(json) && json.length > 0 && json.every(isBlock)
    const value = nested ? json.map(inner => arguments_(inner as Block, env)) : valueOf(json, env)
    found[name] = secret.test(name) && value !== null ? sensitive : value
  }
  for (const [name, many] of listed(block.dynamic).flatMap(Object.entries)) {
    found[name] = [...(isList(found[name]) ? found[name] : []), ...listed(many).flatMap(one => dynamic(name, one, env))]
  }
  return attributes(found)
}

function dynamic(name: string, block: Block, env: Env): readonly Value[] {
  const over = valueOf(block.for_each, env)
  const items = isList(over) ? over.map(item => [item, item] as const) : pairs(over)
  if (!items) return [depends(`dynamic ${name} over ${bare(block.for_each)}`, over)]
  const iterator = block.iterator === undefined ? name : bare(block.iterator)
  const [content = {}] = listed(block.content)
  return items.map(([key, value]) => arguments_(content, { ...env, names: { ...env.names, [iterator]: { key, value } } }))
}

export interface Instance { readonly key: Step | undefined; readonly names: Env['names'] }

/**
 * Instances by key, with what each and count mean in them. No key: there is one. '*': nobody knows how many.
 * planned: the keys that a plan has.
 */
export function instances(block: Block, env: Env, planned: readonly Step[]): Instance[] {
  const named = (key: Step | undefined, own: Env['names']): Instance => ({ key, names: { ...env.names, ...own } })
  if (block.count !== undefined) {
    const count = valueOf(block.count, env)
    const number = typeof count === 'boolean' ? Number.NaN : Number(count)
    const known = !isUnresolved(count) && Number.isInteger(number) && number <= most
    const keys = known ? Array.from({ length: Math.max(0, number) }, (_, index) => index) : planned
    if (!known && planned.length === 0) return [named('*', { count: { index: unresolved('count.index') } })]
    return keys.map(index => named(index, { count: { index } }))
  }
  if (block.for_each !== undefined) {
    const over = valueOf(block.for_each, env)
    const items = isList(over) ? (over.some(isUnresolved) ? undefined : over.map(item => [String(item), item] as const)) : pairs(over)
    if (items && items.length <= most) return items.map(([key, value]) => named(String(key), { each: { key: String(key), value } }))
    const value = depends(`each.value of ${bare(block.for_each)}`, over)
    if (planned.length === 0) return [named('*', { each: { key: unresolved('each.key'), value } })]
    return planned.map(key => named(key, { each: { key, value } }))
  }
  return [named(undefined, {})]
}

/** The part of an address behind the name. */
export const suffix = (key: Step | undefined): string => key === undefined ? '' : key === '*' ? '[*]' : `[${JSON.stringify(key)}]`

export function lifecycle(block: Block): Resource['lifecycle'] {
  const [written] = listed(block.lifecycle)
  if (!written) return undefined
  const ignored = written.ignore_changes
  const names = (ignored === undefined ? [] : Array.isArray(ignored) ? ignored : [ignored]).map(name => parseTemplate(String(name)).text)
  return {
    ...(typeof written.prevent_destroy === 'boolean' && { preventDestroy: written.prevent_destroy }),
    ...(names.length > 0 && { ignoreChanges: names }),
  }
}
