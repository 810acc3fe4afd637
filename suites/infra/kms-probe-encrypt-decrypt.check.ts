import { tried } from '#harness/claim.ts'
import { check } from '#harness/fact.ts'
import { allow, refuse } from '#domain/trial.ts'
import * as keys from '#facts/keys.ts'

export default check({
  title: 'A data key round trip succeeds for the task-like probe and fails without a grant',
  why: 'It proves key policy and key state together.',
  phases: [4, 7], severity: 'major', basis: 'plan',
  requirements: ['R-160', 'R-083'], hipaa: ['164.312(a)(2)(iv)'], controls: ['SC-12', 'CA-2'],
  remedy: { say: 'Repair the key policy or the state of the key.' },
  needs: { trial: keys.dataKeyTrial },
  judge: ({ trial }) => tried(trial, 2, /^round trip/),
  faults: {
    'alias-elsewhere': ({ trial }) => refuse(trial, /^round trip/),
    'probe-decrypt-open': ({ trial }) => allow(trial, /without/),
    'probe-round-trip-broken': ({ trial }) => refuse(trial, /^round trip/),
    'key-disabled': ({ trial }) => refuse(trial, /^round trip/),
    'key-pending-deletion': ({ trial }) => refuse(trial, /^round trip/),
    'key-wildcard': ({ trial }) => allow(trial, /without/),
  },
})
