import { equal, oneOf } from '#harness/claim.ts'
import { beside, check } from '#harness/fact.ts'
import * as keys from '#facts/keys.ts'
import * as recordings from '#facts/recordings.ts'

export default check({
  title: 'Default encryption is KMS with the recordings key, and Bucket Keys are on',
  why: 'PHI at rest must be under a key whose use is controlled and logged.',
  phases: [3, 4], severity: 'blocker', basis: 'plan',
  requirements: ['R-065', 'R-066', 'R-049'], hipaa: ['164.312(a)(2)(iv)', '164.312(e)(2)(ii)'], controls: ['SC-28', 'SC-28.1', 'SC-12'],
  remedy: { say: 'Point the default encryption at the ARN of the recordings key and switch Bucket Keys on.', terraform: 'apply_server_side_encryption_by_default { sse_algorithm = "aws:kms"  kms_master_key_id = aws_kms_key.video_recordings.arn }\nbucket_key_enabled = true' },
  needs: { encryption: recordings.encryption, key: beside(keys.recordingsKey) },
  judge: ({ encryption, key }, plan) => [
    equal('SSEAlgorithm', encryption.algorithm, plan.recordings.algorithm),
    oneOf('KMSMasterKeyID', encryption.key, [key.arn, key.id, key.alias, key.arn.replace(/:key\/.*/, `:${key.alias}`)], 'the key behind the recordings alias'),
    equal('BucketKeyEnabled', encryption.bucketKey, true),
  ],
  faults: {
    'sse-s3': ({ encryption }) => { Object.assign(encryption, { algorithm: 'AES256', key: null, bucketKey: false }) },
    'sse-aws-managed-key': ({ encryption }) => { encryption.key = null },
    'sse-other-key': ({ encryption }) => { encryption.key = 'arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000000' },
    'bucket-key-off': ({ encryption }) => { encryption.bucketKey = false },
    'alias-elsewhere': ({ key }) => { Object.assign(key, { id: '00000000-0000-0000-0000-000000000000', arn: 'arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000000' }) },
  },
})
