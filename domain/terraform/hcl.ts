/** A Terraform module from its source: its resources with what is known before apply, local modules included. */

import { blocksOf, join, listed } from './blocks.ts'
import { evaluate, instance, pairs } from './evaluate.ts'
import { parseTemplate, toNode } from './expression.ts'
import { identities, someAccount, someRegion } from './identity.ts'
import { conform } from './types.ts'
import { attribute, attributes, isList, isUnresolved, refused, sensitive, unresolved } from './value.ts'
import type { Block, Blocks, Declared, HclFile } from './blocks.ts'
import type { Env, Step } from './evaluate.ts'
import type { Node } from './expression.ts'
import type { Resource } from './module.ts'
import type { Value, Values } from './value.ts'

/** What is known from elsewhere (a plan) and beats what the source says. */
export interface Known {
  readonly variables: Values // of the root module
  readonly account?: string
  readonly region?: string
  readonly values: (address: string) => Values // whole attributes of one instance
  readonly keys: (address: string) => readonly Step[] // instances of a resource or a module
}

export interface Scope {
  readonly address: string // '' or 'module.recordings'
  readonly blocks: Blocks
  readonly children: readonly Scope[]
  readonly resources: readonly Resource[]
  readonly outputs: readonly { readonly name: string; readonly value: Value }[]
  readonly variable: (name: string) => Value
  readonly evaluate: (json: unknown) => Value
  readonly block: (block: Block) => Values
}

type Regions = Readonly<Record<string, Value>> // by 'aws' or 'aws.replica'

const meta = new Set(['count', 'for_each', 'provider', 'providers', 'depends_on', 'lifecycle', 'provisioner', 'connection'])
/** Arguments that provider schemas mark sensitive; only a plan knows the schema, so these are hidden by name. */
const secret = /^(master_)?password$|^(secret_string|secret_binary|private_key|auth_token|access_key|secret_key|token)$/
const most = 1000 // instances of one resource: more is a mistake, and a way to exhaust the machine

