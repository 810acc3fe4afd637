/** What can be known about IAM: the task role and its grants, the other roles of the plan, and who can read recordings. */
import { beside, fact, observed, orNull, when } from '#harness/fact.ts'
import * as keys from './keys.ts'
import * as recordings from './recordings.ts'
import type { PolicyDocument } from './recordings.ts'

const both = ['tfplan', 'live'] as const
export interface Role { name: string; arn: string; trust: PolicyDocument; maxSessionSeconds: number | null; boundary: PolicyDocument | null }
export const taskRole = fact<Role | null>('roles.task', both)
export interface NamedPolicy { name: string; document: PolicyDocument }
/** Everything that grants to the task role. */
export interface Grants { attached: NamedPolicy[]; inline: NamedPolicy[] }
export const taskGrants = fact<Grants>('roles.taskGrants', both)
/** What IAM's own simulator says of the identity policies, asked without context entries: `${action} ${resource}` → allowed | explicitDeny | implicitDeny. */
export const simulated = fact<Record<string, string>>('roles.simulated', ['live'])
export const breakGlass = fact<Role | null>('roles.breakGlass', ['live'])
/** Names of enabled EventBridge rules with a target that match an AssumeRole of the break-glass role. */
export const breakGlassAlarms = fact<string[]>('roles.breakGlassAlarms', ['live'])
export const mediaPipelinesRole = fact<Role | null>('roles.mediaPipelines', ['live'])
/** A principal of the account with every policy that speaks for it. */
export interface Holder { arn: string; kind: 'role' | 'user'; serviceLinked: boolean; identity: PolicyDocument[]; boundary: PolicyDocument | null }
export const holders = fact<Holder[]>('roles.holders', ['live'])

/** Everything that speaks for or against the task role, for the checks that try its permissions (domain/iam/task.ts). */
export const speaking = {
  role: beside(taskRole), grants: taskGrants, simulated: when('live', simulated),
  bucket: observed(orNull(recordings.bucket)), policy: observed(orNull(recordings.policy)), recordingsKey: observed(orNull(keys.recordingsKey)), signingKey: observed(orNull(keys.signingKey)),
  recordingsPolicy: observed(keys.recordingsKeyPolicy), signingPolicy: observed(keys.signingKeyPolicy),
}
