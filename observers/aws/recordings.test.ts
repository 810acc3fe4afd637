import { describe, expect, test } from 'vitest'
import * as recordings from '#facts/recordings.ts'
import { awsError, fakeAws, observerOf, type Answers } from '#observers/fake-aws.ts'
import type { Fact, Target } from '#harness/kernel.ts'
import copies, { spread } from './recording-copies.observer.ts'
import settings from './recordings.observer.ts'

const all = [...settings, ...copies]
const name = 'telehealth-video-recordings-prod-5c1e70a4'
const given = { bucket: { name, arn: `arn:aws:s3:::${name}`, region: 'us-east-1' } }
const observe = (fact: Fact<any>, answers: Answers, target?: Partial<Target>) => fakeAws(answers, target === undefined ? {} : { target }).observe(observerOf(all, fact), given)
const buckets = (...names: string[]) => ({ 'S3.ListBuckets': { Buckets: names.map((Name) => ({ Name })) } })

describe('the bucket', () => {
  test.each([
    ['by its form', buckets('other', name), undefined, name],
    ['by what the target says', {}, { recordings: { bucket: 'recordings-elsewhere' } }, 'recordings-elsewhere'],
    ['none of that form', buckets('other', 'telehealth-video-recordings-test-5c1e70a4', `x-${name}`), undefined, undefined],
  ])('%s', async (_, answers, target, found) => {
    const seen = await observe(recordings.bucket, { 'S3.GetBucketLocation': {}, ...answers }, target)
    expect(seen).toEqual(found === undefined ? null : { name: found, arn: `arn:aws:s3:::${found}`, region: 'us-east-1' })
  })
  test('several of that form: none is chosen', async () => {
    await expect(observe(recordings.bucket, buckets(name, 'telehealth-video-recordings-prod-00000000'))).rejects.toMatchObject({ why: { kind: 'other-target' } })
  })
  test('all pages are read', async () => {
    const pages: Record<string, object> = { '': { Buckets: [{ Name: 'a' }], ContinuationToken: 'next' }, next: { Buckets: [{ Name: name }] } }
    expect(await observe(recordings.namesakes, { 'S3.ListBuckets': ({ ContinuationToken = '' }) => pages[ContinuationToken] })).toEqual([name])
  })
  test.each([[undefined, 'us-east-1'], ['', 'us-east-1'], ['EU', 'eu-west-1'], ['us-west-2', 'us-west-2']])('location %j is %s', async (LocationConstraint, region) => {
    expect(await observe(recordings.bucket, { ...buckets(name), 'S3.GetBucketLocation': { LocationConstraint } })).toMatchObject({ region })
  })
  test('named and gone is not there', async () => {
    expect(await observe(recordings.bucket, { 'S3.GetBucketLocation': awsError('NoSuchBucket') }, { recordings: { bucket: 'gone' } })).toBeNull()
  })
  test('another account\'s is denied', async () => {
    await expect(observe(recordings.bucket, { ...buckets(name), 'S3.GetBucketLocation': awsError('AccessDenied', 403) })).rejects.toMatchObject({ why: { kind: 'denied', cause: 's3:GetBucketLocation' } })
  })
})

