import { check, beside } from '#harness/fact.ts'
import { denied } from '#harness/policy.ts'
import { none } from '#harness/claim.ts'
import { evaluate, parsePolicy } from '#domain/iam.ts'
import { actionsOf } from '#domain/iam/scope.ts'
import * as recordings from '#facts/recordings.ts'
import { editStatement } from '#domain/iam/edit.ts'

const ofBucket = ['s3:ListBucket', 's3:GetBucketPolicy', 's3:PutBucketPolicy', 's3:ListBucketVersions']
const ofObjects = ['s3:GetObject', 's3:PutObject', 's3:GetObjectVersion', 's3:PutObjectRetention', 's3:AbortMultipartUpload']

export default check({
  title: 'The bucket policy denies every request over plain HTTP',
  why: 'Over plain HTTP, PHI and signed requests would travel in clear.',
  phases: [3, 4], severity: 'blocker', basis: 'plan',
  requirements: ['R-073', 'R-187'], hipaa: ['164.312(e)(1)', '164.312(e)(2)(i)', '164.312(e)(2)(ii)'], controls: ['SC-8', 'SC-8.1', 'SC-23', 'AC-17.2'],
  remedy: { say: 'Deny s3:* to every principal on the bucket and its objects when aws:SecureTransport is false.', terraform: '{ Sid = "DenyInsecureTransport", Effect = "Deny", Principal = "*", Action = "s3:*", Resource = [aws_s3_bucket.video_recordings.arn, "${aws_s3_bucket.video_recordings.arn}/*"], Condition = { Bool = { "aws:SecureTransport" = "false" } } }' },
  needs: { bucket: beside(recordings.bucket), policy: recordings.policy },
  judge: ({ bucket, policy }, plan) => {
    const plain = { account: plan.account, context: { 'aws:SecureTransport': 'false' } }
    return [
      denied('ways around the Deny on the bucket', policy, { ...plain, actions: ofBucket, resources: [bucket.arn] }),
      none('S3 actions that the Deny leaves out', (actionsOf('s3:*') ?? []).filter((action) => evaluate({ principal: { kind: 'role', arn: plan.roleArn('anybody') }, action, resource: /Object|Multipart/.test(action) ? `${bucket.arn}/synthetic` : bucket.arn, context: plain.context }, { resource: parsePolicy(policy), resourceAccount: plan.account, kind: 'bucket' }).effect !== 'deny')),
      denied('ways around the Deny on its objects', policy, { ...plain, actions: ofObjects, resources: [`${bucket.arn}/recordings/synthetic`, `${bucket.arn}/app/synthetic`, `${bucket.arn}/synthetic`] }),
    ]
  },
  faults: {
    'policy-absent': { absent: 'policy' },
    'transport-deny-absent': (given) => editStatement(given, 'policy', 'DenyInsecureTransport', () => null),
    'transport-deny-no-objects': (given) => editStatement(given, 'policy', 'DenyInsecureTransport', (it) => ({ ...it, Resource: given.bucket.arn })),
    'transport-deny-account-only': (given) => editStatement(given, 'policy', 'DenyInsecureTransport', (it) => ({ ...it, Principal: { AWS: 'arn:aws:iam::111122223333:root' } })),
    'transport-deny-inverted': {
      edit: (given) => editStatement(given, 'policy', 'DenyInsecureTransport', (it) => ({ ...it, Condition: { Bool: { 'aws:SecureTransport': 'true' } } })),
      notLive: 'it refuses the auditor itself, so that every fact of the bucket is unknown: denied',
    },
  },
})
