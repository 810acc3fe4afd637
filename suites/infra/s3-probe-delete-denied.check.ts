import { tried } from '#harness/claim.ts'
import { check } from '#harness/fact.ts'
import { allow } from '#domain/trial.ts'
import * as recordings from '#facts/recordings.ts'

export default check({
  title: 'Deleting a locked canary version is refused to everybody, in every way',
  why: 'Only behaviour proves that lock and policy work together.',
  phases: [4, 7], severity: 'blocker', basis: 'plan',
  requirements: ['R-074', 'R-067', 'R-159', 'R-140'], hipaa: ['164.312(c)(1)'], controls: ['AU-9', 'CP-9.8', 'CA-2'],
  remedy: { say: 'Correct the lock of the module that makes both the recordings and the canary bucket.' },
  needs: { trial: recordings.deleteTrial },
  judge: ({ trial }) => tried(trial, 28, recordings.mustStayReadable),
  faults: {
    'canary-unlocked': ({ trial }) => allow(trial, /^probe: .*default retention/),
    'canary-governance': ({ trial }) => allow(trial, /^probe: (DeleteObject with BypassGovernanceRetention|DeleteObjects), bucket default/),
  },
})