export function openRoot(files: readonly HclFile[], dir: string, known: Known): Scope {
  const under = new Map<string, Blocks>()
  const busy: string[] = []

  /** Each thing once; a thing that needs itself is an error, as in Terraform. */
  function once<T>(kept: Map<string, T>, name: string, make: () => T): T {
    const before = kept.get(name)
    if (before !== undefined) return before
    if (busy.includes(name)) {
      throw new Error(`${dir || '.'}: a cycle: ${[...busy.slice(busy.indexOf(name)), name].join(' -> ')}: no order can create these, break the loop`)
    }
    busy.push(name)
    try {
      const made = make()
      kept.set(name, made)
      return made
    } finally {
      busy.pop()
    }
  }

  function open(at: string, address: string, inputs: (name: string) => Value | undefined, names: Env['names'], outer: Regions, above: readonly string[]): Scope {
    if (above.includes(at)) throw new Error(`${at || '.'}: modules in a circle: ${[...above, at].join(' -> ')}: a module cannot contain itself`)
    const blocks = under.get(at) ?? blocksOf(at, files)
    under.set(at, blocks)
    const kept = new Map<string, Value>()
    const modules = new Map<string, ReadonlyMap<Step, Scope>>()
    const prefix = address === '' ? '' : `${address}.`
    const named = (name: string) => `${prefix}${name}`
    const env: Env = { find, names }
    const value = (json: unknown, inner: Env = env) => evaluate(safely(json), inner)

    const regions: Record<string, Value> = { ...outer }
    for (const { block } of blocks.providers) {
      if (block.region === undefined) continue
      regions[block.alias === undefined ? String(block.name) : `${block.name}.${block.alias}`] = value(block.region)
    }

    function find(root: string, steps: readonly Step[], text: string): { value: Value; used: number } {
      const [first, second] = steps.map(String)
      const missing = (what: string, used: number) => ({ value: unresolved(text, [named(what)]), used })
      if (root === 'path') return { value: first === 'module' || first === 'root' ? (first === 'root' ? dir : at) || '.' : unresolved(text, [`path.${first}`]), used: 1 }
      if (first === undefined) return missing(root, 0)
      if (root === 'var') return { value: variable(first), used: 1 }
      if (root === 'local') {
        const local = blocks.locals.get(first)
        return local ? { value: once(kept, named(`local.${first}`), () => value(local.value)), used: 1 } : missing(`local.${first}`, 1)
      }
      if (root === 'module') return moduleOutput(first, steps, text)
      if (root === 'data') {
        const declared = blocks.data.get(`${first}.${second}`)
        return declared ? { value: thing('data', `${first}.${second}`, declared), used: 2 } : missing(`data.${first}.${second}`, 2)
      }
      const declared = blocks.resource.get(`${root}.${first}`)
      return declared ? { value: thing('managed', `${root}.${first}`, declared), used: 1 } : missing(`${root}.${first}`, steps.length)
    }

    function variable(name: string): Value {
      return once(kept, named(`var.${name}`), () => {
        const declared = blocks.variable.get(name)
        if (!declared) return unresolved(`var.${name}`, [named(`var.${name}`)])
        if (declared.block.sensitive === true) return sensitive
        const given = inputs(name) ?? (Object.hasOwn(declared.block, 'default') ? value(declared.block.default) : undefined)
        if (given === undefined) return unresolved(`var.${name}`, [named(`var.${name}`)])
        return conform(given, declared.block.type, node => evaluate(node, env))
      })
    }

    /** Instance keys with what each and count mean there; key undefined: a single one; '*': nobody knows how many. */
    function instances(block: Block, where: string): { key: Step | undefined; names: Env['names'] }[] {
      const unknown = (json: unknown, reference: Value) => {
        const keys = known.keys(where)
        const each = { each: { key: reference, value: unresolved(`each.value of ${String(json)}`) }, count: { index: reference } }
        return keys.length > 0 ? keys.map(key => ({ key, names: { ...names, each: { ...each.each, key }, count: { index: key } } }))
          : [{ key: '*', names: { ...names, ...each } }]
      }
      if (block.count !== undefined) {
        const count = value(block.count)
        const number = Number(typeof count === 'boolean' ? Number.NaN : count)
        if (isUnresolved(count) || !Number.isInteger(number) || number > most) return unknown(block.count, unresolved('count.index'))
        return Array.from({ length: number }, (_, index) => ({ key: index, names: { ...names, count: { index } } }))
      }
      if (block.for_each !== undefined) {
        const over = value(block.for_each)
        const items = isList(over) ? over.map(item => [String(item), item] as const) : pairs(over)
        if (!items || items.length > most || (isList(over) && over.some(isUnresolved))) return unknown(block.for_each, unresolved('each.key'))
        return items.map(([key, item]) => ({ key: String(key), names: { ...names, each: { key: String(key), value: item } } }))
      }
      return [{ key: undefined, names }]
    }

    /** The value of a whole resource: one object, or a list (count), or a map (for_each). */
    function thing(mode: 'managed' | 'data', name: string, declared: Declared): Value {
      const address = named(mode === 'data' ? `data.${name}` : name)
      const all = instances(declared.block, address)
      if (all.some(({ key }) => key === '*')) return unresolved(address, [address])
      const made = all.map(({ key, names }) => [key, object(mode, name, address + index(key), declared, names)] as const)
      if (made.length === 1 && made[0]?.[0] === undefined) return made[0]?.[1] ?? null
      return declared.block.count !== undefined ? made.map(([, value]) => value) : Object.fromEntries(made.map(([key, value]) => [String(key), value]))
    }

    function object(mode: 'managed' | 'data', name: string, address: string, { block }: Declared, names: Env['names']): Value {
      return once(kept, address, () => {
        const type = name.slice(0, name.indexOf('.'))
        const provider = typeof block.provider === 'string' ? block.provider.replace(/^\$\{|\}$/g, '') : (type.split('_')[0] ?? '')
        const written = attributes(body(block, { ...env, names }, meta))
        const sure = known.values(address)
        const region = [sure.region, written.region, regions[provider], known.region].find(value => typeof value === 'string') ?? someRegion
        const placed: Values = type.startsWith('aws_') && !type.startsWith('aws_iam_') && mode === 'managed' && region !== someRegion ? { region } : {}
        const values = { ...placed, ...written, ...sure }
        return instance(address, { ...values, ...identities(mode, type, address, values, { account: known.account ?? someAccount, region: String(region) }), ...sure })
      })
    }

    /** A block's arguments and nested blocks; dynamic blocks are written out. */
    function body(block: Block, inner: Env, without: ReadonlySet<string> = new Set()): Values {
      const found: Record<string, Value> = {}
      for (const [name, json] of Object.entries(block)) {
        if (without.has(name) || name === 'dynamic' || name.startsWith('//')) continue
        found[name] = secret.test(name) && json !== null ? sensitive
          : Array.isArray(json) && json.length > 0 && json.every(isBlock) ? json.map(nested => attributes(body(nested, inner)))
            : value(json, inner)
      }
      for (const [name, many] of listed(block.dynamic).flatMap(Object.entries)) {
        found[name] = [...(isList(found[name]) ? found[name] : []), ...listed(many).flatMap(one => dynamic(name, one, inner))]
      }
      return found
    }

    function dynamic(name: string, block: Block, inner: Env): readonly Value[] {
      const over = value(block.for_each, inner)
      const items = isList(over) ? over.map(item => [item, item] as const) : pairs(over)
      if (!items) return [unresolved(`dynamic ${name} over ${String(block.for_each)}`, isUnresolved(over) ? over.references : [])]
      const iterator = typeof block.iterator === 'string' ? block.iterator.replace(/^\$\{|\}$/g, '') : name
      const [content = {}] = listed(block.content)
      return items.map(([key, item]) => attributes(body(content, { ...inner, names: { ...inner.names, [iterator]: { key, value: item } } })))
    }

    function moduleOutput(name: string, steps: readonly Step[], text: string): { value: Value; used: number } {
      const scopes = opened(name)
      if (!scopes) return { value: unresolved(text, [named(`module.${name}`)]), used: steps.length }
      const single = scopes.get('')
      const [, second, third] = steps
      const output = (scope: Scope, wanted: Step) => once(kept, `${scope.address}.output.${wanted}`, () => {
        const declared = scope.blocks.output.get(String(wanted))
        return !declared ? refused(text) : declared.block.sensitive === true ? sensitive : scope.evaluate(declared.block.value)
      })
      if (single && second !== undefined) return { value: output(single, second), used: 2 }
      const one = second === undefined ? undefined : scopes.get(second)
      if (one && third !== undefined) return { value: output(one, third), used: 3 }
      if (scopes.has('*')) return { value: unresolved(text, [named(`module.${name}`)]), used: steps.length }
      const whole = [...scopes].map(([key, scope]) => [String(key), Object.fromEntries([...scope.blocks.output.keys()].map(key => [key, output(scope, key)]))] as const)
      const counted = blocks.module.get(name)?.block.count !== undefined
      return { value: single ? (whole[0]?.[1] ?? null) : counted ? whole.map(([, value]) => value) : Object.fromEntries(whole), used: 1 }
    }

    /** The instances of a module call; undefined: not a local module, its source is not here. */
    function opened(name: string): ReadonlyMap<Step, Scope> | undefined {
      const before = modules.get(name)
      if (before) return before
      const declared = blocks.module.get(name)
      const source = declared?.block.source
      if (!declared || typeof source !== 'string' || !/^\.\.?\//.test(source)) return undefined
      const where = named(`module.${name}`)
      const given: Record<string, Value> = { ...Object.fromEntries(Object.entries(regions).filter(([key]) => !key.includes('.'))) }
      for (const [inside, outside] of listed(declared.block.providers).flatMap(Object.entries)) {
        given[inside] = regions[String(outside).replace(/^\$\{|\}$/g, '')] ?? unresolved(String(outside))
      }
      const made = new Map(instances(declared.block, where).map(({ key, names: inner }) => {
        const input = (wanted: string) => Object.hasOwn(declared.block, wanted) && !meta.has(wanted) ? value(declared.block[wanted], { ...env, names: inner }) : undefined
        return [key ?? '', open(join(at, source), where + index(key), input, {}, given, [...above, at])] as const
      }))
      modules.set(name, made)
      return made
    }

    const list = (mode: 'managed' | 'data'): Resource[] => [...(mode === 'data' ? blocks.data : blocks.resource)].flatMap(([name, declared]) => {
      const whole = named(mode === 'data' ? `data.${name}` : name)
      const [type = '', label = ''] = name.split('.')
      return instances(declared.block, whole).map(({ key, names }) => {
        const address = whole + index(key)
        const guard = lifecycle(declared.block)
        const values = { ...(object(mode, name, address, declared, names) as Values) }
        return { address, mode, type, name: label, values, file: declared.file, ...(guard && { lifecycle: guard }) }
      })
    })

    const scope: Scope = {
      address, blocks, variable, evaluate: json => value(json), block: block => attributes(body(block, env)),
      get children() { return [...blocks.module.keys()].flatMap(name => [...(opened(name)?.values() ?? [])]) },
      get resources() { return [...list('managed'), ...list('data'), ...this.children.flatMap(child => child.resources)] },
      get outputs() {
        return [...blocks.output].map(([name, { block }]) => ({ name, value: block.sensitive === true ? sensitive : (attribute(name, value(block.value)) ?? null) }))
      },
    }
    return scope
  }

  const given = (name: string) => Object.hasOwn(known.variables, name) ? known.variables[name] : undefined
  return open(dir, '', given, {}, {}, [])
}

const isBlock = (value: unknown): value is Block => typeof value === 'object' && value !== null && !Array.isArray(value)
export const index = (key: Step | undefined): string => key === undefined ? '' : key === '*' ? '[*]' : `[${JSON.stringify(key)}]`

/** Valid for HashiCorp's parser and yet not for ours: never a reason to stop, its value is just not known. */
function safely(json: unknown): Node {
  try {
    return toNode(json)
  } catch {
    return { kind: 'call', name: '(not understood)', items: [], spread: false, text: typeof json === 'string' ? json : JSON.stringify(json) }
  }
}

function lifecycle(block: Block): Resource['lifecycle'] {
  const [written] = listed(block.lifecycle)
  if (!written) return undefined
  const ignored = written.ignore_changes
  const names = (typeof ignored === 'string' ? [ignored] : Array.isArray(ignored) ? ignored : []).map(name => parseTemplate(String(name)).text)
  return {
    ...(typeof written.prevent_destroy === 'boolean' && { preventDestroy: written.prevent_destroy }),
    ...(names.length > 0 && { ignoreChanges: names }),
  }
}
