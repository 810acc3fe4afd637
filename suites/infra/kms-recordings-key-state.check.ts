import { equal } from '#harness/claim.ts'
import { check } from '#harness/fact.ts'
import * as keys from '#facts/keys.ts'

export default check({
  title: 'The alias points to one enabled, customer-managed, single-region symmetric key',
  why: 'A disabled or deleted key makes every recording unreadable.',
  phases: [3, 4], severity: 'blocker', basis: 'plan',
  requirements: ['R-059', 'R-049', 'R-126', 'R-141', 'R-057', 'R-089', 'R-090'], hipaa: ['164.312(a)(2)(iv)'], controls: ['SC-12', 'SC-13', 'CP-9'],
  remedy: { say: 'Cancel the deletion, enable the key, or repair the alias.', cli: 'aws kms cancel-key-deletion --key-id ID && aws kms enable-key --key-id ID' },
  needs: { key: keys.recordingsKey },
  judge: ({ key }, plan) => [
    equal('KeyState', key.state, 'Enabled'),
    equal('KeyManager', key.manager, 'CUSTOMER'),
    equal('KeySpec', key.spec, 'SYMMETRIC_DEFAULT'),
    equal('KeyUsage', key.usage, 'ENCRYPT_DECRYPT'),
    equal('Origin', key.origin, 'AWS_KMS'),
    equal('MultiRegion', key.multiRegion, false),
    ...(key.id.startsWith('<') || plan.outputs.video_recordings_kms_key_id === undefined ? [] : [equal('key id in the Terraform outputs', key.id, plan.outputs.video_recordings_kms_key_id)]),
  ],
  faults: {
    'key-multi-region': ({ key }) => { key.multiRegion = true },
    'alias-absent': { absent: 'key' },
    'alias-elsewhere': ({ key }) => { key.id = '00000000-0000-0000-0000-000000000000' },
    'key-pending-deletion': ({ key }) => { key.state = 'PendingDeletion' },
    'key-disabled': ({ key }) => { key.state = 'Disabled' },
  },
})
