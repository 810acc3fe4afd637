import { tried } from '#harness/claim.ts'
import { check } from '#harness/fact.ts'
import { allow } from '#domain/trial.ts'
import * as recordings from '#facts/recordings.ts'

export default check({
  title: 'Shortening a canary retention or weakening its mode is refused, lengthening is accepted',
  why: 'This is what COMPLIANCE means.',
  phases: [4, 7], severity: 'blocker', basis: 'plan',
  requirements: ['R-067'], hipaa: ['164.312(c)(1)'], controls: ['AU-9', 'SI-12', 'CA-2'],
  remedy: { say: 'Store in COMPLIANCE mode; an object that was stored in another mode must be written again.' },
  needs: { trial: recordings.shortenTrial },
  judge: ({ trial }) => tried(trial, 4),
  faults: { 'canary-governance': ({ trial }) => allow(trial, /GOVERNANCE$|bypass/i) },
})
