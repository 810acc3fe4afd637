/** What the plan promises about recordings: one place for every expected value (plan, Phase 3; requirements R-061 … R-079). */
export const recordings = {
  retentionDays: 2557, // 7 years with two leap days: R-068
  retentionYears: 7,
  mode: 'COMPLIANCE',
  glacierDays: 90,
  glacierClass: 'GLACIER',
  abortUploadDays: 7,
  tags: { Compliance: 'HIPAA', DataClassification: 'PHI', Retention: '7-years' }, // R-063; Name is made from the naming
  algorithm: 'aws:kms',
  deletionWindowDays: 30,
  rotationDays: 365,
  sample: 12, // versions looked at per run: newest, oldest and spread between
} as const

/** Bucket configuration that decides what happens to recordings; a write to any of it needs the deployment or break-glass role. */
export const configurationActions = [
  's3:PutBucketObjectLockConfiguration', 's3:PutLifecycleConfiguration', 's3:PutBucketVersioning', 's3:PutEncryptionConfiguration',
  's3:PutReplicationConfiguration', 's3:PutBucketPublicAccessBlock', 's3:PutBucketOwnershipControls', 's3:PutBucketPolicy',
  's3:DeleteBucketPolicy', 's3:DeleteBucket', 's3:PutBucketAcl', 's3:PutBucketLogging', 's3:PutBucketNotification',
] as const

export const mediaPipelines = 'mediapipelines.chime.amazonaws.com'
