import { tried } from '#harness/claim.ts'
import { check } from '#harness/fact.ts'
import { allow } from '#domain/trial.ts'
import * as recordings from '#facts/recordings.ts'

export default check({
  title: 'Plain HTTP, anonymous requests and a put naming AES256 are refused',
  why: 'Confirms the evaluated policy on the wire.',
  phases: [4, 7], severity: 'major', basis: 'plan',
  requirements: ['R-073', 'R-065', 'R-072'], hipaa: ['164.312(e)(1)', '164.312(a)(2)(iv)'], controls: ['SC-8', 'SC-28', 'CA-2'],
  remedy: { say: 'Repair the bucket policy of the module.' },
  needs: { trial: recordings.transportTrial },
  judge: ({ trial }) => tried(trial, 5),
  faults: {
    'canary-transport-open': ({ trial }) => allow(trial, /plain http/i),
    'canary-aes256-open': ({ trial }) => allow(trial, /AES256/),
    'canary-public': ({ trial }) => allow(trial, /^anonymous GetObject/),
  },
})
