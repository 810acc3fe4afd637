/** What the task role may do, with everything that speaks for or against it. Pure. */
import type { Plan } from '#plan/expect.ts'
import type { Grants, Role } from '#facts/roles.ts'
import { evaluate, parsePolicy, type Decision } from '../iam.ts'
import { defaultKeyPolicy } from './key-policy.ts'

export interface Speaking {
  readonly role: Role
  readonly grants: Grants
  readonly bucket: { readonly arn: string }
  readonly policy: unknown // of the bucket; null: none
  readonly recordingsKey: { readonly arn: string }
  readonly signingKey: { readonly arn: string }
  readonly recordingsPolicy: unknown
  readonly signingPolicy: unknown
}

/** Stands where no signing key is: an ARN that no policy names. */
export const absentKey = (plan: Plan): { arn: string } => ({ arn: `arn:aws:kms:${plan.region}:${plan.account}:key/no-signing-key` })

/** The request as the task makes it: over TLS, data keys through S3, signatures as ES256, mail from our address. */
export function mayTask(speaking: Speaking, { action, resource }: { action: string; resource: string }, plan: Plan): Decision {
  const context: Record<string, string> = { 'aws:SecureTransport': 'true', 'aws:RequestedRegion': plan.region, ...ownContext(action, resource, speaking, plan) }
  const onKey = (resource === speaking.recordingsKey.arn && speaking.recordingsPolicy) || (resource === speaking.signingKey.arn && speaking.signingPolicy)
  const isKey = /^arn:[^:]+:kms:/.test(resource)
  const isBucket = resource === speaking.bucket.arn || resource.startsWith(`${speaking.bucket.arn}/`)
  const document = isKey ? onKey || defaultKeyPolicy(plan.account) : isBucket ? speaking.policy : null
  return evaluate({ principal: { kind: 'role', arn: speaking.role.arn }, action, resource, context }, {
    identity: [...speaking.grants.attached, ...speaking.grants.inline].map((policy) => parsePolicy(policy.document)),
    ...(speaking.role.boundary === null ? {} : { boundary: parsePolicy(speaking.role.boundary) }),
    ...(document === null ? {} : { resource: parsePolicy(document) }),
    resourceAccount: plan.account, kind: isKey ? 'key' : isBucket ? 'bucket' : 'other',
  })
}

/** What IAM's own simulator should say (SimulatePrincipalPolicy without context entries): identity policies and boundary alone. null: own evaluation cannot tell. */
export function simulatedAs({ role, grants }: Pick<Speaking, 'role' | 'grants'>, { action, resource }: { action: string; resource: string }, plan: Plan): 'allowed' | 'explicitDeny' | 'implicitDeny' | null {
  const { effect } = evaluate({ principal: { kind: 'role', arn: role.arn }, action, resource, context: {} }, {
    identity: [...grants.attached, ...grants.inline].map((policy) => parsePolicy(policy.document)),
    ...(role.boundary === null ? {} : { boundary: parsePolicy(role.boundary) }), resourceAccount: plan.account,
  })
  return effect === 'unknown' ? null : effect === 'allow' ? 'allowed' : effect === 'deny' ? 'explicitDeny' : 'implicitDeny'
}

function ownContext(action: string, resource: string, { bucket, signingKey }: Speaking, plan: Plan): Record<string, string> {
  if (action === 'kms:Sign' && resource === signingKey.arn) return { 'kms:SigningAlgorithm': 'ECDSA_SHA_256', 'kms:MessageType': 'DIGEST' }
  if (/^kms:(Decrypt|GenerateDataKey)$/.test(action)) return { 'kms:ViaService': `s3.${plan.region}.amazonaws.com`, 'kms:EncryptionContext:aws:s3:arn': bucket.arn }
  if (action.startsWith('ses:')) return { 'ses:FromAddress': plan.target.messaging === undefined ? '' : plan.mail.from }
  if (action === 's3:ListBucket') return { 's3:prefix': 'recordings/' }
  if (action.startsWith('connect:')) return { 'connect:InstanceId': plan.connect.instanceId }
  return {}
}
