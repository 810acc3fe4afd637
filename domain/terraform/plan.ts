/**
 * `terraform show -json <plan>`: the planned end state, with what only apply will know filled from the source or from `configuration`.
 * https://developer.hashicorp.com/terraform/internals/json-format
 */

import { fill, mentioned } from './fill.ts'
import { identities, regionOf, someAccount } from './identity.ts'
import { access, instance } from './evaluate.ts'
import { attributes, isList, isObject, sensitive, unresolved } from './value.ts'
import type { Expression } from './fill.ts'
import type { Step } from './evaluate.ts'
import type { Known } from './hcl.ts'
import type { Change, Resource } from './module.ts'
import type { Value, Values } from './value.ts'

/** The parts of the format that are read here. */
interface Changed {
  readonly address: string; readonly module_address?: string; readonly mode: 'managed' | 'data'; readonly type: string; readonly name: string
  readonly index?: Step; readonly deposed?: string; readonly action_reason?: string
  readonly change: { readonly actions: readonly string[]; readonly after?: Value; readonly after_unknown?: Value; readonly after_sensitive?: Value; readonly replace_paths?: readonly (readonly Step[])[] }
}
interface StateModule { readonly resources?: readonly (Changed & { readonly values?: Values; readonly sensitive_values?: Value })[]; readonly child_modules?: readonly StateModule[] }
interface ConfigModule {
  readonly resources?: readonly { readonly address: string; readonly provider_config_key?: string; readonly expressions?: Expression }[]
  readonly outputs?: Readonly<Record<string, { readonly expression?: Expression }>>
  readonly variables?: Readonly<Record<string, { readonly sensitive?: boolean }>>
  readonly module_calls?: Readonly<Record<string, { readonly expressions?: Readonly<Record<string, Expression>>; readonly module?: ConfigModule }>>
}
interface Json {
  readonly format_version: string; readonly terraform_version?: string; readonly errored?: boolean
  readonly variables?: Readonly<Record<string, { readonly value?: Value }>>
  readonly planned_values?: { readonly outputs?: Readonly<Record<string, { readonly value?: Value; readonly sensitive?: boolean }>> }
  readonly prior_state?: { readonly values?: { readonly root_module?: StateModule } }
  readonly resource_changes?: readonly Changed[]; readonly resource_drift?: readonly Changed[]
  readonly configuration?: { readonly root_module?: ConfigModule; readonly provider_config?: Readonly<Record<string, { readonly expressions?: { readonly region?: Expression } }>> }
}

export interface Plan {
  readonly terraformVersion?: string
  readonly changes: readonly Change[]
  readonly drift: readonly Change[]
  readonly known: Known
  /** source: the same instances from HCL, where there is any. */
  readonly resources: (source?: ReadonlyMap<string, Resource>) => Resource[]
  readonly outputs: (source?: ReadonlyMap<string, Value>) => { name: string; value: Value }[]
}

/** Throws an Error that names the plan's fault and the next step. */
export function readPlan(given: unknown, where: { readonly account?: string; readonly region?: string } = {}): Plan {
  const json = accepted(given)
  const root = json.configuration?.root_module ?? {}
  const read = stateData(json.prior_state?.values?.root_module ?? {})
  const wanted = [...(json.resource_changes ?? []).filter(one => one.deposed === undefined && !['delete', 'forget'].includes(one.change.actions.join()))]
  const present = new Set(wanted.map(one => one.address))
  const all = new Map([...wanted, ...read.filter(one => !present.has(one.address))].map(one => [one.address, one]))
  const byName = Map.groupBy(all.values(), one => one.address.replace(/\[[^\]]*\]/g, ''))

  const sure = new Map([...all].map(([address, { change }]) => [address, wholly(change.after, change.after_unknown, change.after_sensitive)]))
  const told = [...all.values()].find(one => one.mode === 'data' && one.type === 'aws_caller_identity' && typeof sure.get(one.address)?.account_id === 'string')
  const account = where.account ?? (told ? String(sure.get(told.address)?.account_id) : undefined)
  const variables = Object.fromEntries(Object.entries(json.variables ?? {}).map(([name, { value }]) =>
    [name, root.variables?.[name]?.sensitive ? sensitive : (value ?? null)] as const))

  function resources(source?: ReadonlyMap<string, Resource>): Resource[] {
    const done = new Map<string, Values>()

    function values(one: Changed): Values {
      const before = done.get(one.address)
      if (before) return before
      done.set(one.address, {}) // a thing that needs itself finds nothing
      const { module, configured } = configOf(root, one)
      const written = source?.get(one.address)?.values
      const filled = attributes(fill(one.change.after ?? {}, one.change.after_unknown ?? {}, one.change.after_sensitive ?? {}, {
        type: one.type, source: written, configured: written ? undefined : configured?.expressions, lost: !written && !configured,
        resolve: reference => lookUp(reference, module),
      }) as Values)
      const provider = json.configuration?.provider_config?.[configured?.provider_config_key ?? '']?.expressions?.region
      const { region, shown } = regionOf(one.mode, one.type, filled.region, written?.region, isObject(provider) ? provider.constant_value : undefined, where.region)
      const named = identities(one.mode, one.type, one.address, filled, { account: account ?? someAccount, region })
      const made = instance(one.address, { ...shown, ...named, ...filled })
      done.set(one.address, made)
      return made
    }

    /** The value of a reference as `configuration` writes it, in the module it is written in; undefined: not to be found. */
    function lookUp(reference: string, module: readonly string[]): Value | undefined {
      const [first = '', second = '', third] = reference.replace(/\[[^\]]*\]/g, '').split('.')
      const prefix = module.map(name => `module.${name}.`).join('')
      if (first === 'var') {
        const call = module.length === 0 ? undefined : configModule(root, module.slice(0, -1))?.module_calls?.[module.at(-1) ?? '']
        return module.length === 0 ? variables[second] : follow(call?.expressions?.[second], module.slice(0, -1))
      }
      if (first === 'module' && third !== undefined) return follow(configModule(root, [...module, second])?.outputs?.[third]?.expression, [...module, second])
      const parts = reference.replace(/\[[^\]]*\]/g, '').split('.')
      const length = first === 'data' ? 3 : 2
      const [found, ...others] = byName.get(prefix + parts.slice(0, length).join('.')) ?? []
      if (!found || others.length > 0 || parts.length <= length) return undefined
      return parts.slice(length).reduce<Value>((value, key) => access(value, key, reference), values(found))
    }

    function follow(expression: Expression | undefined, module: readonly string[]): Value | undefined {
      if (!isObject(expression)) return undefined
      if ('constant_value' in expression) return expression.constant_value ?? null
      const [only, ...others] = mentioned(expression)
      return only !== undefined && others.length === 0 ? lookUp(only, module) : undefined
    }

    return [...all.values()].map(one => {
      const beside = source?.get(one.address)
      return {
        address: one.address, mode: one.mode, type: one.type, name: one.name, values: { ...values(one) },
        ...(beside?.file !== undefined && { file: beside.file }), ...(beside?.lifecycle && { lifecycle: beside.lifecycle }),
      }
    })
  }

  return {
    ...(json.terraform_version !== undefined && { terraformVersion: json.terraform_version }),
    changes: (json.resource_changes ?? []).map(changed).filter(one => !['no-op', 'read'].includes(one.actions.join())),
    drift: (json.resource_drift ?? []).map(changed),
    known: {
      variables, ...(account !== undefined && { account }), ...(where.region !== undefined && { region: where.region }),
      values: address => sure.get(address) ?? {},
      keys: address => keysOf([...all.values()].map(one => one.address), address),
    },
    resources,
    outputs: source => Object.entries(json.planned_values?.outputs ?? {}).map(([name, output]) => ({
      name,
      value: output.sensitive ? sensitive : output.value !== undefined ? output.value : source?.get(name) ?? outputFrom(root.outputs?.[name]?.expression, name),
    })),
  }
}

