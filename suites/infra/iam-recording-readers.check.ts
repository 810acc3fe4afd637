import { editStatement } from '#domain/iam/edit.ts'
import { defaultKeyPolicy } from '#domain/iam/key-policy.ts'
import { readers } from '#domain/iam/readers.ts'
import { sameSet } from '#harness/claim.ts'
import { beside, check, orNull } from '#harness/fact.ts'
import * as keys from '#facts/keys.ts'
import * as recordings from '#facts/recordings.ts'
import * as roles from '#facts/roles.ts'

function reader(holders: object[], keyPolicy: unknown, name: string): void {
  const arn = `arn:aws:iam::111122223333:${name}`
  holders.push({ arn, kind: name.split('/')[0], serviceLinked: false, boundary: null, identity: [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['s3:GetObject', 'kms:Decrypt'], Resource: '*' }] }] })
  ;(keyPolicy as { Statement: unknown[] }).Statement.push({ Effect: 'Allow', Principal: { AWS: arn }, Action: 'kms:Decrypt', Resource: '*' })
}

export default check({
  title: 'Exactly the approved principals can read and decrypt recordings',
  why: 'Minimum necessary: an unnoticed administrator or CI role is the usual leak.',
  phases: [4], severity: 'blocker', basis: 'plan',
  requirements: ['R-194', 'R-082'], hipaa: ['164.502(b)', '164.308(a)(4)(ii)(B)', '164.308(a)(3)(ii)(A)'], controls: ['AC-2', 'AC-3', 'AC-6'],
  remedy: { say: 'Take the right to read or to decrypt away from the principal, or record its approval in /recordings/readers of the target.' },
  needs: { holders: roles.holders, bucket: beside(recordings.bucket), policy: orNull(recordings.policy), key: beside(keys.recordingsKey), keyPolicy: beside(keys.recordingsKeyPolicy), grants: keys.recordingsGrants },
  judge: (given, plan) => [sameSet('principals that can read and decrypt', readers(given, plan), plan.recordings.readers)],
  faults: {
    'alias-elsewhere': (given) => { given.key.arn = 'arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000000'; given.keyPolicy = defaultKeyPolicy('111122223333') },
    'policy-detached': ({ holders }) => { for (const holder of holders) if (holder.arn.endsWith('/telehealth-ecs-task-role-prod')) holder.identity = [] },
    'task-role-absent': ({ holders }) => { holders.splice(holders.findIndex((holder) => holder.arn.endsWith('/telehealth-ecs-task-role-prod')), 1) },
    'public-reader': (given) => editStatement(given, 'policy', '+PublicReader', (it) => ({ ...it, Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `${given.bucket.arn}/*` })),
    'reader-user': ({ holders, keyPolicy }) => reader(holders, keyPolicy, 'user/clinic-operator'),
    'reader-ci-role': ({ holders, keyPolicy }) => reader(holders, keyPolicy, 'role/ci-deploy'),
  },
})