const on = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true }
const locked = (Rule?: object) => ({ ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', ...(Rule === undefined ? {} : { Rule }) } })
const owner = { Owner: { ID: 'me' } }
describe('settings: what is there, and what is not', () => {
  test.each<[string, Fact<any>, Answers, unknown]>([
    ['tags', recordings.tags, { 'S3.GetBucketTagging': { TagSet: [{ Key: 'a', Value: 'b' }] } }, { a: 'b' }],
    ['no tags', recordings.tags, { 'S3.GetBucketTagging': awsError('NoSuchTagSet') }, {}],
    ['Object Lock', recordings.objectLock, { 'S3.GetObjectLockConfiguration': locked() }, { enabled: true }],
    ['no Object Lock', recordings.objectLock, { 'S3.GetObjectLockConfiguration': awsError('ObjectLockConfigurationNotFoundError') }, null],
    ['default retention in days', recordings.defaultRetention, { 'S3.GetObjectLockConfiguration': locked({ DefaultRetention: { Mode: 'COMPLIANCE', Days: 2557 } }) }, { mode: 'COMPLIANCE', days: 2557, years: null }],
    ['default retention in years', recordings.defaultRetention, { 'S3.GetObjectLockConfiguration': locked({ DefaultRetention: { Mode: 'GOVERNANCE', Years: 7 } }) }, { mode: 'GOVERNANCE', days: null, years: 7 }],
    ['no default retention', recordings.defaultRetention, { 'S3.GetObjectLockConfiguration': locked() }, null],
    ['versioning', recordings.versioning, { 'S3.GetBucketVersioning': { Status: 'Suspended' } }, { status: 'Suspended' }],
    ['never versioned', recordings.versioning, { 'S3.GetBucketVersioning': {} }, null],
    ['encryption', recordings.encryption, { 'S3.GetBucketEncryption': { ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'arn:k' }, BucketKeyEnabled: true }] } } }, { algorithm: 'aws:kms', key: 'arn:k', bucketKey: true }],
    ['encryption with the AWS-managed key', recordings.encryption, { 'S3.GetBucketEncryption': { ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }] } } }, { algorithm: 'aws:kms', key: null, bucketKey: false }],
    ['no encryption', recordings.encryption, { 'S3.GetBucketEncryption': awsError('ServerSideEncryptionConfigurationNotFoundError') }, null],
    ['public access block', recordings.publicAccess, { 'S3.GetPublicAccessBlock': { PublicAccessBlockConfiguration: on } }, { blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: true, restrictPublicBuckets: true }],
    ['a block with an element left out', recordings.publicAccess, { 'S3.GetPublicAccessBlock': { PublicAccessBlockConfiguration: { ...on, RestrictPublicBuckets: undefined } } }, { blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: true, restrictPublicBuckets: false }],
    ['no public access block', recordings.publicAccess, { 'S3.GetPublicAccessBlock': awsError('NoSuchPublicAccessBlockConfiguration') }, null],
    ['ownership', recordings.ownership, { 'S3.GetBucketOwnershipControls': { OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] } }, 'S3.GetBucketAcl': { ...owner, Grants: [{ Grantee: { ID: 'me' }, Permission: 'FULL_CONTROL' }, { Grantee: { ID: 'you' }, Permission: 'READ' }, { Grantee: { URI: 'all' }, Permission: 'WRITE' }] } }, { rule: 'ObjectWriter', grants: ['you READ', 'all WRITE'] }],
    ['no ownership controls', recordings.ownership, { 'S3.GetBucketOwnershipControls': awsError('OwnershipControlsNotFoundError'), 'S3.GetBucketAcl': { ...owner, Grants: [] } }, { rule: null, grants: [] }],
    ['policy', recordings.policy, { 'S3.GetBucketPolicy': { Policy: '{"Statement":[]}' } }, { Statement: [] }],
    ['no policy', recordings.policy, { 'S3.GetBucketPolicy': awsError('NoSuchBucketPolicy') }, null],
    ['no lifecycle', recordings.lifecycle, { 'S3.GetBucketLifecycleConfiguration': awsError('NoSuchLifecycleConfiguration') }, null],
    ['no logging', recordings.logging, { 'S3.GetBucketLogging': {} }, null],
    ['no replication', recordings.replica, { 'S3.GetBucketReplication': awsError('ReplicationConfigurationNotFoundError') }, null],
    ['logging', recordings.logging, {
      'S3.GetBucketLogging': { LoggingEnabled: { TargetBucket: 'logs' } }, 'S3.GetPublicAccessBlock': { PublicAccessBlockConfiguration: {} },
      'S3.GetBucketEncryption': { ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] } },
      'S3.GetObjectLockConfiguration': locked({ DefaultRetention: { Mode: 'COMPLIANCE', Days: 1 } }), 'S3.GetBucketLifecycleConfiguration': { Rules: [{ ID: 'keep', Status: 'Enabled', Expiration: { Days: 30 } }] },
    }, { name: 'logs', publicAccess: { blockPublicAcls: false, ignorePublicAcls: false, blockPublicPolicy: false, restrictPublicBuckets: false }, encryption: 'AES256', defaultRetention: true, keepDays: 30 }],
    ['logging into a bucket that is gone', recordings.logging, {
      'S3.GetBucketLogging': { LoggingEnabled: { TargetBucket: 'logs' } }, 'S3.GetPublicAccessBlock': awsError('NoSuchBucket'), 'S3.GetBucketEncryption': awsError('NoSuchBucket'),
      'S3.GetObjectLockConfiguration': awsError('NoSuchBucket'), 'S3.GetBucketLifecycleConfiguration': awsError('NoSuchBucket'),
    }, { name: 'logs', publicAccess: null, encryption: null, defaultRetention: false, keepDays: null }],
  ])('%s', async (_, fact, answers, value) => expect(await observe(fact, answers)).toEqual(value))
})

