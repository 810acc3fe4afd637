/** Who can read recordings: whoever may both get the object and decrypt with its key. Pure. */
import type { Plan } from '#plan/expect.ts'
import type { Grant } from '#facts/keys.ts'
import type { Holder } from '#facts/roles.ts'
import { evaluate, parsePolicy } from '../iam.ts'

export interface Given { holders: readonly Holder[]; bucket: { arn: string }; policy: unknown; key: { arn: string }; keyPolicy: unknown; grants: readonly Grant[] }

/** Names of roles and users (the last part of the ARN) that can, or that cannot be ruled out. */
export function readers({ holders, bucket, policy, key, keyPolicy, grants }: Given, plan: Plan): readonly string[] {
  const bucketPolicy = policy === null ? undefined : parsePolicy(policy)
  const keyDocument = parsePolicy(keyPolicy)
  return holders.filter((holder) => {
    const identity = holder.identity.map(parsePolicy)
    const who = { principal: { kind: holder.kind, arn: holder.arn } as const, identity, ...(holder.boundary === null ? {} : { boundary: parsePolicy(holder.boundary) }) }
    const may = (action: string, resource: string, over: object, context: Record<string, string>) =>
      ['allow', 'unknown'].includes(evaluate({ principal: who.principal, action, resource, context: { 'aws:SecureTransport': 'true', 'aws:MultiFactorAuthPresent': 'true', ...context } }, { ...who, ...over, resourceAccount: plan.account }).effect)
    const reads = ['s3:GetObject', 's3:GetObjectVersion'].some((action) => may(action, `${bucket.arn}/recordings/synthetic`, { ...(bucketPolicy === undefined ? {} : { resource: bucketPolicy }), kind: 'bucket' }, {}))
    const granted = grants.some((grant) => grant.grantee === holder.arn && grant.operations.includes('Decrypt'))
    const decrypts = granted || may('kms:Decrypt', key.arn, { resource: keyDocument, kind: 'key' }, { 'kms:ViaService': `s3.${plan.region}.amazonaws.com`, 'kms:EncryptionContext:aws:s3:arn': bucket.arn })
    return reads && decrypts
  }).map((holder) => holder.arn.split('/').at(-1)!)
}
