/** One bucket's settings, in the shapes of facts/recordings.ts. Each call names the owner it expects: another account's bucket of that name answers 403. */
import type { Look } from '#harness/kernel.ts'
import type { LifecycleRule, PublicAccess, Retention } from '#facts/recordings.ts'
import { orAbsent, present } from './answer.ts'
import { lifecycleRule } from './lifecycle.ts'

/** A bucket to look at: the input of every S3 call here. */
export interface Place { readonly Bucket: string; readonly ExpectedBucketOwner: string }
export const ours = (look: Look, name: string): Place => ({ Bucket: name, ExpectedBucketOwner: look.plan.account })

/** null: no such bucket. An empty constraint is us-east-1, EU is eu-west-1 (S3 API, GetBucketLocation). */
export async function region(look: Look, place: Place): Promise<string | null> {
  const answer = await orAbsent(look.aws('S3.GetBucketLocation', place), 'NoSuchBucket')
  if (answer === null) return null
  return answer.LocationConstraint === 'EU' ? 'eu-west-1' : answer.LocationConstraint || 'us-east-1'
}

/** null: no block at all. An element that the answer leaves out is not TRUE, and only "Setting this element to TRUE" does anything (S3 API). */
export async function publicAccess(look: Look, place: Place): Promise<PublicAccess | null> {
  const answer = await orAbsent(look.aws('S3.GetPublicAccessBlock', place), 'NoSuchPublicAccessBlockConfiguration')
  const block = answer?.PublicAccessBlockConfiguration
  return answer === null ? null : {
    blockPublicAcls: block?.BlockPublicAcls === true, ignorePublicAcls: block?.IgnorePublicAcls === true,
    blockPublicPolicy: block?.BlockPublicPolicy === true, restrictPublicBuckets: block?.RestrictPublicBuckets === true,
  }
}

/** null: none stated. S3 takes exactly one rule; without BucketKeyEnabled "By default, S3 Bucket Key is not enabled" (S3 API, ServerSideEncryptionRule). */
export async function encryption(look: Look, place: Place): Promise<{ algorithm: string; key: string | null; bucketKey: boolean } | null> {
  const answer = await orAbsent(look.aws('S3.GetBucketEncryption', place), 'ServerSideEncryptionConfigurationNotFoundError')
  if (answer === null) return null
  const rule = present(answer.ServerSideEncryptionConfiguration?.Rules?.[0], 'Rules of GetBucketEncryption')
  const by = present(rule.ApplyServerSideEncryptionByDefault, 'ApplyServerSideEncryptionByDefault of GetBucketEncryption')
  return { algorithm: present(by.SSEAlgorithm, 'SSEAlgorithm of GetBucketEncryption'), key: by.KMSMasterKeyID ?? null, bucketKey: rule.BucketKeyEnabled === true }
}

/** null: Object Lock was never enabled. */
export async function lock(look: Look, place: Place): Promise<{ enabled: boolean; retention: Retention | null } | null> {
  const answer = await orAbsent(look.aws('S3.GetObjectLockConfiguration', place), 'ObjectLockConfigurationNotFoundError')
  if (answer === null) return null
  const { ObjectLockEnabled, Rule } = present(answer.ObjectLockConfiguration, 'ObjectLockConfiguration') as Record<string, any>
  const retention = Rule?.DefaultRetention
  return {
    enabled: ObjectLockEnabled === 'Enabled',
    retention: retention === undefined ? null : { mode: present(retention.Mode, 'Mode of the default retention'), days: retention.Days ?? null, years: retention.Years ?? null },
  }
}

export async function lifecycle(look: Look, place: Place): Promise<LifecycleRule[] | null> {
  const answer = await orAbsent(look.aws('S3.GetBucketLifecycleConfiguration', place), 'NoSuchLifecycleConfiguration')
  return answer === null ? null : present(answer.Rules as any[], 'Rules of GetBucketLifecycleConfiguration').map(lifecycleRule)
}
