import { atLeast, equal, holds } from '#harness/claim.ts'
import { beside, check, orNull } from '#harness/fact.ts'
import { daysOf } from '#domain/retention.ts'
import { accepted } from '#domain/attestation.ts'
import * as keys from '#facts/keys.ts'
import * as records from '#facts/records.ts'
import * as recordings from '#facts/recordings.ts'

export default check({
  title: 'A locked replica under its own key exists, or the risk is accepted and signed',
  why: 'One region and one account are one failure; acceptance by a named person is a legitimate answer.',
  phases: [4], severity: 'major', basis: 'plan',
  requirements: ['R-078', 'R-179', 'R-191'], hipaa: ['164.308(a)(7)(ii)(A)', '164.308(a)(7)(ii)(B)'], controls: ['CP-6', 'CP-9', 'SC-36'],
  remedy: { say: 'Replicate to a locked bucket in another US region under its own key with metrics on, or record the acceptance in the attestation file.' },
  needs: { bucket: beside(recordings.bucket), key: beside(keys.recordingsKey), replica: orNull(recordings.replica), attestations: orNull(records.attestations) },
  judge: ({ bucket, key, replica, attestations }, plan) => {
    const signed = accepted(attestations, 'infra/s3-second-copy', plan.at)
    if (replica === null) return [holds('second copy', signed !== undefined, 'a replica or a signed acceptance', signed === undefined ? 'neither' : `accepted by ${signed.by} until ${signed.until}`)]
    return [
      holds('place of the replica', replica.region !== bucket.region && /^us-/.test(replica.region), 'another US region', replica.region),
      equal('replication rule enabled', replica.enabled, true),
      equal('replication covers', replica.scope, ''),
      equal('Object Lock mode of the replica', replica.mode, plan.recordings.mode),
      atLeast('Object Lock days of the replica', daysOf(replica), plan.recordings.retentionDays),
      holds('key of the replica', replica.key !== null && replica.key !== key.arn, 'a key of its own', replica.key),
      equal('replication metrics', replica.metrics, true),
    ]
  },
  faults: {
    'replication-absent': { absent: 'replica' },
    'replica-unlocked': ({ replica }) => { Object.assign(replica!, { mode: null, days: null }) },
    'replica-aws-key': ({ replica }) => { replica!.key = null },
  },
})