function accepted(given: unknown): Json {
  const again = 'print it with `terraform show -json <planfile>`'
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new Error(`the Terraform plan is not a JSON object: ${again}`)
  const json = given as Json & { values?: unknown }
  if (typeof json.format_version !== 'string') throw new Error(`the Terraform plan has no format_version: it is no output of terraform show; ${again}`)
  // "consumers should ignore unknown properties and refuse other major versions": the format's own promise
  if (!/^1\./.test(json.format_version)) throw new Error(`the Terraform plan has format_version ${json.format_version}, this reads 1.x: ${again} of a Terraform from 1.0 on`)
  if (!Array.isArray(json.resource_changes) && json.planned_values === undefined) {
    throw new Error(`the Terraform plan has no planned_values${json.values === undefined ? '' : ' (this is a state, not a plan)'}: ${again}`)
  }
  if (json.errored) throw new Error('the Terraform plan is incomplete (errored: true): repair what terraform plan reported and plan again')
  return json
}

const changed = (one: Changed): Change => ({
  address: one.address, type: one.type, actions: one.change.actions,
  replacePaths: (one.change.replace_paths ?? []).map(path => path.map((step, at) => typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`).join('')),
  ...(one.deposed !== undefined ? { reason: `deposed ${one.deposed}` } : one.action_reason !== undefined && { reason: one.action_reason }),
})

/** Data sources that were read before the plan are only in the prior state. */
function stateData(module: StateModule): Changed[] {
  const own = (module.resources ?? []).filter(one => one.mode === 'data').map(one =>
    ({ ...one, change: { actions: ['read'], after: one.values ?? {}, after_sensitive: one.sensitive_values ?? {} } }))
  return [...own, ...(module.child_modules ?? []).flatMap(stateData)]
}

/** Top-level attributes that are known through and through, and not sensitive. */
function wholly(after: Value | undefined, unknown: Value | undefined, hidden: Value | undefined): Values {
  if (!isObject(after)) return {}
  const marked = (marks: Value | undefined): boolean => marks === true || ((isObject(marks) || isList(marks)) && Object.values(marks).some(marked))
  const of = (marks: Value | undefined, name: string) => isObject(marks) ? marks[name] : undefined
  return attributes(Object.fromEntries(Object.entries(after).filter(([name]) => !marked(of(unknown, name)) && !marked(of(hidden, name)))))
}

function keysOf(addresses: readonly string[], of: string): Step[] {
  const keys = addresses.filter(address => address.startsWith(`${of}[`)).map(address => /^\[("(?:[^"\\]|\\.)*"|\d+)\]/.exec(address.slice(of.length))?.[1])
  return [...new Set(keys)].filter(key => key !== undefined).map(key => JSON.parse(key) as Step)
}

const moduleNames = (address: string): string[] => [...address.matchAll(/(?:^|\.)module\.([^.[]+)/g)].map(found => found[1] ?? '')
const configModule = (root: ConfigModule, names: readonly string[]): ConfigModule | undefined =>
  names.reduce<ConfigModule | undefined>((module, name) => module?.module_calls?.[name]?.module, root)

function configOf(root: ConfigModule, one: Changed) {
  const module = moduleNames(one.module_address ?? '')
  const address = `${one.mode === 'data' ? 'data.' : ''}${one.type}.${one.name}`
  return { module, configured: configModule(root, module)?.resources?.find(resource => resource.address === address) }
}

function outputFrom(expression: Expression | undefined, name: string): Value {
  return unresolved(`output ${name}`, expression ? mentioned(expression) : [])
}
