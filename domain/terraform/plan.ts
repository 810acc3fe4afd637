/** A Terraform plan: the planned end state, with what only apply will know filled from the source or from `configuration`. */

import { access, instance } from './evaluate.ts'
import { fill, marked } from './fill.ts'
import { identities, regionOf, someAccount } from './identity.ts'
import { acceptedPlan, mentioned } from './plan-json.ts'
import { attributes, isObject, sensitive, unresolved } from './value.ts'
import type { Step } from './evaluate.ts'
import type { Known } from './hcl.ts'
import type { Change, Resource } from './module.ts'
import type { Changed, ConfigModule, Expression, StateModule } from './plan-json.ts'
import type { Value, Values } from './value.ts'

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
export function readPlan(given: unknown, target: { readonly account?: string; readonly region?: string } = {}): Plan {
  const json = acceptedPlan(given)
  const root = json.configuration?.root_module ?? {}
  const stays = (one: Changed) => one.deposed === undefined && !['delete', 'forget'].includes(one.change.actions.join())
  const planned = (json.resource_changes ?? []).filter(stays)
  const all = new Map([...dataOf(json.prior_state?.values?.root_module ?? {}), ...planned].map(one => [one.address, one]))
  const sure = new Map([...all].map(([address, { change }]) => [address, wholly(change.after, change.after_unknown, change.after_sensitive)]))
  const callers = [...all.values()].filter(one => one.mode === 'data' && one.type === 'aws_caller_identity')
  const told = callers.map(one => sure.get(one.address)?.account_id)
  const account = target.account ?? told.find(id => typeof id === 'string')
  const variables = Object.fromEntries(Object.entries(json.variables ?? {}).map(([name, { value }]) =>
    [name, root.variables?.[name]?.sensitive ? sensitive : (value ?? null)] as const))

  function resources(source?: ReadonlyMap<string, Resource>): Resource[] {
    const byName = Map.groupBy(all.values(), one => unindexed(one.address))
    const done = new Map<string, Values>()

    function values(one: Changed): Values {
      const before = done.get(one.address)
      if (before) return before
      done.set(one.address, {}) // no plan holds a cycle; a broken one ends here
      const { module, configured } = configuredAs(root, one)
      const written = source?.get(one.address)?.values
      const { after = {}, after_unknown: unknown = {}, after_sensitive: hidden = {} } = one.change
      const filled = attributes(fill(after, unknown, hidden, {
        type: one.type, source: written, configured: written ? undefined : configured?.expressions, lost: !written && !configured,
        resolve: reference => lookUp(reference, module),
      }) as Values)
      const provider = json.configuration?.provider_config?.[configured?.provider_config_key ?? '']?.expressions?.region
      const constant = isObject(provider) ? provider.constant_value : undefined
      const { region, shown } = regionOf(one.mode, one.type, filled.region, written?.region, constant, target.region)
      const named = identities(one.mode, one.type, one.address, filled, { account: account ?? someAccount, region })
      const made = instance(one.address, { ...shown, ...named, ...filled })
      done.set(one.address, made)
      return made
    }

    /** The value of a reference in the module where `configuration` writes it; undefined: not to be told. */
    function lookUp(reference: string, module: readonly string[]): Value | undefined {
      const parts = unindexed(reference).split('.')
      const [first = '', second = '', third] = parts
      if (first === 'var') {
        const outer = module.slice(0, -1)
        const call = configModule(root, outer)?.module_calls?.[module.at(-1) ?? '']
        return module.length === 0 ? variables[second] : follow(call?.expressions?.[second], outer)
      }
      if (first === 'module') {
        const inner = [...module, second]
        return third === undefined ? undefined : follow(configModule(root, inner)?.outputs?.[third]?.expression, inner)
      }
      const length = first === 'data' ? 3 : 2
      const address = [...module.map(name => `module.${name}`), ...parts.slice(0, length)].join('.')
      const [found, ...others] = byName.get(address) ?? []
      if (!found || others.length > 0 || parts.length <= length) return undefined
      return parts.slice(length).reduce<Value>((value, key) => access(value, key, reference), values(found))
    }

    function follow(expression: Expression | undefined, module: readonly string[]): Value | undefined {
      if (isObject(expression) && 'constant_value' in expression) return expression.constant_value ?? null
      const [only, ...others] = mentioned(expression)
      return only !== undefined && others.length === 0 ? lookUp(only, module) : undefined
    }

    return [...all.values()].map(one => {
      const { file, lifecycle } = source?.get(one.address) ?? {}
      const { address, mode, type, name } = one
      return { address, mode, type, name, values: { ...values(one) }, ...(file !== undefined && { file }), ...(lifecycle && { lifecycle }) }
    })
  }

  return {
    ...(json.terraform_version !== undefined && { terraformVersion: json.terraform_version }),
    changes: (json.resource_changes ?? []).map(changed).filter(one => !['no-op', 'read'].includes(one.actions.join())),
    drift: (json.resource_drift ?? []).map(changed),
    known: {
      variables, ...(account !== undefined && { account }), ...(target.region !== undefined && { region: target.region }),
      values: address => sure.get(address) ?? {},
      keys: address => keysOf([...all.keys()], address),
    },
    resources,
    outputs: source => Object.entries(json.planned_values?.outputs ?? {}).map(([name, output]) => ({
      name,
      value: output.sensitive ? sensitive
        : output.value ?? source?.get(name) ?? unresolved(`output ${name}`, mentioned(root.outputs?.[name]?.expression)),
    })),
  }
}

