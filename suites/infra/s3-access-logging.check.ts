import { atLeast, equal, holds, stated } from '#harness/claim.ts'
import { beside, check } from '#harness/fact.ts'
import * as recordings from '#facts/recordings.ts'

export default check({
  title: 'Server access logs go to another, hardened bucket',
  why: 'A second, independent record of access must be as safe as what it describes.',
  phases: [3, 4], severity: 'major', basis: 'plan',
  requirements: ['R-076', 'R-045', 'R-176'], hipaa: ['164.312(b)', '164.308(a)(1)(ii)(D)'], controls: ['AU-2', 'AU-3', 'AU-12', 'AU-9'],
  remedy: { say: 'Log to a private, encrypted bucket without default retention (S3 refuses to deliver logs into one with it) that keeps logs for 2557 days; or waive this with complete CloudTrail data events.', terraform: 'resource "aws_s3_bucket_logging" "video_recordings" {\n  bucket        = aws_s3_bucket.video_recordings.id\n  target_bucket = aws_s3_bucket.access_logs.id\n  target_prefix = "video-recordings/"\n}' },
  needs: { bucket: beside(recordings.bucket), log: recordings.logging },
  judge: ({ bucket, log }, plan) => [
    holds('TargetBucket', log.name !== bucket.name, 'another bucket', log.name),
    equal('public-access blocks of the log bucket', log.publicAccess, { blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: true, restrictPublicBuckets: true }),
    holds('encryption of the log bucket', log.encryption === 'aws:kms' || log.encryption === 'AES256', 'encrypted', log.encryption),
    equal('default retention of the log bucket', log.defaultRetention, false),
    ...(log.keepDays === null ? [stated('days that logs are kept', 'for ever')] : [atLeast('days that logs are kept', log.keepDays, plan.recordings.retentionDays)]),
  ],
  faults: {
    'logging-off': { absent: 'log' },
    'logging-to-itself': ({ bucket, log }) => { Object.assign(log, { name: bucket.name, encryption: 'aws:kms', defaultRetention: true, keepDays: 2557 }) },
    'log-bucket-public': ({ log }) => { log.publicAccess = null },
    'log-bucket-short': ({ log }) => { log.keepDays = 30 },
  },
})
