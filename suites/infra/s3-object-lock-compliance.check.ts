import { equal } from '#harness/claim.ts'
import { check } from '#harness/fact.ts'
import * as recordings from '#facts/recordings.ts'

export default check({
  title: 'The default retention mode is COMPLIANCE',
  why: 'GOVERNANCE can be bypassed by whoever holds one permission.',
  phases: [3, 4], severity: 'blocker', basis: 'plan',
  requirements: ['R-067'], hipaa: ['164.312(c)(1)', '164.312(c)(2)'], controls: ['AU-9', 'SI-12', 'CP-9.8'],
  remedy: { say: 'Set the mode of the default retention.', terraform: 'default_retention { mode = "COMPLIANCE"  days = 2557 }' },
  needs: { retention: recordings.defaultRetention },
  judge: ({ retention }, plan) => [equal('Mode', retention.mode, plan.recordings.mode)],
  faults: {
    'lock-governance': ({ retention }) => { retention.mode = 'GOVERNANCE' },
    'lock-no-default': { absent: 'retention' },
  },
})
