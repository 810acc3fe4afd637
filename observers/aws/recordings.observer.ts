/** The recordings bucket as S3 describes it. Several facts share one call: look remembers the answer. */
import * as recordings from '#facts/recordings.ts'
import type { Look } from '#harness/kernel.ts'
import { observer } from '#harness/fact.ts'
import { unknown } from '#domain/unknown.ts'
import { orAbsent, parsePolicy, present } from './answer.ts'
import * as bucket from './bucket.ts'

const settings = { sources: ['live'], safety: 'B', seconds: 20 } as const
const ofBucket = { ...settings, needs: { bucket: recordings.bucket } } as const
type Given = { bucket: { name: string } }
const place = ({ bucket: { name } }: Given, look: Look) => bucket.ours(look, name)

/** Paged on request only (MaxBuckets), and an account may have more than a page. */
const allBuckets = async (look: Look): Promise<string[]> =>
  (await look.pages('S3.ListBuckets', { MaxBuckets: 1000 }, 'Buckets')).map(({ Name }) => present(Name, 'Name of a bucket'))

/** The name that the target or the Terraform outputs give; else the one bucket of the planned form. */
async function nameOf(look: Look): Promise<string | null> {
  const { bucket: declared, pattern } = look.plan.recordings
  if (declared !== undefined) return declared
  const found = (await allBuckets(look)).filter((name) => pattern.test(name))
  if (found.length > 1) throw unknown('other-target', `several buckets have the planned name: ${found.join(', ')}`, 'say which one holds the recordings: /recordings/bucket in the target file', '/recordings/bucket')
  return found[0] ?? null
}

export default [
  observer({
    ...settings, fact: recordings.bucket, needs: {},
    calls: ['S3.ListBuckets', 'S3.GetBucketLocation'],
    observe: async (_, look) => {
      const name = await nameOf(look)
      const region = name === null ? null : await bucket.region(look, bucket.ours(look, name))
      return name === null || region === null ? null : { name, arn: `arn:aws:s3:::${name}`, region }
    },
  }),
  observer({
    ...settings, fact: recordings.namesakes, needs: {}, // not those of our bucket alone: an account without ours may still have its namesakes
    calls: ['S3.ListBuckets'],
    observe: async (_, look) => (await allBuckets(look)).filter((name) => name.includes('video-recordings')),
  }),
  observer({
    ...ofBucket, fact: recordings.tags,
    calls: ['S3.GetBucketTagging'],
    observe: async (given, look) => {
      const answer = await orAbsent(look.aws('S3.GetBucketTagging', place(given, look)), 'NoSuchTagSet')
      return Object.fromEntries((answer?.TagSet ?? []).map(({ Key, Value }: { Key: string; Value: string }) => [Key, Value]))
    },
  }),
  observer({
    ...ofBucket, fact: recordings.objectLock,
    calls: ['S3.GetObjectLockConfiguration'],
    observe: async (given, look) => {
      const lock = await bucket.lock(look, place(given, look))
      return lock === null ? null : { enabled: lock.enabled }
    },
  }),
  observer({
    ...settings, fact: recordings.defaultRetention, needs: { bucket: recordings.bucket, lock: recordings.objectLock }, // without the lock there is nothing to have a default of
    calls: ['S3.GetObjectLockConfiguration'],
    observe: async (given, look) => (await bucket.lock(look, place(given, look)))?.retention ?? null,
  }),
  observer({
    ...ofBucket, fact: recordings.versioning,
    calls: ['S3.GetBucketVersioning'],
    observe: async (given, look) => {
      const { Status } = await look.aws('S3.GetBucketVersioning', place(given, look))
      return Status === undefined ? null : { status: Status } // a bucket whose versioning was never set has no state (S3 API, GetBucketVersioning)
    },
  }),
  observer({
    ...ofBucket, fact: recordings.encryption,
    calls: ['S3.GetBucketEncryption'],
    observe: (given, look) => bucket.encryption(look, place(given, look)),
  }),
  observer({
    ...ofBucket, fact: recordings.publicAccess,
    calls: ['S3.GetPublicAccessBlock'],
    observe: (given, look) => bucket.publicAccess(look, place(given, look)),
  }),
  observer({
    ...ofBucket, fact: recordings.ownership,
    calls: ['S3.GetBucketOwnershipControls', 'S3.GetBucketAcl'],
    observe: async (given, look) => {
      const [controls, acl] = await Promise.all([
        orAbsent(look.aws('S3.GetBucketOwnershipControls', place(given, look)), 'OwnershipControlsNotFoundError'),
        look.aws('S3.GetBucketAcl', place(given, look)),
      ])
      const owner = present(acl.Owner?.ID, 'Owner of GetBucketAcl')
      const others = (acl.Grants ?? []).filter(({ Grantee }: any) => Grantee?.ID !== owner)
      return {
        rule: controls === null ? null : present(controls.OwnershipControls?.Rules?.[0]?.ObjectOwnership, 'ObjectOwnership'),
        grants: others.map(({ Grantee, Permission }: any) => `${present(Grantee?.URI ?? Grantee?.ID ?? Grantee?.EmailAddress, 'Grantee of GetBucketAcl')} ${Permission}`),
      }
    },
  }),
  observer({
    ...ofBucket, fact: recordings.policy,
    calls: ['S3.GetBucketPolicy'],
    observe: async (given, look) => {
      const answer = await orAbsent(look.aws('S3.GetBucketPolicy', place(given, look)), 'NoSuchBucketPolicy')
      return answer === null ? null : parsePolicy(answer.Policy, `the policy of bucket ${given.bucket.name}`)
    },
  }),
  observer({
    ...ofBucket, fact: recordings.lifecycle,
    calls: ['S3.GetBucketLifecycleConfiguration'],
    observe: (given, look) => bucket.lifecycle(look, place(given, look)),
  }),
] as const
