/** Where recordings leave traces and copies: the log bucket, the replica, and a sample of the stored versions. */
import * as recordings from '#facts/recordings.ts'
import type { StoredVersion } from '#facts/recordings.ts'
import type { Look } from '#harness/kernel.ts'
import { observer } from '#harness/fact.ts'
import { orAbsent, present } from './answer.ts'
import * as bucket from './bucket.ts'
import { scopeOf, shortestLife } from './lifecycle.ts'

const ofBucket = { sources: ['live'], safety: 'B', seconds: 30, needs: { bucket: recordings.bucket } } as const

const maxPages = 5 // of 1,000: enough to sample, and no listing of millions

/** At most maxPages of versions and delete markers. */
async function listVersions(look: Look, place: bucket.Place): Promise<{ versions: any[]; markers: any[]; complete: boolean }> {
  const versions: any[] = []
  const markers: any[] = []
  let next = {}
  for (let page = 0; page < maxPages; page++) {
    const answer = await look.aws('S3.ListObjectVersions', { ...place, ...next })
    versions.push(...(answer.Versions ?? []))
    markers.push(...(answer.DeleteMarkers ?? []))
    if (answer.IsTruncated !== true) return { versions, markers, complete: true }
    next = { KeyMarker: present(answer.NextKeyMarker, 'NextKeyMarker'), VersionIdMarker: answer.NextVersionIdMarker }
  }
  return { versions, markers, complete: false }
}

/** `size` of them: the oldest, the newest, and evenly between. */
export function spread<T extends { LastModified?: Date }>(versions: readonly T[], size: number): T[] {
  const byAge = [...versions].sort((a, b) => Number(a.LastModified) - Number(b.LastModified))
  if (byAge.length <= size) return byAge
  return Array.from({ length: size }, (_, index) => byAge[Math.round((index * (byAge.length - 1)) / (size - 1))]!)
}

/** A key may hold what it must not, a patient's name: only the plan's own prefixes are kept. The version id finds the object. */
const withoutName = (key: string): string => /^(recordings|app)\//.exec(key)?.[0].concat('…') ?? '…'

/** `locked`: the bucket has Object Lock; without it no version can have a retention, and asking is an error (S3: InvalidRequest). */
async function storedVersion(look: Look, place: bucket.Place, version: any, locked: boolean): Promise<StoredVersion> {
  const of = { ...place, Key: present(version.Key, 'Key of a version'), VersionId: present(version.VersionId, 'VersionId of a version') }
  const [retention, hold] = locked ? await Promise.all([
    orAbsent(look.aws('S3.GetObjectRetention', of), 'NoSuchObjectLockConfiguration'),
    orAbsent(look.aws('S3.GetObjectLegalHold', of), 'NoSuchObjectLockConfiguration'),
  ]) : [null, null]
  return {
    key: withoutName(of.Key), version: of.VersionId, written: present(version.LastModified as Date, 'LastModified of a version').toISOString(),
    mode: retention?.Retention?.Mode ?? null, until: retention?.Retention?.RetainUntilDate?.toISOString() ?? null,
    legalHold: hold?.LegalHold?.Status === 'ON', latest: present(version.IsLatest, 'IsLatest of a version'),
  }
}

export default [
  observer({
    ...ofBucket, fact: recordings.logging,
    calls: ['S3.GetBucketLogging', 'S3.GetPublicAccessBlock', 'S3.GetBucketEncryption', 'S3.GetObjectLockConfiguration', 'S3.GetBucketLifecycleConfiguration'],
    observe: async (given, look) => {
      const { LoggingEnabled } = await look.aws('S3.GetBucketLogging', bucket.ours(look, given.bucket.name))
      if (LoggingEnabled === undefined) return null // S3 API: present only while logging is on
      const name: string = present(LoggingEnabled.TargetBucket, 'TargetBucket')
      const logs = bucket.ours(look, name) // S3 user guide: source and target have the same owner and region
      const there = <T>(call: Promise<T>) => orAbsent(call, 'NoSuchBucket') // a target that is gone has none of these
      const [publicAccess, encryption, lock, lifecycle] = await Promise.all([
        there(bucket.publicAccess(look, logs)), there(bucket.encryption(look, logs)), there(bucket.lock(look, logs)), there(bucket.lifecycle(look, logs)),
      ])
      return { name, publicAccess, encryption: encryption?.algorithm ?? null, defaultRetention: (lock?.retention ?? null) !== null, keepDays: shortestLife(lifecycle ?? []) }
    },
  }),
  observer({
    ...ofBucket, fact: recordings.replica,
    calls: ['S3.GetBucketReplication', 'S3.GetBucketLocation', 'S3.GetObjectLockConfiguration'],
    observe: async (given, look) => {
      const answer = await orAbsent(look.aws('S3.GetBucketReplication', bucket.ours(look, given.bucket.name)), 'ReplicationConfigurationNotFoundError')
      const rules: any[] = (answer?.ReplicationConfiguration?.Rules ?? []).toSorted((a: any, b: any) => (b.Priority ?? 0) - (a.Priority ?? 0))
      const rule = rules.find(({ Status }) => Status === 'Enabled') ?? rules[0] // S3 API: of two rules for one destination the higher priority counts
      if (rule === undefined) return null
      const to = present(rule.Destination, 'Destination of a replication rule')
      const place = { Bucket: present(to.Bucket as string, 'Bucket of a replication rule').split(':').at(-1)!, ExpectedBucketOwner: to.Account ?? look.plan.account }
      const [region, lock] = await Promise.all([bucket.region(look, place), orAbsent(bucket.lock(look, place), 'NoSuchBucket')])
      if (region === null) return null // a rule towards a bucket that is not there copies nothing
      const retention = lock?.retention
      return {
        bucket: place.Bucket, region, key: to.EncryptionConfiguration?.ReplicaKmsKeyID ?? null,
        mode: retention?.mode ?? null, days: retention?.days ?? null, years: retention?.years ?? null,
        metrics: to.Metrics?.Status === 'Enabled', enabled: rule.Status === 'Enabled', scope: scopeOf(rule.Filter, rule.Prefix),
      }
    },
  }),
  observer({
    ...ofBucket, fact: recordings.sample,
    calls: ['S3.ListObjectVersions', 'S3.GetObjectLockConfiguration', 'S3.GetObjectRetention', 'S3.GetObjectLegalHold'],
    observe: async (given, look) => {
      const place = bucket.ours(look, given.bucket.name)
      const [{ versions, markers, complete }, lock] = await Promise.all([listVersions(look, place), bucket.lock(look, place)])
      const chosen = spread(versions, look.plan.recordings.sample)
      return {
        listed: versions.length, complete,
        versions: await Promise.all(chosen.map((version) => storedVersion(look, place, version, lock !== null))),
        hidden: markers.filter(({ IsLatest }) => IsLatest).map(({ Key, VersionId }) => `${withoutName(Key)} under marker ${VersionId}`),
      }
    },
  }),
] as const
