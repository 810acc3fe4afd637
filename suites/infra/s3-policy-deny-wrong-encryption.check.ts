import { editStatement } from '#domain/iam/edit.ts'
import { evaluate, parsePolicy } from '#domain/iam.ts'
import { holds } from '#harness/claim.ts'
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
  remedy: { say: 'Deny s3:PutObject with Null = false plus StringNotEquals on s3:x-amz-server-side-encryption and, in a second statement, on s3:x-amz-server-side-encryption-aws-kms-key-id with the ARN of the key. StringNotEqualsIfExists would also refuse puts without the header.' },
  needs: { bucket: beside(recordings.bucket), policy: recordings.policy, key: beside(keys.recordingsKey) },
  judge: ({ bucket, policy, key }, plan) => {
    const resources = [`${bucket.arn}/recordings/synthetic`, `${bucket.arn}/app/synthetic`]
    const put = (at: string, context: Record<string, string>) => denied(at, policy, { account: plan.account, actions: ['s3:PutObject'], context, resources })
    const plain = evaluate({ principal: { kind: 'role', arn: plan.roleArn(plan.roles.task) }, action: 's3:PutObject', resource: resources[0]!, context: { 'aws:SecureTransport': 'true' } }, { resource: parsePolicy(policy), resourceAccount: plan.account, kind: 'bucket' })
    return [
      put('ways to store with AES256', { [algorithm]: 'AES256' }),
      put('ways to store with aws:kms:dsse', { [algorithm]: 'aws:kms:dsse' }),
      put('ways to store with another key', { [algorithm]: plan.recordings.algorithm, [keyId]: `arn:aws:kms:${plan.region}:${plan.account}:key/00000000-0000-0000-0000-000000000000` }),
      put('ways to store with a key of another account', { [algorithm]: plan.recordings.algorithm, [keyId]: key.arn.replace(plan.account, '999999999999') }),
      holds('a plain put that relies on the default', plain.effect !== 'deny', 'not denied', plain.effect),
    ]
  },
  faults: {
    'policy-absent': { absent: 'policy' },
    'algorithm-deny-absent': (given) => editStatement(given, 'policy', 'DenyWrongAlgorithm', () => null),
    'key-deny-absent': (given) => editStatement(given, 'policy', 'DenyWrongKey', () => null),
    'algorithm-deny-if-exists': (given) => editStatement(given, 'policy', 'DenyWrongAlgorithm', (it) => ({ ...it, Condition: { StringNotEqualsIfExists: { [algorithm]: 'aws:kms' } } })),
  },
})
