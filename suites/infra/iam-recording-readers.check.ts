import { readers } from '#domain/iam/readers.ts'
import { sameSet } from '#harness/claim.ts'
import { beside, check, orNull } from '#harness/fact.ts'
import * as keys from '#facts/keys.ts'
import * as recordings from '#facts/recordings.ts'
import * as roles from '#facts/roles.ts'

export default check({
  title: 'Exactly the approved principals can read and decrypt recordings',
  why: 'Minimum necessary: an unnoticed administrator or CI role is the usual leak.',
  phases: [4], severity: 'blocker', basis: 'plan',
  requirements: ['R-194', 'R-082'], hipaa: ['164.502(b)', '164.308(a)(4)(ii)(B)', '164.308(a)(3)(ii)(A)'], controls: ['AC-2', 'AC-3', 'AC-6'],
  remedy: { say: 'Take the right to read or to decrypt away from the principal, or record its approval in /recordings/readers of the target.' },
  needs: { holders: roles.holders, bucket: beside(recordings.bucket), policy: orNull(recordings.policy), key: beside(keys.recordingsKey), keyPolicy: beside(keys.recordingsKeyPolicy), grants: keys.recordingsGrants },
  judge: (given, plan) => [sameSet('principals that can read and decrypt', readers(given, plan), plan.recordings.readers)],
  faults: {
    'reader-ci-role': ({ holders, keyPolicy }) => {
      const arn = 'arn:aws:iam::111122223333:role/ci-deploy'
      holders.push({ arn, kind: 'role', serviceLinked: false, boundary: null, identity: [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['s3:GetObject', 'kms:Decrypt'], Resource: '*' }] }] })
      ;(keyPolicy as { Statement: unknown[] }).Statement.push({ Effect: 'Allow', Principal: { AWS: arn }, Action: 'kms:Decrypt', Resource: '*' })
    },
  },
})
