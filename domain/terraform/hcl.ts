/** A Terraform module from its source: its resources with what is known before apply, local modules included. */

import { arguments_, bare, instances, lifecycle, meta, suffix, valueOf } from './block.ts'
import { blocksOf, join, listed } from './blocks.ts'
import { evaluate, instance } from './evaluate.ts'
import { identities, regionOf, someAccount } from './identity.ts'
import { conform } from './types.ts'
import { attribute, refused, sensitive, unresolved } from './value.ts'
import type { Block, Blocks, Declared, HclFile } from './blocks.ts'
import type { Env, Step } from './evaluate.ts'
import type { Resource } from './module.ts'
import type { Value, Values } from './value.ts'

/** What is known from elsewhere (a plan, the target) and beats what the source says. */
export interface Known {
  readonly variables: Values // of the root module
  readonly account?: string
  readonly region?: string
  readonly values: (address: string) => Values // whole attributes of one instance
  readonly keys: (address: string) => readonly Step[] // of the instances of a resource or a module
}

/** One module instance. */
export interface Scope {
  readonly address: string // '' or 'module.recordings'
  readonly blocks: Blocks
  readonly children: readonly Scope[] // local modules only: the source of others is not here
  readonly resources: readonly Resource[] // with those of the children
  readonly outputs: readonly { readonly name: string; readonly value: Value }[]
  readonly evaluate: (json: unknown) => Value
  readonly block: (block: Block) => Values
}

type Found = ReturnType<Env['find']>
type Regions = Readonly<Record<string, Value>> // of providers, by 'aws' or 'aws.replica'

