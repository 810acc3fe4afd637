/** The task role and what is granted to it, as Terraform declares them. */
import * as roles from '#facts/roles.ts'
import * as terraform from '#facts/terraform.ts'
import type { NamedPolicy } from '#facts/roles.ts'
import type { Module, Resource } from '#domain/terraform/module.ts'
import { observer } from '#harness/fact.ts'
import { unknown } from '#domain/unknown.ts'
import { afterApply, count, document, isUnresolved, list, managed, needed, speakingOf, text } from '#domain/terraform/find.ts'

const settings = { sources: ['tfplan'], safety: 'A', seconds: 10, calls: [], needs: { module: terraform.module } } as const

/** null: the module neither makes nor looks up such a role. */
function roleOf(module: Module, name: string): Resource | null {
  const made = managed(module, 'aws_iam_role')
  const own = made.find(({ values }) => values.name === name)
  if (own !== undefined) return own
  const unnamed = made.find(({ values }) => isUnresolved(values.name))
  if (unnamed !== undefined) throw afterApply(`${unnamed.address}.name`, (unnamed.values.name as { unresolved: string }).unresolved)
  const elsewhere = module.resources.find(({ mode, type, values }) => mode === 'data' && type === 'aws_iam_role' && values.name === name)
  if (elsewhere !== undefined) throw afterApply(`${elsewhere.address}.assume_role_policy`, `${name} is a role that this module does not make`)
  return null
}

/** Another module's policy, or one of AWS's, cannot be read here: what it grants is not known before apply. */
function managedPolicy(module: Module, arn: unknown, where: string): NamedPolicy {
  const policy = managed(module, 'aws_iam_policy').find(({ values }) => values.arn === arn)
    ?? managed(module, 'aws_iam_policy').find(({ address }) => isUnresolved(arn) && arn.references?.some((reference) => reference.startsWith(`${address}.`)))
  if (policy === undefined) throw afterApply(where, isUnresolved(arn) ? arn.unresolved : `${String(arn)} is a policy that this module does not make`)
  return { name: text(policy, 'name') ?? policy.address, document: needed(document(policy, 'policy'), policy, 'policy') }
}

function attached(module: Module, role: Resource): NamedPolicy[] {
  const arns = [
    ...speakingOf(module, 'aws_iam_role_policy_attachment', 'role', role, 'name', 'id').map((one) => [one.values.policy_arn, `${one.address}.policy_arn`] as const),
    ...managed(module, 'aws_iam_policy_attachment').filter((one) => (list(one, 'roles') ?? []).includes(role.values.name ?? '')).map((one) => [one.values.policy_arn, `${one.address}.policy_arn`] as const),
    ...(list(role, 'managed_policy_arns') ?? []).map((arn) => [arn, `${role.address}.managed_policy_arns`] as const),
  ]
  const once = arns.filter(([arn], index) => arns.findIndex(([other]) => other === arn) === index) // an attachment shows in managed_policy_arns as well, once applied
  return once.map(([arn, where]) => managedPolicy(module, arn, where))
}

function inline(module: Module, role: Resource): NamedPolicy[] {
  const apart = speakingOf(module, 'aws_iam_role_policy', 'role', role, 'name', 'id').map((one) => ({ name: text(one, 'name') ?? one.address, document: needed(document(one, 'policy'), one, 'policy') }))
  const within = (list(role, 'inline_policy') ?? []).flatMap((_, index) => {
    const written = document(role, 'inline_policy', index, 'policy')
    return written === undefined ? [] : [{ name: text(role, 'inline_policy', index, 'name') ?? `${role.address}.inline_policy`, document: written }]
  })
  return [...apart, ...within.filter(({ name }) => !apart.some((one) => one.name === name))]
}

export default [
  observer({
    ...settings, fact: roles.taskRole,
    observe: async ({ module }, look) => {
      const role = roleOf(module, look.plan.roles.task)
      if (role === null) return null
      const boundary = role.values.permissions_boundary
      return {
        name: look.plan.roles.task, arn: needed(text(role, 'arn'), role, 'arn'), trust: needed(document(role, 'assume_role_policy'), role, 'assume_role_policy'),
        maxSessionSeconds: count(role, 'max_session_duration') ?? 3600, // IAM API, CreateRole: one hour unless said otherwise
        boundary: boundary === undefined || boundary === null || boundary === '' ? null : managedPolicy(module, boundary, `${role.address}.permissions_boundary`).document,
      }
    },
  }),
  observer({
    ...settings, fact: roles.taskGrants,
    observe: async ({ module }, look) => {
      const role = roleOf(module, look.plan.roles.task)
      if (role === null) throw unknown('cause', `roles.task is not there: the module makes no ${look.plan.roles.task}`, 'settle that first', 'roles.task')
      return { attached: attached(module, role), inline: inline(module, role) }
    },
  }),
] as const
