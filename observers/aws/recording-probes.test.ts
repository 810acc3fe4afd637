import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as recordings from '#facts/recordings.ts'
import type { Attempt, Observed, Trial } from '#harness/kernel.ts'
import { awsError, fakeAws, observerOf, type Faked } from '#observers/fake-aws.ts'
import probes from './recording-probes.observer.ts'

interface Behaviour { readonly mode?: 'COMPLIANCE' | 'GOVERNANCE' | null; readonly lock?: boolean; readonly insecure?: boolean; readonly aes256?: boolean; readonly public?: boolean; readonly holds?: boolean; readonly markers?: 'refused' | 'erase' }
interface Version { mode: string | null; until: number; hold: boolean; key: string }

/** A bucket with Object Lock, as S3 documents it, and with what the table makes wrong with it. */
function bucket({ mode = 'COMPLIANCE', lock = true, insecure = false, aes256 = false, public: open = false, holds = true, markers }: Behaviour = {}) {
  const versions = new Map<string, Version>()
  const denied = () => awsError('AccessDenied', 403)
  const allowed = (as: string) => as === 'probe' || (as === 'probe-plain-http' && insecure) || (as === 'anonymous' && open)
  const ok = (more: object = {}) => ({ ...more, $metadata: { httpStatusCode: 200 } })
  const isLocked = ({ mode: own, until, hold }: Version, bypass: boolean) => (hold && holds) || (own !== null && until > Date.now() && !(own === 'GOVERNANCE' && bypass))
  const remove = (id: string, as: string, bypass: boolean) => {
    const version = versions.get(id)
    if (as !== 'probe' || (version !== undefined && isLocked(version, bypass))) return denied()
    versions.delete(id)
    return ok()
  }
  const answers = {
    'STS.GetCallerIdentity': ok(),
    'S3.ListObjectVersions': (_: unknown, as: string) => (allowed(as) ? ok() : denied()),
    'S3.PutObject': ({ Key, ObjectLockMode, ObjectLockRetainUntilDate, ServerSideEncryption }: any, as: string) => {
      if (!allowed(as) || (ServerSideEncryption === 'AES256' && !aes256)) return denied()
      if (ObjectLockMode !== undefined && !lock) return awsError('InvalidRequest', 400)
      const id = `v${versions.size}-${Key}`
      versions.set(id, { key: Key, hold: false, mode: ObjectLockMode ?? mode, until: ObjectLockRetainUntilDate?.getTime() ?? Date.now() + 86_400_000 })
      return ok({ VersionId: id })
    },
    'S3.GetObjectRetention': ({ VersionId }: any) => {
      const { mode: own, until } = versions.get(VersionId)!
      return own === null ? awsError('NoSuchObjectLockConfiguration') : ok({ Retention: { Mode: own, RetainUntilDate: new Date(until) } })
    },
    'S3.PutObjectRetention': ({ VersionId, Retention, BypassGovernanceRetention = false }: any) => {
      const version = versions.get(VersionId)!
      const until = Retention.RetainUntilDate.getTime()
      if ((until < version.until || Retention.Mode !== version.mode) && isLocked(version, BypassGovernanceRetention)) return denied()
      Object.assign(version, { mode: Retention.Mode, until })
      return ok()
    },
    'S3.PutObjectLegalHold': ({ VersionId, LegalHold }: any) => {
      const version = versions.get(VersionId)
      if (version === undefined) return awsError('NoSuchVersion')
      version.hold = LegalHold.Status === 'ON'
      return ok()
    },
    'S3.DeleteObject': ({ Key, VersionId, BypassGovernanceRetention = false }: any, as: string) => {
      if (VersionId !== undefined) return remove(VersionId, as, BypassGovernanceRetention)
      if (as !== 'probe' || markers === 'refused') return denied()
      if (markers === 'erase') for (const [id, version] of versions) if (version.key === Key) versions.delete(id)
      return ok({ VersionId: 'marker', DeleteMarker: true })
    },
    'S3.DeleteObjects': ({ Delete: { Objects: [{ VersionId }] } }: any, as: string) => {
      const error = remove(VersionId, as, false)
      return as !== 'probe' ? error : ok(error instanceof Error ? { Errors: [{ Code: error.name }] } : { Deleted: [{}] })
    },
    'S3.GetObject': ({ VersionId, Key }: any, as: string) => {
      if (!allowed(as)) return denied()
      const there = VersionId === undefined ? [...versions.values()].some(({ key }) => key === Key) : versions.has(VersionId)
      return there ? ok({ Body: { transformToByteArray: async () => new Uint8Array() } }) : awsError('NoSuchVersion')
    },
  }
  return { answers, versions }
}
const outcome = (tries: Trial['tries']) => Object.entries(tries).filter(([, one]: [string, Observed<Attempt>]) => one.ok && one.value.allowed).map(([name]) => name)
const ends = ({ versions }: { versions: Map<string, Version> }) => [...versions.values()].map(({ key }) => key.split('/').at(-1)).sort()

const before = process.env.VV_PLAIN_HTTP_ENDPOINT
beforeAll(() => { process.env.VV_PLAIN_HTTP_ENDPOINT = 'http://127.0.0.1:1' })
afterAll(() => { if (before === undefined) delete process.env.VV_PLAIN_HTTP_ENDPOINT; else process.env.VV_PLAIN_HTTP_ENDPOINT = before })

