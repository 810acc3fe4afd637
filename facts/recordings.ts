/** What can be known about the bucket that holds recordings, its log bucket, replica and canary. ARNs may hold symbols such as <random_id.suffix.hex> in tfplan. */
import { fact } from '#harness/fact.ts'
import type { Trial } from '#harness/kernel.ts'

const both = ['tfplan', 'live'] as const
export type PolicyDocument = unknown // as written; domain/iam.ts parses it. In tfplan parts may be { unresolved }

/** null: no such bucket. Its owner is the target's account: every call that looks at it says so, and S3 refuses it for another's. */
export const bucket = fact<{ name: string; arn: string; region: string } | null>('recordings.bucket', both)
export const tags = fact<Record<string, string>>('recordings.tags', both)
/** Names of all buckets of the account (live) or module (tfplan) that carry the recordings name, ours included. */
export const namesakes = fact<string[]>('recordings.namesakes', both)
/** null: Object Lock was never enabled. */
export const objectLock = fact<{ enabled: boolean } | null>('recordings.objectLock', both)
/** null: no default retention rule. One of days and years is set, as written. */
export interface Retention { mode: string; days: number | null; years: number | null }
export const defaultRetention = fact<Retention | null>('recordings.defaultRetention', both)
export const versioning = fact<{ status: string } | null>('recordings.versioning', both)
/** key: ARN of the key, or null for the AWS-managed one. */
export const encryption = fact<{ algorithm: string; key: string | null; bucketKey: boolean } | null>('recordings.encryption', both)
export interface PublicAccess { blockPublicAcls: boolean; ignorePublicAcls: boolean; blockPublicPolicy: boolean; restrictPublicBuckets: boolean }
export const publicAccess = fact<PublicAccess | null>('recordings.publicAccess', both)
/** rule null: no ownership controls (ACLs rule). grants: everybody but the owner, as `grantee permission`. */
export const ownership = fact<{ rule: string | null; grants: string[] }>('recordings.ownership', both)
/** null: no bucket policy. */
export const policy = fact<PolicyDocument | null>('recordings.policy', both)
/** null: no lifecycle. Dates are UTC, ISO 8601. */
export interface LifecycleRule {
  id: string
  enabled: boolean
  scope: string // '' = whole bucket; else prefix, tag and size filters in words
  transitions: { days: number | null; class: string }[]
  expireDays: number | null
  expireDate: string | null
  expireDeleteMarker: boolean
  noncurrentDays: number | null
  noncurrentNewer: number | null // versions kept besides
  abortUploadDays: number | null
}
export const lifecycle = fact<LifecycleRule[] | null>('recordings.lifecycle', both)
/** null: no access logging. The target bucket's own hardening, so that logs are as safe as what they describe. */
export interface LogBucket {
  name: string
  publicAccess: PublicAccess | null
  encryption: string | null // algorithm
  defaultRetention: boolean // must be false: S3 refuses log delivery into a bucket with default retention
  keepDays: number | null // shortest enabled expiration; null: kept for ever
}
export const logging = fact<LogBucket | null>('recordings.logging', both)
/** null: no replication, or only towards a bucket that is not there. Of several rules: the enabled one of highest priority. A replica that may not be read is unknown. */
export interface Replica { bucket: string; region: string; key: string | null; mode: string | null; days: number | null; years: number | null; metrics: boolean; enabled: boolean; scope: string }
export const replica = fact<Replica | null>('recordings.replica', ['live'])
export interface StoredVersion { key: string; version: string; written: string; mode: string | null; until: string | null; legalHold: boolean; latest: boolean }
/**
 * listed: versions seen (5,000 at most); complete: listed to the end. versions: newest, oldest and spread between. hidden: keys whose newest entry is a delete marker.
 * A key may name a patient, so only the plan's prefixes (recordings/, app/) of it are kept; the version id finds the object.
 */
export const sample = fact<{ listed: number; complete: boolean; versions: StoredVersion[]; hidden: string[] }>('recordings.sample', ['live'])

/**
 * Behaviour on the canary bucket (class D: a locked canary stays until its short retention ends). On a good system every try is refused, but the one below.
 * deleteTrial: `<who>: <way>, <state>` with who = probe | anonymous | log-auditor; way = DeleteObject with version id | DeleteObject with
 * BypassGovernanceRetention | DeleteObjects; state = explicit retention | bucket default retention | legal hold (its retention lapsed); and staysReadable.
 * shortenTrial, on a version under the bucket's default: PutObjectRetention to an earlier date | to GOVERNANCE, each also `, with BypassGovernanceRetention`.
 * transportTrial: GetObject | PutObject over plain http; anonymous GetObject | ListObjectVersions; PutObject naming AES256.
 */
export const staysReadable = 'after a plain DeleteObject the locked version stays readable'
/** Names of the tries of deleteTrial that must be allowed. */
export const mustStayReadable = /stays readable$/
export const deleteTrial = fact<Trial>('recordings.deleteTrial', ['live'])
export const shortenTrial = fact<Trial>('recordings.shortenTrial', ['live'])
export const transportTrial = fact<Trial>('recordings.transportTrial', ['live'])
