import { atMost, equal } from '#harness/claim.ts'
import { check } from '#harness/fact.ts'
import * as keys from '#facts/keys.ts'

export default check({
  title: 'Automatic rotation is on for the recordings key',
  why: 'Rotation limits the reach of one version of the key.',
  phases: [3, 4], severity: 'major', basis: 'plan',
  requirements: ['R-056'], hipaa: ['164.312(a)(2)(iv)'], controls: ['SC-12', 'SC-12.2'],
  remedy: { say: 'Switch rotation on, every 365 days or more often.', terraform: 'enable_key_rotation = true' },
  needs: { rotation: keys.rotation },
  judge: ({ rotation }, plan) => [
    equal('KeyRotationEnabled', rotation.enabled, true),
    ...(rotation.days === null ? [] : [atMost('RotationPeriodInDays', rotation.days, plan.recordings.rotationDays)]), // null: not set, KMS then takes 365 days
  ],
  faults: { 'rotation-off': ({ rotation }) => { rotation.enabled = false } },
})