describe.concurrent('deletion', () => {
  const trial = observerOf(probes, recordings.deleteTrial)
  const asProbe = (...names: string[]) => names.map((name) => `probe: ${name}`)
  test.each<[string, Behaviour, string[], string[]]>([
    ['a good bucket', {}, [recordings.staysReadable], ['default']],
    ['plain deletion refused', { markers: 'refused' }, [recordings.staysReadable], ['default']],
    ['plain deletion erases', { markers: 'erase' }, [], ['default']],
    ['no default retention', { mode: null }, [...asProbe('DeleteObject with version id, bucket default retention', 'DeleteObject with BypassGovernanceRetention, bucket default retention', 'DeleteObjects, bucket default retention'), recordings.staysReadable], []],
    ['GOVERNANCE by default', { mode: 'GOVERNANCE' }, [...asProbe('DeleteObject with BypassGovernanceRetention, bucket default retention', 'DeleteObjects, bucket default retention'), recordings.staysReadable], []],
    ['holds that hold nothing', { holds: false }, [...asProbe('DeleteObject with version id, legal hold', 'DeleteObject with BypassGovernanceRetention, legal hold', 'DeleteObjects, legal hold'), recordings.staysReadable], ['default']],
  ])('%s', async (_, behaviour, allowed, left) => {
    const s3 = bucket(behaviour)
    const fake = fakeAws(s3.answers)
    const seen: Trial = await fake.observe(trial)
    expect(seen.control).toMatchObject({ allowed: true })
    expect(Object.keys(seen.tries)).toHaveLength(28) // 3 who x 3 ways x 3 states, and the plain deletion
    expect(outcome(seen.tries)).toEqual(allowed)
    if (behaviour.markers !== 'erase') expect(ends(s3)).toEqual(left) // all else is cleaned up, the held version too
    expect(fake.owed.map(({ input }) => String(input.Key).split('/').at(-1))).toEqual(behaviour.mode === null ? [] : ['default']) // until its day is over
    expect(fake.owed.every(({ notBefore }) => Date.parse(notBefore!) > Date.now())).toBe(true)
  })
  test('the control deletes the very version that was refused, after its own date', async () => {
    const s3 = bucket()
    const fake: Faked = fakeAws(s3.answers)
    await fake.observe(trial)
    const puts = fake.sent.filter(({ call }) => call === 'S3.PutObject')
    expect(puts.every(({ input, as }) => as === 'probe' && input.Bucket === 'telehealth-worm-canary-prod' && input.ExpectedBucketOwner === '111122223333')).toBe(true)
    expect(puts.filter(({ input }) => input.ObjectLockRetainUntilDate === undefined)).toHaveLength(1)
    expect(puts.filter(({ input }) => input.ObjectLockRetainUntilDate !== undefined).every(({ input }) => input.ObjectLockMode === 'COMPLIANCE' && input.ObjectLockRetainUntilDate.getTime() < Date.now())).toBe(true)
  })
  test('a bucket without Object Lock is no canary', async () => {
    await expect(fakeAws(bucket({ lock: false }).answers).observe(trial)).rejects.toMatchObject({ why: { kind: 'control-failed' } })
  })
})

describe('shortening', () => {
  const trial = observerOf(probes, recordings.shortenTrial)
  test.each<[string, Behaviour, string[]]>([
    ['a good bucket', {}, []],
    ['GOVERNANCE by default', { mode: 'GOVERNANCE' }, ['PutObjectRetention to GOVERNANCE', 'PutObjectRetention to an earlier date, with BypassGovernanceRetention', 'PutObjectRetention to GOVERNANCE, with BypassGovernanceRetention']],
  ])('%s', async (_, behaviour, allowed) => {
    const fake = fakeAws(bucket(behaviour).answers)
    const seen: Trial = await fake.observe(trial)
    expect(seen.control).toMatchObject({ allowed: true })
    expect(Object.keys(seen.tries)).toHaveLength(4)
    expect(outcome(seen.tries)).toEqual(allowed)
  })
  test('without a default there is nothing to shorten', async () => {
    await expect(fakeAws(bucket({ mode: null }).answers).observe(trial)).rejects.toMatchObject({ why: { kind: 'control-failed' } })
  })
})

describe.concurrent('transport and key', () => {
  const trial = observerOf(probes, recordings.transportTrial)
  test.each<[string, Behaviour, string[]]>([
    ['a good bucket', {}, []],
    ['plain http answers', { insecure: true }, ['GetObject over plain http', 'PutObject over plain http']],
    ['everybody reads', { public: true }, ['anonymous GetObject', 'anonymous ListObjectVersions']],
    ['another algorithm is taken', { aes256: true }, ['PutObject naming AES256']],
  ])('%s', async (_, behaviour, allowed) => {
    const s3 = bucket(behaviour)
    const seen: Trial = await fakeAws(s3.answers).observe(trial)
    expect(seen.control).toMatchObject({ allowed: true })
    expect(Object.keys(seen.tries)).toHaveLength(5)
    expect(outcome(seen.tries)).toEqual(allowed)
    expect(ends(s3)).toEqual([]) // what a fault let in is gone as well
  })
})

test('a rehearsal never asks the real S3 over plain http', async () => {
  delete process.env.VV_PLAIN_HTTP_ENDPOINT
  const fake = fakeAws(bucket().answers)
  await expect(fake.observe(observerOf(probes, recordings.transportTrial))).rejects.toMatchObject({ why: { kind: 'not-configured' } })
  expect(fake.sent).toEqual([])
})
