import { editStatement } from '#domain/iam/edit.ts'
import { evaluate, parsePolicy } from '#domain/iam.ts'
import { afterApply, holds, notKnown } from '#harness/claim.ts'
import { beside, check } from '#harness/fact.ts'
import { denied } from '#harness/policy.ts'
import * as keys from '#facts/keys.ts'
import * as recordings from '#facts/recordings.ts'

const algorithm = 's3:x-amz-server-side-encryption'
const keyId = 's3:x-amz-server-side-encryption-aws-kms-key-id'

export default check({
  title: 'The bucket policy denies a put that names another algorithm or another key',
  why: 'A default can be overridden by request headers, and such an object escapes the control of the key.',
  phases: [3, 4], severity: 'major', basis: 'plan',
  requirements: ['R-065'], hipaa: ['164.312(a)(2)(iv)'], controls: ['SC-28', 'SC-12', 'AC-3'],
  remedy: { say: 'Deny s3:PutObject with Null = false plus StringNotEquals on s3:x-amz-server-side-encryption and, in a second statement, on s3:x-amz-server-side-encryption-aws-kms-key-id with the ARN of the key; deny aws:kms with Null = true on the key id (S3 would take the key that AWS manages) and customer keys (Null = false on ...-customer-algorithm). StringNotEqualsIfExists would also refuse puts without the header.' },
  needs: { bucket: beside(recordings.bucket), policy: recordings.policy, key: beside(keys.recordingsKey) },
  judge: ({ bucket, policy, key }, plan) => {
    const resources = [`${bucket.arn}/recordings/synthetic`, `${bucket.arn}/app/synthetic`]
    const put = (at: string, context: Record<string, string>) => denied(at, policy, { account: plan.account, actions: ['s3:PutObject'], context, resources })
    // with the key id absent: S3 then takes aws/s3
    const unnamed = (at: string, context: Record<string, string>) => {
      const { effect } = evaluate({ principal: { kind: 'role', arn: plan.roleArn(plan.roles.task) }, action: 's3:PutObject', resource: resources[0]!, context: { 'aws:SecureTransport': 'true', ...context } }, { resource: parsePolicy(policy), resourceAccount: plan.account, kind: 'bucket' })
      return effect === 'unknown' ? notKnown(at, 'denied', afterApply('the policy is not known yet', at)) : holds(at, effect === 'deny', 'denied', effect === 'deny' ? 'denied' : 'not denied')
    }
    const plain = evaluate({ principal: { kind: 'role', arn: plan.roleArn(plan.roles.task) }, action: 's3:PutObject', resource: resources[0]!, context: { 'aws:SecureTransport': 'true' } }, { resource: parsePolicy(policy), resourceAccount: plan.account, kind: 'bucket' })
    return [
      put('ways to store with AES256', { [algorithm]: 'AES256' }),
      put('ways to store with aws:kms:dsse', { [algorithm]: 'aws:kms:dsse' }),
      put('ways to store with another key', { [algorithm]: plan.recordings.algorithm, [keyId]: `arn:aws:kms:${plan.region}:${plan.account}:key/00000000-0000-0000-0000-000000000000` }),
      unnamed('a put of aws:kms that names no key', { [algorithm]: plan.recordings.algorithm }),
      put('ways to store with a key of the caller', { 's3:x-amz-server-side-encryption-customer-algorithm': 'AES256' }),
      put('ways to store with a key of another account', { [algorithm]: plan.recordings.algorithm, [keyId]: key.arn.replace(plan.account, '999999999999') }),
      holds('a plain put that relies on the default', plain.effect !== 'deny', 'not denied', plain.effect),
    ]
  },
  faults: {
    'policy-absent': { absent: 'policy' },
    'algorithm-deny-absent': (given) => editStatement(given, 'policy', 'DenyWrongAlgorithm', () => null),
    'key-deny-absent': (given) => editStatement(given, 'policy', 'DenyWrongKey', () => null),
    'unnamed-key-open': (given) => editStatement(given, 'policy', 'DenyUnnamedKey', () => null),
    'customer-key-open': (given) => editStatement(given, 'policy', 'DenyCustomerKey', () => null),
    'algorithm-deny-if-exists': (given) => editStatement(given, 'policy', 'DenyWrongAlgorithm', (it) => ({ ...it, Condition: { StringNotEqualsIfExists: { [algorithm]: 'aws:kms' } } })),
  },
})
