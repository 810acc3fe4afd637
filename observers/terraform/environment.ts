/** Environment variables of ECS task definitions in a Terraform module. */
import type { Module, Resource } from '#domain/terraform/module.ts'
import { unknown } from '#domain/unknown.ts'
import { afterApply, isUnresolved, list, managed } from '#domain/terraform/find.ts'

interface Container { readonly name?: unknown; readonly environment?: unknown; readonly secrets?: unknown }

/** The definition that the service runs; without a service in the module, its only one. null: none. */
export function taskDefinition(module: Module, service: string | undefined): Resource | null {
  const definitions = managed(module, 'aws_ecs_task_definition')
  const runs = managed(module, 'aws_ecs_service').find(({ values }) => values.name === service)?.values.task_definition
  const run = definitions.find(({ address, values }) => typeof runs === 'string' && (runs.includes(`<${address}.`) || runs === values.arn || runs === values.family)
    || isUnresolved(runs) && runs.references?.some((reference) => reference.startsWith(`${address}.`)))
  if (run !== undefined || definitions.length < 2) return run ?? definitions[0] ?? null
  throw unknown('not-configured', `the module has ${definitions.length} task definitions and does not say which one the service runs`, 'name the ECS service in /ecs/service of the target file', '/ecs/service')
}

/** Name → value of the service's container, or of all where none has its name. A value that only apply knows is <its expression>; a secret is an alias. */
export function environmentOf(task: Resource, service: string | undefined): Record<string, string> {
  const all = containers(task)
  const own = all.filter(({ name }) => name === service)
  return Object.fromEntries((own.length > 0 ? own : all).flatMap(({ environment, secrets }) => [
    ...entries(environment, task).map(({ name, value }): [string, string] => [String(name), isUnresolved(value) ? `<${value.unresolved}>` : String(value ?? '')]),
    ...entries(secrets, task).map(({ name }): [string, string] => [String(name), `«secret ${String(name)}»`]),
  ]))
}

export const containers = (task: Resource): readonly Container[] => (list(task, 'container_definitions') ?? []).map((container, index) => {
  if (isUnresolved(container)) throw afterApply(`${task.address}.container_definitions.${index}`, container.unresolved)
  return container as Container
})
function entries(written: unknown, task: Resource): readonly { name?: unknown; value?: unknown }[] {
  if (isUnresolved(written)) throw afterApply(`${task.address}.container_definitions`, written.unresolved)
  return Array.isArray(written) ? written : []
}
