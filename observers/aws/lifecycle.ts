/** Lifecycle and replication rules of S3, in the shape of facts/recordings.ts. */
import type { LifecycleRule } from '#facts/recordings.ts'
import { present } from './answer.ts'

interface Tag { Key?: string; Value?: string }
interface Filter { Prefix?: string; Tag?: Tag; ObjectSizeGreaterThan?: number; ObjectSizeLessThan?: number; And?: Filter & { Tags?: Tag[] } }

/** '' = whole bucket; else prefix, tag and size filters in words. `legacy`: Prefix beside Filter, as the API had it before 2016. */
export function scopeOf(filter: Filter | undefined, legacy: string | undefined): string {
  const all: readonly (Filter & { Tags?: Tag[] })[] = [{ ...(legacy === undefined ? {} : { Prefix: legacy }) }, filter ?? {}, filter?.And ?? {}]
  return all.flatMap(({ Prefix, Tag, Tags = [], ObjectSizeGreaterThan, ObjectSizeLessThan }) => [
    ...(Prefix ? [`prefix ${Prefix}`] : []),
    ...[...(Tag ? [Tag] : []), ...Tags].map(({ Key, Value }) => `tag ${Key}=${Value}`),
    ...(ObjectSizeGreaterThan === undefined ? [] : [`larger than ${ObjectSizeGreaterThan} bytes`]),
    ...(ObjectSizeLessThan === undefined ? [] : [`smaller than ${ObjectSizeLessThan} bytes`]),
  ]).join(' and ')
}

/** One rule of S3.GetBucketLifecycleConfiguration. What a rule leaves out it does not do (S3 API, LifecycleRule). */
export function lifecycleRule(rule: any): LifecycleRule {
  const { Expiration: expiration, NoncurrentVersionExpiration: noncurrent } = rule
  return {
    id: present(rule.ID, 'ID of a lifecycle rule'), // S3 makes one where the rule had none
    enabled: present(rule.Status, 'Status of a lifecycle rule') === 'Enabled',
    scope: scopeOf(rule.Filter, rule.Prefix),
    transitions: (rule.Transitions ?? []).map(({ Days, StorageClass }: any) => ({ days: Days ?? null, class: present(StorageClass, 'StorageClass of a transition') })),
    expireDays: expiration?.Days ?? null,
    expireDate: expiration?.Date?.toISOString() ?? null,
    expireDeleteMarker: expiration?.ExpiredObjectDeleteMarker === true,
    noncurrentDays: noncurrent?.NoncurrentDays ?? null,
    noncurrentNewer: noncurrent?.NewerNoncurrentVersions ?? null,
    abortUploadDays: rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation ?? null,
  }
}

/** Days until the first enabled rule ends an object; null: none does. A rule with a date ends what is older than it at once, so it keeps for 0 days. */
export function shortestLife(rules: readonly LifecycleRule[]): number | null {
  const lives = rules.filter(({ enabled }) => enabled).flatMap(({ expireDays, expireDate }) => [...(expireDate === null ? [] : [0]), ...(expireDays === null ? [] : [expireDays])])
  return lives.length === 0 ? null : Math.min(...lives)
}