const calls = (fact: Fact<any>) => observerOf(all, fact).calls.filter((call) => call !== 'S3.ListBuckets')
describe('refused is never "not there"', () => {
  const facts = all.map(({ fact }) => fact).filter((fact) => fact !== recordings.namesakes && fact !== recordings.bucket)
  test.each(facts.map((fact) => [fact.fact, fact] as const))('%s', async (_, fact) => {
    const first = Object.fromEntries(calls(fact).map((call) => [call, awsError('AccessDenied', 403)]))
    await expect(observe(fact, first)).rejects.toMatchObject({ why: { kind: 'denied' } })
  })
})

describe('the replica', () => {
  const rule = (more: object = {}) => ({ Status: 'Enabled', Priority: 1, Filter: { Prefix: '' }, Destination: { Bucket: 'arn:aws:s3:::copy', Metrics: { Status: 'Enabled' }, EncryptionConfiguration: { ReplicaKmsKeyID: 'arn:k2' } }, ...more })
  const replication = (...Rules: object[]) => ({ 'S3.GetBucketReplication': { ReplicationConfiguration: { Rules } }, 'S3.GetBucketLocation': { LocationConstraint: 'us-west-2' }, 'S3.GetObjectLockConfiguration': locked({ DefaultRetention: { Mode: 'COMPLIANCE', Days: 2557 } }) })
  const whole = { bucket: 'copy', region: 'us-west-2', key: 'arn:k2', mode: 'COMPLIANCE', days: 2557, years: null, metrics: true, enabled: true, scope: '' }
  test.each([
    ['as it should be', replication(rule()), whole],
    ['the enabled rule, not the higher one', replication(rule({ Status: 'Disabled', Priority: 9, Filter: { Prefix: 'x' } }), rule()), whole],
    ['the higher of two', replication(rule({ Filter: { Prefix: 'x' } }), rule({ Priority: 2 })), whole],
    ['disabled', replication(rule({ Status: 'Disabled' })), { ...whole, enabled: false }],
    ['of a prefix', replication(rule({ Filter: { Prefix: 'recordings/' } })), { ...whole, scope: 'prefix recordings/' }],
    ['without lock', { ...replication(rule()), 'S3.GetObjectLockConfiguration': awsError('ObjectLockConfigurationNotFoundError') }, { ...whole, mode: null, days: null }],
    ['without metrics or key', replication(rule({ Destination: { Bucket: 'arn:aws:s3:::copy' } })), { ...whole, key: null, metrics: false }],
    ['towards a bucket that is gone', { ...replication(rule()), 'S3.GetBucketLocation': awsError('NoSuchBucket'), 'S3.GetObjectLockConfiguration': awsError('NoSuchBucket') }, null],
  ])('%s', async (_, answers, value) => expect(await observe(recordings.replica, answers)).toEqual(value))
  test('in another account it must belong to that account', async () => {
    const fake = fakeAws(replication(rule({ Destination: { Bucket: 'arn:aws:s3:::copy', Account: '999999999999' } })))
    await fake.observe(observerOf(all, recordings.replica), given)
    expect(fake.sent.slice(1).map(({ input }) => input.ExpectedBucketOwner)).toEqual(['999999999999', '999999999999'])
  })
})

