import { equal } from '#harness/claim.ts'
import { check } from '#harness/fact.ts'
import * as recordings from '#facts/recordings.ts'

export default check({
  title: 'Versioning is Enabled, not Suspended',
  why: 'Object Lock protects versions, and suspended versioning loses overwrites.',
  phases: [3, 4], severity: 'blocker', basis: 'plan',
  requirements: ['R-064'], hipaa: ['164.312(c)(1)', '164.308(a)(7)(ii)(A)'], controls: ['AU-9.2', 'CP-9', 'SI-12'],
  remedy: { say: 'Enable versioning.', terraform: 'versioning_configuration { status = "Enabled" }' },
  needs: { versioning: recordings.versioning },
  judge: ({ versioning }) => [equal('Status', versioning.status, 'Enabled')],
  faults: { 'versioning-suspended': ({ versioning }) => { versioning.status = 'Suspended' } },
})
