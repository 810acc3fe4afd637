import { equal } from '#harness/claim.ts'
import { check } from '#harness/fact.ts'
import * as keys from '#facts/keys.ts'

export default check({
  title: 'The deletion window is 30 days for both keys',
  why: 'It is the shortest time in which somebody can notice.',
  phases: [3], severity: 'major', basis: 'plan', standing: false,
  requirements: ['R-055'], hipaa: ['164.312(c)(1)'], controls: ['SC-12', 'CP-9'],
  remedy: { say: 'Write the window down for both keys.', terraform: 'deletion_window_in_days = 30' },
  needs: { windows: keys.deletionWindows },
  judge: ({ windows }, plan) => [
    equal('deletion_window_in_days of the recordings key', windows.recordings, plan.recordings.deletionWindowDays),
    equal('deletion_window_in_days of the signing key', windows.signing, plan.recordings.deletionWindowDays),
  ],
  faults: { 'tf-deletion-window-7': ({ windows }) => { windows.recordings = 7 } },
})