describe('the sample', () => {
  const version = (number: number, more: object = {}) => ({ Key: `recordings/Jane Doe ${number}`, VersionId: `v${number}`, LastModified: new Date(number * 1000), IsLatest: true, ...more })
  const until = new Date('2033-01-01')
  const held = { 'S3.GetObjectLockConfiguration': locked(), 'S3.GetObjectRetention': { Retention: { Mode: 'COMPLIANCE', RetainUntilDate: until } }, 'S3.GetObjectLegalHold': { LegalHold: { Status: 'ON' } } }
  test('nothing stored, listed to the end', async () => {
    expect(await observe(recordings.sample, { ...held, 'S3.ListObjectVersions': {} })).toEqual({ listed: 0, complete: true, versions: [], hidden: [] })
  })
  test('names are left out: a key may hold a patient\'s', async () => {
    const seen = await observe(recordings.sample, { ...held, 'S3.ListObjectVersions': { Versions: [version(1), version(2, { Key: 'Jane Doe/2' })], DeleteMarkers: [{ Key: 'recordings/Jane Doe 3', VersionId: 'm', IsLatest: true }, { Key: 'x', VersionId: 'n', IsLatest: false }] } })
    expect(JSON.stringify(seen)).not.toContain('Jane')
    expect(seen).toEqual({ listed: 2, complete: true, hidden: ['recordings/… under marker m'], versions: [
      { key: 'recordings/…', version: 'v1', written: '1970-01-01T00:00:01.000Z', mode: 'COMPLIANCE', until: until.toISOString(), legalHold: true, latest: true },
      { key: '…', version: 'v2', written: '1970-01-01T00:00:02.000Z', mode: 'COMPLIANCE', until: until.toISOString(), legalHold: true, latest: true },
    ] })
  })
  test('a version without retention or hold', async () => {
    const none = { 'S3.GetObjectRetention': awsError('NoSuchObjectLockConfiguration'), 'S3.GetObjectLegalHold': awsError('NoSuchObjectLockConfiguration') }
    expect((await observe(recordings.sample, { ...held, ...none, 'S3.ListObjectVersions': { Versions: [version(1)] } })).versions).toMatchObject([{ mode: null, until: null, legalHold: false }])
  })
  test('without Object Lock nothing is asked of the versions', async () => {
    const answers = { 'S3.GetObjectLockConfiguration': awsError('ObjectLockConfigurationNotFoundError'), 'S3.ListObjectVersions': { Versions: [version(1)] } }
    expect((await observe(recordings.sample, answers)).versions).toMatchObject([{ mode: null, until: null, legalHold: false }])
  })
  test('five pages at most, twelve versions at most', async () => {
    let page = 0
    const fake = fakeAws({ ...held, 'S3.ListObjectVersions': () => ({ Versions: Array.from({ length: 10 }, (_, index) => version(++page * 100 + index)), IsTruncated: true, NextKeyMarker: `k${page}`, NextVersionIdMarker: 'x' }) })
    const seen = await fake.observe(observerOf(all, recordings.sample), given)
    expect([seen.listed, seen.complete, seen.versions.length]).toEqual([50, false, 12])
    expect(fake.sent.filter(({ call }) => call === 'S3.ListObjectVersions').map(({ input }) => input.KeyMarker)).toEqual([undefined, 'k10', 'k20', 'k30', 'k40'])
  })
  test.each([[0, 3, []], [2, 3, [1, 2]], [3, 3, [1, 2, 3]], [5, 3, [1, 3, 5]], [100, 3, [1, 51, 100]]])('%i versions, %i of them', (count, size, chosen) => {
    const versions = Array.from({ length: count }, (_, index) => version(count - index)) // newest first, as S3 lists them
    expect(spread(versions, size).map(({ LastModified }) => Number(LastModified) / 1000)).toEqual(chosen)
  })
})

test('every call about a bucket names its owner', async () => {
  for (const { fact } of all) {
    const fake = fakeAws(Object.fromEntries(observerOf(all, fact).calls.map((call) => [call, call === 'S3.ListBuckets' ? { Buckets: [{ Name: name }] } : awsError('AccessDenied', 403)])))
    await fake.observe(observerOf(all, fact), given).catch(() => {})
    expect(fake.sent.length).toBeGreaterThan(0)
    expect(fake.sent.filter(({ call, input }) => call !== 'S3.ListBuckets' && input.ExpectedBucketOwner !== '111122223333')).toEqual([])
  }
})