/** Throws an Error that names the place: a thing declared twice, a cycle, a module inside itself. */
export function openRoot(files: readonly HclFile[], dir: string, known: Known): Scope {
  const once = memory(dir)

  function open(at: string, address: string, input: (name: string) => Value | undefined, outer: Regions, above: readonly string[]): Scope {
    if (above.includes(at)) throw new Error(`${at || '.'}: modules in a circle: ${[...above, at].join(' -> ')}: a module cannot contain itself`)
    const blocks = blocksOf(at, files)
    const modules = new Map<string, ReadonlyMap<Step, Scope>>()
    const env: Env = { find, names: {} }
    const named = (name: string) => address === '' ? name : `${address}.${name}`
    const missing = (text: string, what: string, used: number): Found => ({ value: unresolved(text, [named(what)]), used })

    const regions: Record<string, Value> = { ...outer }
    for (const { block } of blocks.providers) {
      const name = block.alias === undefined ? String(block.name) : `${block.name}.${block.alias}`
      if (block.region !== undefined) regions[name] = valueOf(block.region, env)
    }

    function find(root: string, steps: readonly Step[], text: string): Found {
      const [first, second] = steps.map(String)
      if (root === 'path' && first === 'module') return { value: at || '.', used: 1 }
      if (root === 'path' && first === 'root') return { value: dir || '.', used: 1 }
      if (first === undefined) return missing(text, root, 0)
      if (root === 'var') return { value: variable(first), used: 1 }
      if (root === 'module') return output(first, steps, text)
      if (root === 'local') {
        const local = blocks.locals.get(first)
        return local ? { value: once(named(`local.${first}`), () => valueOf(local.value, env)), used: 1 } : missing(text, `local.${first}`, 1)
      }
      const [mode, name, used] = root === 'data' ? ['data', `${first}.${second}`, 2] as const : ['managed', `${root}.${first}`, 1] as const
      const declared = (mode === 'data' ? blocks.data : blocks.resource).get(name)
      return declared ? { value: whole(mode, name, declared), used } : missing(text, mode === 'data' ? `data.${name}` : name, steps.length)
    }

    function variable(name: string): Value {
      const declared = blocks.variable.get(name)
      if (!declared) return unresolved(`var.${name}`, [named(`var.${name}`)])
      if (declared.block.sensitive === true) return sensitive
      return once(named(`var.${name}`), () => {
        const given = input(name) ?? (Object.hasOwn(declared.block, 'default') ? valueOf(declared.block.default, env) : undefined)
        if (given === undefined) return unresolved(`var.${name}`, [named(`var.${name}`)])
        return conform(given, declared.block.type, node => evaluate(node, env))
      })
    }

    /** A resource as an expression sees it: one object, a list (count) or a map (for_each). */
    function whole(mode: Resource['mode'], name: string, declared: Declared): Value {
      const address = named(mode === 'data' ? `data.${name}` : name)
      const all = instances(declared.block, env, known.keys(address))
      if (all.some(({ key }) => key === '*')) return unresolved(address, [address])
      const made = all.map(({ key, names }) => [key, single(mode, name, address + suffix(key), declared, names)] as const)
      return collected(made, declared.block)
    }

    function single(mode: Resource['mode'], name: string, address: string, { block }: Declared, names: Env['names']): Value {
      return once(address, () => {
        const type = name.slice(0, name.indexOf('.'))
        const sure = known.values(address)
        const written = { ...arguments_(block, { ...env, names }, meta), ...sure }
        const provider = block.provider === undefined ? (type.split('_')[0] ?? '') : bare(block.provider)
        const { region, shown } = regionOf(mode, type, written.region, regions[provider], known.region)
        const values = { ...shown, ...written }
        const place = { account: known.account ?? someAccount, region }
        return instance(address, { ...values, ...identities(mode, type, address, values, place), ...sure })
      })
    }

    /** module.m.out, module.m[0].out, or all outputs of all instances. */
    function output(name: string, steps: readonly Step[], text: string): Found {
      const scopes = opened(name)
      if (!scopes || scopes.has('*')) return missing(text, `module.${name}`, steps.length)
      const of = (scope: Scope, wanted: Step): Value => once(`${scope.address}.output.${wanted}`, () => {
        const declared = scope.blocks.output.get(String(wanted))
        return !declared ? refused(text) : declared.block.sensitive === true ? sensitive : scope.evaluate(declared.block.value)
      })
      const [, second, third] = steps
      const lone = scopes.get('')
      if (lone && second !== undefined) return { value: of(lone, second), used: 2 }
      const one = second === undefined ? undefined : scopes.get(second)
      if (one && third !== undefined) return { value: of(one, third), used: 3 }
      const all = (scope: Scope) => Object.fromEntries([...scope.blocks.output.keys()].map(wanted => [wanted, of(scope, wanted)]))
      const every = [...scopes].map(([key, scope]) => [key === '' ? undefined : key, all(scope)] as const)
      return { value: collected(every, blocks.module.get(name)?.block ?? {}), used: 1 }
    }

    /** The instances of a module call; undefined: it is not declared, or its source is not here. */
    function opened(name: string): ReadonlyMap<Step, Scope> | undefined {
      const block = blocks.module.get(name)?.block
      if (!block || typeof block.source !== 'string' || !/^\.\.?\//.test(block.source)) return undefined
      const before = modules.get(name)
      if (before) return before
      const from = join(at, block.source)
      const where = named(`module.${name}`)
      const passed = listed(block.providers).flatMap(Object.entries).map(([inside, outside]): [string, Value] =>
        [inside, regions[bare(outside)] ?? unresolved(bare(outside))])
      const inherited: Regions = Object.fromEntries([...Object.entries(regions).filter(([key]) => !key.includes('.')), ...passed])
      const made = new Map(instances(block, env, known.keys(where)).map(({ key, names }) => {
        const given = (wanted: string) =>
          Object.hasOwn(block, wanted) && !meta.has(wanted) ? valueOf(block[wanted], { ...env, names }) : undefined
        return [key ?? '', open(from, where + suffix(key), given, inherited, [...above, at])] as const
      }))
      modules.set(name, made)
      return made
    }

    const list = (mode: Resource['mode']): Resource[] => [...(mode === 'data' ? blocks.data : blocks.resource)].flatMap(([name, declared]) => {
      const where = named(mode === 'data' ? `data.${name}` : name)
      const [type = '', label = ''] = name.split('.')
      const guard = lifecycle(declared.block)
      return instances(declared.block, env, known.keys(where)).map(({ key, names }) => {
        const address = where + suffix(key)
        const values = { ...(single(mode, name, address, declared, names) as Values) }
        return { address, mode, type, name: label, values, file: declared.file, ...(guard && { lifecycle: guard }) }
      })
    })

    const children = () => [...blocks.module.keys()].flatMap(name => [...(opened(name)?.values() ?? [])])
    return {
      address, blocks, evaluate: json => valueOf(json, env), block: block => arguments_(block, env),
      get children() { return children() },
      get resources() { return [...list('managed'), ...list('data'), ...children().flatMap(child => child.resources)] },
      get outputs() {
        return [...blocks.output].map(([name, { block }]) =>
          ({ name, value: block.sensitive === true ? sensitive : (attribute(name, valueOf(block.value, env)) ?? null) }))
      },
    }
  }

  return open(dir, '', name => known.variables[name], {}, [])
}

function collected(made: readonly (readonly [Step | undefined, Value])[], block: Block): Value {
  if (made.length === 1 && made[0]?.[0] === undefined) return made[0]?.[1] ?? null
  return block.count !== undefined ? made.map(([, value]) => value) : Object.fromEntries(made.map(([key, value]) => [String(key), value]))
}

/** Each thing is made once; one that needs itself is an error, as it is to Terraform. */
function memory(dir: string) {
  const kept = new Map<string, Value>()
  const busy: string[] = []
  return (name: string, make: () => Value): Value => {
    const before = kept.get(name)
    if (before !== undefined) return before
    if (busy.includes(name)) {
      throw new Error(`${dir || '.'}: a cycle: ${[...busy.slice(busy.indexOf(name)), name].join(' -> ')}: no order can create these; break the loop`)
    }
    busy.push(name)
    const made = make()
    busy.pop()
    kept.set(name, made)
    return made
  }
}
