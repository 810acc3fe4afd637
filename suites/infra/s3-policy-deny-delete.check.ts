import { editStatement } from '#domain/iam/edit.ts'
import { beside, check } from '#harness/fact.ts'
import { denied } from '#harness/policy.ts'
import * as recordings from '#facts/recordings.ts'

export default check({
  title: 'The bucket policy denies deleting objects and versions to everybody',
  why: 'Delete markers hide records, and outside the lock period versions could go.',
  phases: [3, 4], severity: 'blocker', basis: 'plan',
  requirements: ['R-074'], hipaa: ['164.312(c)(1)', '164.308(a)(7)(ii)(A)'], controls: ['AU-9', 'CP-9.8', 'AC-3'],
  remedy: { say: 'Deny s3:DeleteObject and s3:DeleteObjectVersion on all objects to every principal, without a condition.', terraform: '{ Sid = "DenyDelete", Effect = "Deny", Principal = "*", Action = ["s3:DeleteObject", "s3:DeleteObjectVersion"], Resource = "${aws_s3_bucket.video_recordings.arn}/*" }' },
  needs: { bucket: beside(recordings.bucket), policy: recordings.policy },
  judge: ({ bucket, policy }, plan) => ['s3:DeleteObject', 's3:DeleteObjectVersion'].map((action) =>
    denied(`ways around the Deny of ${action}`, policy, { account: plan.account, context: {}, actions: [action], resources: [`${bucket.arn}/recordings/synthetic`, `${bucket.arn}/app/synthetic`, `${bucket.arn}/synthetic`] })),
  faults: {
    'forbidden-delete-version': (given) => editStatement(given, 'policy', 'DenyDelete', () => null),
    'policy-absent': { absent: 'policy' },
    'delete-deny-absent': (given) => editStatement(given, 'policy', 'DenyDelete', () => null),
    'delete-version-open': (given) => editStatement(given, 'policy', 'DenyDelete', (it) => ({ ...it, Action: 's3:DeleteObject' })),
    'delete-deny-ip-bound': (given) => editStatement(given, 'policy', 'DenyDelete', (it) => ({ ...it, Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } })),
  },
})
