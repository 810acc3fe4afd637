import { describe, expect, test } from 'vitest'
import { whyAws } from '#harness/aws.ts'
import { awsError, fakeAws, target } from '#observers/fake-aws.ts'
import { observer } from '#harness/fact.ts'
import { transportTrial } from '#facts/recordings.ts'
import { answering, attempt, canary, control, isAnswer, isGone, store, sweep } from './attempt.ts'

/** As look hands errors on: with a why, except those that it cannot classify. */
const classified = (error: Error): Error => {
  const why = whyAws(error, 'S3.DeleteObject')
  return why.kind === 'crashed' ? error : Object.assign(error, { why })
}
const failing = (error: Error) => () => Promise.reject(classified(error))

describe('what came of an act', () => {
  test.each([
    ['success', async () => ({ $metadata: { httpStatusCode: 204 } }), { ok: true, value: { did: 'act', allowed: true, answer: '204' } }, 'same'],
    ['refused by S3', failing(awsError('AccessDenied', 403)), { ok: true, value: { did: 'act', allowed: false, answer: '403 AccessDenied' } }, 'same'],
    ['refused by KMS, with status 400', failing(awsError('AccessDeniedException', 400)), { ok: true, value: { did: 'act', allowed: false, answer: '400 AccessDeniedException' } }, 'same'],
    ['a refused HEAD has no name', failing(awsError('Unknown', 403)), { ok: true, value: { did: 'act', allowed: false, answer: '403 Unknown' } }, 'same'],
    ['credentials that do not count', failing(awsError('InvalidAccessKeyId', 403)), { ok: false, why: { kind: 'denied', cause: 'AWS credentials' } }, 'same'],
    ['throttled', failing(awsError('SlowDown', 503)), { ok: false, why: { kind: 'unreachable' } }, 'same'],
    ['too many requests', failing(awsError('TooManyRequestsException', 429)), { ok: false, why: { kind: 'unreachable' } }, 'same'],
    ['no connection', failing(Object.assign(new Error('x'), { code: 'ECONNREFUSED' })), { ok: false, why: { kind: 'unreachable' } }, 'same'],
    ['the service is broken', failing(awsError('InternalError', 500)), { ok: false, why: { kind: 'unreachable' } }, 'same'],
    ['the bucket is gone', failing(awsError('NoSuchBucket', 404)), { ok: false, why: { kind: 'crashed' } }, { ok: true, value: { allowed: false, answer: '404 NoSuchBucket' } }],
    ['the key is disabled', failing(awsError('DisabledException', 400)), { ok: false, why: { kind: 'crashed' } }, { ok: true, value: { allowed: false, answer: '400 DisabledException' } }],
  ])('%s', async (_, act, hoped, wanted) => {
    expect(await attempt('act', act)).toMatchObject(hoped)
    expect(await attempt('act', act, isAnswer)).toMatchObject(wanted === 'same' ? hoped : wanted as object)
  })
  test.each([['NoSuchVersion', 404, { ok: true, value: { allowed: false } }], ['AccessDenied', 403, { ok: false, why: { kind: 'denied' } }]])('gone is %s', async (name, status, seen) => {
    expect(await attempt('act', failing(awsError(name, status)), isGone)).toMatchObject(seen)
  })
  test('a control that could not be tried leaves nothing to judge', async () => {
    await expect(control('act', failing(awsError('SlowDown', 503)))).rejects.toMatchObject({ why: { kind: 'control-failed' } })
    expect(await control('act', failing(awsError('AccessDenied', 403)))).toMatchObject({ allowed: false })
  })
})

const act = (observe: (look: any) => Promise<any>) => observer({
  fact: transportTrial, sources: ['live'], safety: 'D', seconds: 5, needs: {}, calls: ['STS.GetCallerIdentity', 'S3.ListObjectVersions', 'S3.PutObject', 'S3.GetObjectRetention', 'S3.DeleteObject', 'S3.PutObjectLegalHold'],
  observe: (_, look) => observe(look),
})

