/** Roles as IAM describes them: the task role with its grants, the plan's other roles, every principal of the account, and IAM's own simulation. */
import * as keys from '#facts/keys.ts'
import * as recordings from '#facts/recordings.ts'
import * as roles from '#facts/roles.ts'
import type { NamedPolicy, Role } from '#facts/roles.ts'
import type { Look } from '#harness/kernel.ts'
import { observer, orNull } from '#harness/fact.ts'
import { chosen, forbidden, resourceOf, unchosen } from '#plan/roles.ts'
import { orAbsent, decodePolicy, present } from './answer.ts'
import { everybody } from './authorization.ts'
import { assumption, matches } from './event-pattern.ts'

const settings = { sources: ['live'], safety: 'B', seconds: 20 } as const
const managedCalls = ['IAM.GetPolicy', 'IAM.GetPolicyVersion'] as const

/** The default version of a managed policy: the one that counts. */
async function managedPolicy(look: Look, PolicyArn: string): Promise<unknown> {
  const { Policy } = await look.aws('IAM.GetPolicy', { PolicyArn })
  const VersionId = present(Policy?.DefaultVersionId, `DefaultVersionId of ${PolicyArn}`)
  const { PolicyVersion } = await look.aws('IAM.GetPolicyVersion', { PolicyArn, VersionId })
  return decodePolicy(PolicyVersion?.Document, `version ${VersionId} of ${PolicyArn}`)
}

/** null: no such role. */
async function role(look: Look, name: string): Promise<Role | null> {
  const answer = await orAbsent(look.aws('IAM.GetRole', { RoleName: name }), 'NoSuchEntity', 'NoSuchEntityException')
  if (answer === null) return null
  const { Arn, AssumeRolePolicyDocument, MaxSessionDuration, PermissionsBoundary } = present(answer.Role, 'Role of GetRole') as Record<string, any>
  const boundary = PermissionsBoundary?.PermissionsBoundaryArn // IAM API: only there when one is set
  return {
    name, arn: present(Arn, `Arn of role ${name}`), trust: decodePolicy(AssumeRolePolicyDocument, `the trust policy of role ${name}`),
    maxSessionSeconds: MaxSessionDuration ?? null, boundary: boundary === undefined ? null : await managedPolicy(look, boundary),
  }
}
const roleCalls = ['IAM.GetRole', ...managedCalls] as const

async function attached(look: Look, RoleName: string): Promise<NamedPolicy[]> {
  const policies = await look.pages('IAM.ListAttachedRolePolicies', { RoleName }, 'AttachedPolicies')
  return Promise.all(policies.map(async ({ PolicyName, PolicyArn }) => ({ name: present(PolicyName, 'PolicyName'), document: await managedPolicy(look, present(PolicyArn, 'PolicyArn')) })))
}
async function inline(look: Look, RoleName: string): Promise<NamedPolicy[]> {
  const names = await look.pages('IAM.ListRolePolicies', { RoleName }, 'PolicyNames')
  return Promise.all(names.map(async (PolicyName: string) => {
    const { PolicyDocument } = await look.aws('IAM.GetRolePolicy', { RoleName, PolicyName })
    return { name: PolicyName, document: decodePolicy(PolicyDocument, `inline policy ${PolicyName} of role ${RoleName}`) }
  }))
}

export default [
  observer({ ...settings, fact: roles.taskRole, needs: {}, calls: roleCalls, observe: (_, look) => role(look, look.plan.roles.task) }),
  observer({ ...settings, fact: roles.breakGlass, needs: {}, calls: roleCalls, observe: (_, look) => role(look, look.plan.roles.breakGlass) }),
  // AWS names it (Chime SDK guide, service-linked role for media pipelines)
  observer({ ...settings, fact: roles.mediaPipelinesRole, needs: {}, calls: roleCalls, observe: (_, look) => role(look, 'AWSServiceRoleForAmazonChimeSDKMediaPipelines') }),
  observer({
    ...settings, fact: roles.taskGrants, needs: { role: roles.taskRole },
    calls: ['IAM.ListAttachedRolePolicies', 'IAM.ListRolePolicies', 'IAM.GetRolePolicy', ...managedCalls],
    observe: async ({ role: { name } }, look) => {
      const [own, embedded] = await Promise.all([attached(look, name), inline(look, name)])
      return { attached: own, inline: embedded }
    },
  }),
  observer({
    ...settings, fact: roles.holders, seconds: 60, needs: {},
    calls: ['IAM.GetAccountAuthorizationDetails', ...managedCalls],
    observe: (_, look) => everybody(look, (arn) => managedPolicy(look, arn)),
  }),
  observer({
    ...settings, fact: roles.simulated, seconds: 60,
    needs: { role: roles.taskRole, bucket: recordings.bucket, recordingsKey: keys.recordingsKey, signingKey: orNull(keys.signingKey) },
    calls: ['IAM.SimulatePrincipalPolicy'],
    observe: async ({ role, bucket, recordingsKey, signingKey }, look) => {
      const noKey = `arn:aws:kms:${look.plan.region}:${look.plan.account}:key/no-signing-key` // a grant on any key would allow this one as well
      const places = { bucket: bucket.arn, recordingsKey: recordingsKey.arn, signingKey: signingKey?.arn ?? noKey }
      const tried = [...chosen(look.plan), ...unchosen(look.plan), ...forbidden].map(({ action, on }) => ({ action, resource: resourceOf(on, look.plan, places) }))
      // One call a resource: the answer is about every action on every resource of a call, and most pairs mean nothing.
      const byResource = Object.entries(Object.groupBy(tried, ({ resource }) => resource))
      const answers = await Promise.all(byResource.map(async ([resource, of]) => {
        const ActionNames = [...new Set(of!.map(({ action }) => action))]
        const results = await look.pages('IAM.SimulatePrincipalPolicy', { PolicySourceArn: role.arn, ActionNames, ResourceArns: [resource] }, 'EvaluationResults')
        return results.map(({ EvalActionName, EvalDecision }): [string, string] => [`${present(EvalActionName, 'EvalActionName')} ${resource}`, present(EvalDecision, 'EvalDecision')])
      }))
      return Object.fromEntries(answers.flat())
    },
  }),
  observer({
    ...settings, fact: roles.breakGlassAlarms, needs: { role: roles.breakGlass },
    calls: ['EventBridge.ListRules', 'EventBridge.ListTargetsByRule'],
    observe: async ({ role: { name, arn } }, look) => {
      const rules = await look.pages('EventBridge.ListRules', {}, 'Rules') // of the default bus, where CloudTrail's events arrive
      const event = assumption(arn, look.plan)
      const candidates = rules.filter(({ State, EventPattern = '' }) => State?.startsWith('ENABLED') && (EventPattern.includes(name) || EventPattern.includes('AssumeRole')))
      const matching = candidates.filter(({ Name, EventPattern }) => matches(EventPattern, event, `rule ${Name}`))
      const targets = await Promise.all(matching.map(({ Name }) => look.pages('EventBridge.ListTargetsByRule', { Rule: Name }, 'Targets')))
      return matching.filter((_, index) => targets[index]!.length > 0).map(({ Name }) => Name)
    },
  }),
] as const
