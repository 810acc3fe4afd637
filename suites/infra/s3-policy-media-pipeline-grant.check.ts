import { editStatement } from '#domain/iam/edit.ts'
import { serviceGrant } from '#harness/service-grant.ts'
import { beside, check } from '#harness/fact.ts'
import { mediaPipelines } from '#plan/recordings.ts'
import * as recordings from '#facts/recordings.ts'

export default check({
  title: 'The Chime media pipelines may write recordings, bound to this account',
  why: 'Without the grant no recording is ever stored, and without its condition any account could write.',
  phases: [3, 4], severity: 'blocker', basis: 'plan',
  requirements: ['R-075', 'R-006'], hipaa: ['164.312(a)(1)', '164.308(a)(4)(ii)(B)'], controls: ['AC-3', 'AC-4', 'SC-7'],
  remedy: { say: 'Allow s3:PutObject and s3:PutObjectAcl (for concatenation also s3:GetObject and s3:ListBucket) to mediapipelines.chime.amazonaws.com with aws:SourceAccount and aws:SourceArn.' },
  applies: (plan) => plan.meetings === 'chime' || 'visits use Amazon Connect, which stores recordings by its own storage configuration',
  needs: { bucket: beside(recordings.bucket), policy: recordings.policy },
  judge: ({ bucket, policy }, plan) => ['s3:PutObject', 's3:PutObjectAcl'].flatMap((action) =>
    serviceGrant(policy, { service: mediaPipelines, action, resource: `${bucket.arn}/recordings/synthetic`, account: plan.account, region: plan.region, kind: 'bucket' })),
  faults: {
    'algorithm-deny-if-exists': (given) => editStatement(given, 'policy', 'DenyWrongAlgorithm', ({ Condition: _, ...it }) => it), // it refuses every plain put
    'policy-absent': { absent: 'policy' },
    'pipelines-absent': (given) => editStatement(given, 'policy', 'AllowMediaPipelines', () => null),
    'pipelines-unbound': (given) => editStatement(given, 'policy', 'AllowMediaPipelines', ({ Condition: _, ...it }) => it),
  },
})
