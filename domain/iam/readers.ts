/** Who can read recordings: whoever may both get the object and decrypt with its key. Pure. */
import type { Plan } from '#plan/expect.ts'
import type { Grant } from '#facts/keys.ts'
import type { Holder } from '#facts/roles.ts'
import { evaluate, parsePolicy } from '../iam.ts'
import { generous } from './generous.ts'
import { witnesses } from './witness.ts'

export interface Given { holders: readonly Holder[]; bucket: { arn: string }; policy: unknown; key: { arn: string }; keyPolicy: unknown; grants: readonly Grant[] }

/** Names of roles, and user/NAME of users, that can in some way, or that cannot be ruled out. Conditions of an Allow are taken as met. */
export function readers({ holders, bucket, policy, key, keyPolicy, grants }: Given, plan: Plan): readonly string[] {
  const bucketPolicy = policy === null ? undefined : parsePolicy(policy)
  const keyDocument = generous(parsePolicy(keyPolicy))
  const objects = (documents: readonly unknown[]) => [`${bucket.arn}/recordings/synthetic`, ...['s3:GetObject', 's3:GetObjectVersion'].flatMap((action) => witnesses(documents, action)).filter((one) => one.startsWith(`${bucket.arn}/`))]
  return holders.filter((holder) => {
    const identity = holder.identity.map((document) => generous(parsePolicy(document)))
    const context = { 'aws:SecureTransport': 'true', 'kms:CallerAccount': plan.account }
    const may = (action: string, resource: string, over: object) =>
      ['allow', 'unknown'].includes(evaluate({ principal: { kind: holder.kind, arn: holder.arn }, action, resource, context }, { identity, ...(holder.boundary === null ? {} : { boundary: generous(parsePolicy(holder.boundary)) }), ...over, resourceAccount: plan.account }).effect)
    const reads = objects([...holder.identity, ...(policy === null ? [] : [policy])]).some((object) =>
      ['s3:GetObject', 's3:GetObjectVersion'].some((action) => may(action, object, { ...(bucketPolicy === undefined ? {} : { resource: generous(bucketPolicy) }), kind: 'bucket' })))
    const granted = grants.some((grant) => grant.grantee === holder.arn && grant.operations.includes('Decrypt'))
    return reads && (granted || may('kms:Decrypt', key.arn, { resource: keyDocument, kind: 'key' }))
  }).map((holder) => `${holder.kind === 'user' ? 'user/' : ''}${holder.arn.split('/').at(-1)!}`)
}