test('a role that cannot be assumed is no refusal of the act', async () => {
  const fake = fakeAws({ 'STS.GetCallerIdentity': (_: unknown, as: string) => (as === 'probe' ? {} : awsError('AccessDenied', 403)) })
  await expect(fake.observe(act((look) => answering(look, 'probe', 'log-auditor')))).rejects.toMatchObject({ why: { kind: 'control-failed', cause: 'sts:AssumeRole' } })
})
test.each([
  ['the recordings bucket itself', { bucket: 'some-bucket', canary: 'some-bucket' }],
  ['a bucket of the recordings name', { canary: 'telehealth-video-recordings-prod-5c1e70a4' }],
])('nothing is written to %s', async (_, recordings) => {
  const fake = fakeAws({}, { target: { recordings } })
  await expect(fake.observe(act(async (look) => canary(look)))).rejects.toMatchObject({ why: { kind: 'not-allowed' } })
  expect(fake.sent).toEqual([])
})
test('the canary must be named', async () => {
  await expect(fakeAws({}, { target: { recordings: {} } }).observe(act(async (look) => canary(look)))).rejects.toMatchObject({ why: { kind: 'not-configured', cause: '/recordings/canary' } })
})

describe('clean-up', () => {
  const place = { Bucket: 'c', ExpectedBucketOwner: target.aws!.accountId }
  test('an object under the default lock is owed until that ends', async () => {
    const until = new Date(Date.now() + 86_400_000)
    const fake = fakeAws({ 'S3.PutObject': { VersionId: 'v1' }, 'S3.GetObjectRetention': { Retention: { Mode: 'COMPLIANCE', RetainUntilDate: until } } })
    await fake.observe(act((look) => store(look, place, 'x', null)))
    expect(fake.owed).toMatchObject([{ call: 'S3.DeleteObject', input: { Bucket: 'c', VersionId: 'v1' }, as: 'probe', notBefore: until.toISOString() }])
    expect(fake.sent.map(({ call, as }) => `${call} ${as}`)).toEqual(['S3.PutObject probe', 'S3.GetObjectRetention probe'])
    expect(fake.sent[0]!.input.Key).toMatch(/^visitgate\/[0-9a-f-]{36}\/x$/)
  })
  test('an object under its own lock is deleted when that has lapsed', async () => {
    const fake = fakeAws({ 'S3.PutObject': { VersionId: 'v1' }, 'S3.DeleteObject': {} })
    const until = new Date(Date.now() + 60)
    await fake.observe(act((look) => store(look, place, 'x', until)))
    expect(fake.owed).toEqual([])
    expect(fake.sent.map(({ call }) => call)).toEqual(['S3.PutObject', 'S3.DeleteObject'])
    expect(fake.sent[0]!.input).toMatchObject({ ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: until })
    expect(Date.now()).toBeGreaterThanOrEqual(until.getTime())
  })
  test('a bucket that keeps no versions is no canary', async () => {
    await expect(fakeAws({ 'S3.PutObject': {} }).observe(act((look) => store(look, place, 'x', null)))).rejects.toThrow('must keep versions')
  })
  test('what dead runs left is deleted a day later, holds released first', async () => {
    const [old, young] = [new Date(Date.now() - 26 * 3_600_000), new Date()]
    const fake = fakeAws({
      'S3.ListObjectVersions': {
        Versions: [{ Key: 'visitgate/a/explicit', VersionId: '1', LastModified: old }, { Key: 'visitgate/b/legal-hold', VersionId: '2', LastModified: old }, { Key: 'visitgate/c/explicit', VersionId: '3', LastModified: young }],
        DeleteMarkers: [{ Key: 'visitgate/d/hidden', VersionId: '4', LastModified: old }],
      },
      'S3.DeleteObject': {}, 'S3.PutObjectLegalHold': {},
    })
    await fake.observe(act((look) => sweep(look, place)))
    expect(fake.sent.slice(1).map(({ call, input }) => `${call} ${input.VersionId}`)).toEqual(['S3.DeleteObject 4', 'S3.PutObjectLegalHold 2', 'S3.DeleteObject 2', 'S3.DeleteObject 1'])
    expect(fake.sent[0]!.input).toMatchObject({ Prefix: 'visitgate/' })
  })
})
