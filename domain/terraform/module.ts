/** One list of resources out of HCL and `terraform show -json`: what the checks of source `tfplan` look at. */

import { listed } from './blocks.ts'
import { openRoot } from './hcl.ts'
import { readPlan } from './plan.ts'
import { conditionals, references, usesOf } from './references.ts'
import { sensitive } from './value.ts'
import type { Block, HclFile } from './blocks.ts'
import type { Known, Scope } from './hcl.ts'
import type { Conditional, Reference } from './references.ts'
import type { Value, Values } from './value.ts'

export type { HclFile } from './blocks.ts'
export type { Unresolved, Value } from './value.ts'

export interface Resource {
  readonly address: string // module.recordings.aws_s3_bucket.this["a"]; [*] where nobody knows how many
  readonly mode: 'managed' | 'data'
  readonly type: string
  readonly name: string
  readonly values: Values // as the plan JSON writes them: blocks are lists, nulls are dropped, JSON documents are parsed
  readonly file?: string
  readonly lifecycle?: { readonly preventDestroy?: boolean; readonly ignoreChanges?: readonly string[] }
}

export interface Change {
  readonly address: string
  readonly type: string
  readonly actions: readonly string[] // ['create'], ['delete', 'create'] …
  readonly replacePaths: readonly string[] // 'bucket', 'rule[0].id': what forces the replacement
  readonly reason?: string
}

export interface Variable {
  readonly name: string
  readonly default?: Value
  readonly value?: Value // given by a .tfvars file or recorded in the plan
  readonly validations: number
  readonly usedIn: number // expressions that mention it, its own validation aside
  readonly file?: string
  readonly sensitive: boolean
}

export interface Provider { readonly name: string; readonly source?: string; readonly version?: string; readonly locked?: string }

export interface Module {
  readonly from: 'plan' | 'hcl' | 'plan+hcl'
  readonly terraformVersion?: string
  readonly resources: readonly Resource[] // the planned or declared end state: what is destroyed is not in it
  readonly changes: readonly Change[] | null // without no-op and read; null: no plan JSON
  readonly drift: readonly Change[] | null
  readonly variables: readonly Variable[] | null // of the root module; null: no HCL
  readonly outputs: readonly { readonly name: string; readonly value: Value }[]
  readonly providers: readonly Provider[] | null // also those that are used without being required
  readonly backend: { readonly type: string; readonly values: Values } | null | undefined // null: none in the HCL; undefined: no HCL
  readonly references: readonly Reference[] | null
  readonly conditionals: readonly Conditional[] | null
}

export interface Input {
  readonly plan?: unknown // parsed JSON of terraform show
  readonly hcl?: readonly HclFile[]
  readonly dir?: string // where the root module's files lie, as in their paths
  readonly lock?: string // text of .terraform.lock.hcl
  readonly variables?: Values // from .tfvars files
  readonly account?: string
  readonly region?: string
}

/** Throws an Error with the place and the next step: no plan, a foreign format, a declaration twice, a cycle. */
export function buildModule(input: Input): Module {
  const { account, region } = input
  const plan = input.plan === undefined ? undefined : readPlan(input.plan, input)
  const given = { ...input.variables, ...plan?.known.variables }
  const place = { ...(account !== undefined && { account }), ...(region !== undefined && { region }) }
  const known: Known = { values: () => ({}), keys: () => [], ...place, ...plan?.known, variables: given }
  const scope = input.hcl && openRoot(input.hcl, input.dir ?? '', known)
  if (!plan && !scope) throw new Error('neither a Terraform plan nor source is given: set terraform.plan or terraform.dir in the target file')
  const written = scope && new Map(scope.resources.map(resource => [resource.address, resource]))
  const outputs = scope && new Map(scope.outputs.map(output => [output.name, output.value]))
  return {
    from: plan && scope ? 'plan+hcl' : plan ? 'plan' : 'hcl',
    ...(plan?.terraformVersion !== undefined && { terraformVersion: plan.terraformVersion }),
    resources: plan ? plan.resources(written) : [...(written?.values() ?? [])],
    changes: plan?.changes ?? null,
    drift: plan?.drift ?? null,
    variables: scope ? variables(scope, given) : null,
    outputs: plan ? plan.outputs(outputs) : (scope?.outputs ?? []),
    providers: scope ? providers(scope, input.lock ?? '') : null,
    backend: scope ? backend(scope) : undefined,
    references: scope ? references(scope) : null,
    conditionals: scope ? conditionals(scope) : null,
  }
}

function variables(scope: Scope, given: Values): Variable[] {
  return [...scope.blocks.variable].map(([name, { block, file }]) => {
    const hidden = block.sensitive === true
    return {
      name, file, sensitive: hidden, validations: listed(block.validation).length, usedIn: usesOf(name, scope.blocks),
      ...(Object.hasOwn(block, 'default') && { default: hidden ? sensitive : scope.evaluate(block.default) }),
      ...(Object.hasOwn(given, name) && { value: hidden ? sensitive : given[name] ?? null }),
    }
  })
}

const every = (scope: Scope): Scope[] => [scope, ...scope.children.flatMap(every)]

/** Those that are required, the root's word first, and those that are used without it. */
function providers(root: Scope, lock: string): Provider[] {
  const scopes = every(root)
  const entries = [...lock.matchAll(/^provider\s+"([^"]+)"\s*\{[^}]*?^\s*version\s*=\s*"([^"]+)"/gm)]
  const locked = new Map(entries.map(([, address, version]) => [address, version]))
  const required = new Map<string, Block>()
  for (const block of scopes.flatMap(scope => scope.blocks.terraform).flatMap(({ block }) => listed(block.required_providers))) {
    for (const [name, value] of Object.entries(block)) {
      if (!required.has(name)) required.set(name, typeof value === 'object' && value !== null ? value as Block : { version: value })
    }
  }
  const types = scopes.flatMap(({ blocks }) => [...blocks.resource.keys(), ...blocks.data.keys()])
  const used = types.map(name => name.split(/[_.]/)[0] ?? '').filter(name => name !== 'terraform') // built in
  return [...new Set([...required.keys(), ...used])].map(name => {
    const { source, version } = required.get(name) ?? {}
    const from = typeof source === 'string' ? source : `hashicorp/${name}`
    const pinned = ['', 'registry.terraform.io/', 'registry.opentofu.org/'].map(host => locked.get(host + from)).find(Boolean)
    return {
      name, ...(typeof source === 'string' && { source }), ...(typeof version === 'string' && { version }), ...(pinned !== undefined && { locked: pinned }),
    }
  })
}

function backend(scope: Scope): Module['backend'] {
  for (const { block } of scope.blocks.terraform) {
    for (const [type, many] of listed(block.backend).flatMap(Object.entries)) return { type, values: scope.block(listed(many)[0] ?? {}) }
    const [cloud] = listed(block.cloud)
    if (cloud) return { type: 'cloud', values: scope.block(cloud) }
  }
  return null
}
