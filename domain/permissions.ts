/** AWS calls as observers declare them ('S3.GetBucketEncryption') and the IAM action that each needs. Source: AWS service authorization reference. */

/** Where the action is not named like the call. */
const named: Readonly<Record<string, string>> = {
  'S3.ListBuckets': 's3:ListAllMyBuckets',
  'S3.GetBucketEncryption': 's3:GetEncryptionConfiguration',
  'S3.GetBucketLifecycleConfiguration': 's3:GetLifecycleConfiguration',
  'S3.GetBucketReplication': 's3:GetReplicationConfiguration',
  'S3.GetObjectLockConfiguration': 's3:GetBucketObjectLockConfiguration',
  'S3.GetPublicAccessBlock': 's3:GetBucketPublicAccessBlock',
  'S3.ListObjectVersions': 's3:ListBucketVersions',
  'AccessAnalyzer.ListFindingsV2': 'access-analyzer:ListFindings',
}
const prefixes: Readonly<Record<string, string>> = { S3: 's3', KMS: 'kms', IAM: 'iam', STS: 'sts', AccessAnalyzer: 'access-analyzer', EventBridge: 'events' }

/** 'S3.GetBucketPolicy' → 's3:GetBucketPolicy'. Throws for a service that this project does not know. */
export function iamAction(call: string): string {
  const [service, operation] = call.split('.') as [string, string]
  const prefix = prefixes[service]
  if (prefix === undefined) throw new Error(`${call}: no IAM prefix is known for ${service}; add it to domain/permissions.ts`)
  return named[call] ?? `${prefix}:${operation}`
}
/** STS.GetCallerIdentity needs no permission; everything else does. */
export const needsPermission = (call: string): boolean => call !== 'STS.GetCallerIdentity'
/** Calls that change nothing; only these are memoised and allowed to class A and B observers. */
export const readsOnly = (call: string): boolean => /\.(Get|List|Describe|Head|Simulate)/.test(call) && !/\.GetObject$/.test(call)
