import { equal } from '#harness/claim.ts'
import { check } from '#harness/fact.ts'
import * as recordings from '#facts/recordings.ts'

export default check({
  title: 'Object Lock is enabled on the bucket',
  why: 'Without Object Lock the archive is erasable.',
  phases: [3, 4], severity: 'blocker', basis: 'plan',
  requirements: ['R-062', 'R-050', 'R-140'], hipaa: ['164.312(c)(1)', '164.310(d)(2)(iv)'], controls: ['CP-9', 'AU-9', 'SI-12'],
  remedy: { say: 'Enable Object Lock on a new bucket, or on the existing one; it cannot be switched off again.', terraform: 'object_lock_enabled = true' },
  needs: { lock: recordings.objectLock },
  judge: ({ lock }) => [equal('ObjectLockEnabled', lock.enabled, true)],
  faults: { 'lock-absent': { absent: 'lock' } },
})
