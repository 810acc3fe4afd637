import { equal, holds } from '#harness/claim.ts'
import { check, orNull, when } from '#harness/fact.ts'
import * as keys from '#facts/keys.ts'

export default check({
  title: 'A separate enabled ECC NIST P256 signing key exists and its id reaches the API',
  why: 'ES256 cannot be produced with a symmetric key, so tokens would be unsigned or signed elsewhere.',
  phases: [3, 4], severity: 'blocker', basis: 'plan',
  requirements: ['R-060', 'R-005', 'R-094', 'R-044'], hipaa: ['164.312(d)', '164.312(c)(2)'], controls: ['SC-12', 'SC-13', 'IA-5'],
  remedy: { say: 'Add the key, its alias and the variable VIDEO_JWT_SIGNING_KEY_ID.', terraform: 'resource "aws_kms_key" "video_signing" {\n  customer_master_key_spec = "ECC_NIST_P256"\n  key_usage                = "SIGN_VERIFY"\n  deletion_window_in_days  = 30\n}' },
  needs: { key: keys.signingKey, recordings: orNull(keys.recordingsKey), environment: when('tfplan', keys.apiEnvironment) },
  judge: ({ key, recordings, environment }) => [
    equal('KeySpec', key.spec, 'ECC_NIST_P256'),
    equal('KeyUsage', key.usage, 'SIGN_VERIFY'),
    equal('KeyState', key.state, 'Enabled'),
    equal('KeyManager', key.manager, 'CUSTOMER'),
    holds('another key than the recordings key', key.id !== recordings?.id, 'another key', key.id === recordings?.id ? 'the same key' : 'another key'),
    ...(environment === undefined ? [] : [holds('VIDEO_JWT_SIGNING_KEY_ID', environment.VIDEO_JWT_SIGNING_KEY_ID === key.id || environment.VIDEO_JWT_SIGNING_KEY_ID === key.arn, key.id, environment.VIDEO_JWT_SIGNING_KEY_ID)]),
  ],
  faults: {
    'signing-absent': { absent: 'key' },
    'signing-rsa': ({ key }) => { key.spec = 'RSA_2048' },
    'signing-same-as-recordings': ({ key, recordings }) => { Object.assign(key, recordings, { alias: key.alias }) },
  },
})
