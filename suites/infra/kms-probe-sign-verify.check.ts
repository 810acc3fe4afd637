import { equal, holds, tried } from '#harness/claim.ts'
import { check } from '#harness/fact.ts'
import { refuse } from '#domain/trial.ts'
import * as keys from '#facts/keys.ts'

function noSignature(trial: Parameters<typeof refuse>[0]): void {
  refuse(trial, /^sign/)
  Object.assign(trial, { derBytes: 0, joseBytes: 0, verified: false })
}

export default check({
  title: 'A signature made by KMS verifies offline and converts to 64-byte JOSE form',
  why: 'KMS returns DER while a JWT needs R and S side by side: the usual mistake.',
  phases: [4, 7], severity: 'major', basis: 'plan',
  requirements: ['R-005', 'R-060'], hipaa: ['164.312(d)'], controls: ['SC-13', 'IA-5'],
  remedy: { say: 'Use an ECC_NIST_P256 key with ECDSA_SHA_256 and convert its DER signature to JOSE form.' },
  needs: { trial: keys.signTrial },
  judge: ({ trial }) => [
    ...tried(trial, 2, /^sign/),
    equal('length of the JOSE signature, bytes', trial.joseBytes, 64),
    holds('length of the DER signature, bytes', trial.derBytes >= 68 && trial.derBytes <= 72, '68 to 72', trial.derBytes),
    equal('offline verification', trial.verified, true),
    equal('offline verification of another message', trial.tamperedVerified, false),
  ],
  faults: {
    'sign-canary-disabled': ({ trial }) => noSignature(trial),
    'sign-canary-rsa': ({ trial }) => noSignature(trial),
  },
})
