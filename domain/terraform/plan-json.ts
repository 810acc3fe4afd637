/** The parts of `terraform show -json <plan>` that are read here. https://developer.hashicorp.com/terraform/internals/json-format */

import { isList, isObject } from './value.ts'
import type { Step } from './evaluate.ts'
import type { Value, Values } from './value.ts'

export interface Changed {
  readonly address: string
  readonly module_address?: string
  readonly mode: 'managed' | 'data'
  readonly type: string
  readonly name: string
  readonly deposed?: string
  readonly action_reason?: string
  readonly change: {
    readonly actions: readonly string[]
    readonly after?: Value
    readonly after_unknown?: Value
    readonly after_sensitive?: Value
    readonly replace_paths?: readonly (readonly Step[])[]
  }
}

export interface StateModule {
  readonly resources?: readonly (Omit<Changed, 'change'> & { readonly values?: Values; readonly sensitive_values?: Value })[]
  readonly child_modules?: readonly StateModule[]
}

/** An entry of `configuration`: { constant_value }, { references }, {} (jsonencode of constants and the like), or nested blocks. */
export type Expression = Value

export interface ConfigModule {
  readonly resources?: readonly { readonly address: string; readonly provider_config_key?: string; readonly expressions?: Expression }[]
  readonly outputs?: Readonly<Record<string, { readonly expression?: Expression }>>
  readonly variables?: Readonly<Record<string, { readonly sensitive?: boolean }>>
  readonly module_calls?: Readonly<Record<string, { readonly expressions?: Readonly<Record<string, Expression>>; readonly module?: ConfigModule }>>
}

export interface PlanJson {
  readonly format_version: string
  readonly terraform_version?: string
  readonly errored?: boolean
  readonly variables?: Readonly<Record<string, { readonly value?: Value }>>
  readonly planned_values?: { readonly outputs?: Readonly<Record<string, { readonly value?: Value; readonly sensitive?: boolean }>> }
  readonly prior_state?: { readonly values?: { readonly root_module?: StateModule } }
  readonly resource_changes?: readonly Changed[]
  readonly resource_drift?: readonly Changed[]
  readonly configuration?: {
    readonly root_module?: ConfigModule
    readonly provider_config?: Readonly<Record<string, { readonly expressions?: { readonly region?: Expression } }>>
  }
}

/** Throws an Error that says what the given thing is not, and how to make one that is. */
export function acceptedPlan(given: unknown): PlanJson {
  const again = 'print it with `terraform show -json <planfile>`'
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new Error(`the Terraform plan is not a JSON object: ${again}`)
  const json = given as PlanJson & { readonly values?: unknown }
  if (typeof json.format_version !== 'string') {
    throw new Error(`the Terraform plan has no format_version, so it is no output of terraform show: ${again}`)
  }
  // another major version may mean anything, a minor one only adds: the promise of the format's page
  if (!/^1\.\d/.test(json.format_version)) {
    throw new Error(`the Terraform plan has format_version ${json.format_version}, 1.x is read here: ${again} of Terraform 1.0 or later`)
  }
  if (json.planned_values === undefined) {
    throw new Error(`the Terraform plan has no planned_values${json.values === undefined ? '' : '; this is a state, not a plan'}: ${again}`)
  }
  if (json.errored) throw new Error('the Terraform plan is incomplete (errored is true): repair what terraform plan reported, and plan again')
  for (const [kind, all] of Object.entries({ resource_changes: json.resource_changes ?? [], resource_drift: json.resource_drift ?? [] })) {
    const odd = Array.isArray(all) ? all.findIndex(one => typeof one?.address !== 'string' || !Array.isArray(one.change?.actions)) : 0
    if (odd >= 0) throw new Error(`the Terraform plan's /${kind}/${odd} has no address or no change: it was cut or edited; ${again}`)
  }
  return json
}

/** The references of an expression, without those that are only the beginning of another one. */
export function mentioned(expression: Expression | undefined): string[] {
  const all = isObject(expression) && isList(expression.references) ? [...new Set(expression.references.map(String))] : []
  return all.filter(one => !all.some(other => other.startsWith(`${one}.`) || other.startsWith(`${one}[`)))
}