const unindexed = (address: string): string => address.replace(/\[(?:"(?:[^"\\]|\\.)*"|[^\]]*)\]/g, '')

function changed(one: Changed): Change {
  const path = (steps: readonly Step[]) => steps.map((step, at) => typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`).join('')
  const reason = one.deposed !== undefined ? `deposed ${one.deposed}` : one.action_reason
  return {
    address: one.address, type: one.type, actions: one.change.actions, replacePaths: (one.change.replace_paths ?? []).map(path),
    ...(reason !== undefined && { reason }),
  }
}

/** Data sources that were read while planning are only in the prior state. */
function dataOf(module: StateModule): Changed[] {
  const own = (module.resources ?? []).filter(one => one.mode === 'data').map(one =>
    ({ ...one, change: { actions: ['read'], after: one.values ?? {}, after_sensitive: one.sensitive_values ?? {} } }))
  return [...own, ...(module.child_modules ?? []).flatMap(dataOf)]
}

/** Attributes that are known through and through, and not sensitive. */
function wholly(after: Value | undefined, unknown: Value | undefined, hidden: Value | undefined): Values {
  if (!isObject(after)) return {}
  const of = (marks: Value | undefined, name: string) => isObject(marks) ? marks[name] : marks === true
  return attributes(Object.fromEntries(Object.entries(after).filter(([name]) => !marked(of(unknown, name)) && !marked(of(hidden, name)))))
}

/** The instance keys that addresses have behind a name. */
function keysOf(addresses: readonly string[], name: string): Step[] {
  const behind = addresses.filter(address => address.startsWith(`${name}[`)).map(address => address.slice(name.length))
  const keys = behind.map(rest => /^\[("(?:[^"\\]|\\.)*"|\d+)\]/.exec(rest)?.[1]).filter(key => key !== undefined)
  return [...new Set(keys)].map(key => JSON.parse(key) as Step)
}

const configModule = (root: ConfigModule, names: readonly string[]): ConfigModule | undefined =>
  names.reduce<ConfigModule | undefined>((module, name) => module?.module_calls?.[name]?.module, root)

function configuredAs(root: ConfigModule, one: Changed) {
  const module = [...unindexed(one.module_address ?? '').matchAll(/module\.([^.]+)/g)].map(found => found[1] ?? '')
  const address = `${one.mode === 'data' ? 'data.' : ''}${one.type}.${one.name}`
  return { module, configured: configModule(root, module)?.resources?.find(resource => resource.address === address) }
}
