/** What the canary bucket lets happen. Class D: what is written there stays until its own short lock ends. Names of tries: facts/recordings.ts. */
import { setTimeout as pause } from 'node:timers/promises'
import * as recordings from '#facts/recordings.ts'
import type { Attempt, Identity, Look, Observed } from '#harness/kernel.ts'
import { observer } from '#harness/fact.ts'
import { notConfigured, unknown } from '#domain/unknown.ts'
import { answering, attempt, canary, control, each, holdName, isGone, release, retention, shortLock, store, sweep, type Stored } from './attempt.ts'

const settings = { sources: ['live'], safety: 'D', seconds: 90, needs: {} } as const

/** Every way to delete a version, as everybody who could try. */
function deletions(look: Look, state: string, { Bucket, ExpectedBucketOwner, Key, VersionId }: Stored): Record<string, () => Promise<Observed<Attempt>>> {
  const one = { Bucket, ExpectedBucketOwner, Key, VersionId }
  const ways: Record<string, (as: Identity) => Promise<any>> = {
    'DeleteObject with version id': (as) => look.aws('S3.DeleteObject', one, as),
    'DeleteObject with BypassGovernanceRetention': (as) => look.aws('S3.DeleteObject', { ...one, BypassGovernanceRetention: true }, as),
    DeleteObjects: (as) => look.aws('S3.DeleteObjects', { Bucket, ExpectedBucketOwner, Delete: { Objects: [{ Key, VersionId }] } }, as).then(noErrors),
  }
  return Object.fromEntries((['probe', 'anonymous', 'log-auditor'] as const).flatMap((as) => Object.entries(ways).map(([way, act]) => {
    const name = `${as}: ${way}, ${state}`
    return [name, () => attempt(name, () => act(as))]
  })))
}
/** DeleteObjects answers 200 and says of each object what became of it. */
function noErrors(answer: any): any {
  const [error] = answer.Errors ?? []
  if (error !== undefined) throw Object.assign(new Error(error.Code), { name: error.Code, $metadata: answer.$metadata })
  return answer
}

/** To the last byte, so that nothing of the connection is left open. */
const read = async (look: Look, where: Omit<Stored, 'VersionId'>, as: Identity, VersionId?: string): Promise<any> => {
  const { Bucket, ExpectedBucketOwner, Key } = where
  const answer = await look.aws('S3.GetObject', { Bucket, ExpectedBucketOwner, Key, ...(VersionId === undefined ? {} : { VersionId }) }, as)
  await answer.Body?.transformToByteArray()
  return answer
}

/** A delete marker on top of the version, or a refusal: either way the version must still be there. */
async function plainDelete(look: Look, stored: Stored): Promise<Observed<Attempt>> {
  const { Bucket, ExpectedBucketOwner, Key } = stored
  const deleted = await attempt('plain DeleteObject', async () => {
    const answer = await look.aws('S3.DeleteObject', { Bucket, ExpectedBucketOwner, Key }, 'probe')
    await look.undo({ call: 'S3.DeleteObject', input: { Bucket, ExpectedBucketOwner, Key, VersionId: answer.VersionId }, as: 'probe' })
    return answer
  })
  return deleted.ok ? attempt(recordings.staysReadable, () => read(look, stored, 'probe', stored.VersionId), isGone) : deleted
}

/** The lock's own date is the event; the margin is for clocks that differ. */
async function lapse(look: Look, until: Date): Promise<void> {
  const margin = look.target.kind === 'rehearsal' ? 20 : 3_000
  await pause(Math.max(0, until.getTime() - Date.now() + margin), undefined, { signal: look.signal })
}

const noLock = (place: { Bucket: string }) => (error: unknown): never => {
  if (error instanceof Error && error.name === 'InvalidRequest') throw unknown('control-failed', `the canary bucket ${place.Bucket} takes no retention: it has no Object Lock`, 'make the canary with the module of the recordings bucket', place.Bucket)
  throw error
}

export default [
  observer({
    ...settings, fact: recordings.deleteTrial,
    calls: ['STS.GetCallerIdentity', 'S3.ListObjectVersions', 'S3.PutObject', 'S3.GetObjectRetention', 'S3.PutObjectLegalHold', 'S3.DeleteObject', 'S3.DeleteObjects', 'S3.GetObject'],
    observe: async (_, look) => {
      const place = canary(look)
      await answering(look, 'probe', 'log-auditor')
      const until = shortLock(look, { rehearsal: 2, live: 20 })
      const [locked, standard, held, hidden] = await Promise.all([
        store(look, place, 'explicit', until), store(look, place, 'default', null), store(look, place, holdName, until), store(look, place, 'hidden', until), sweep(look, place),
      ]).catch(noLock(place))
      await look.undo(release(held)) // owed before it is set: a held version would stay for ever
      const [whileLocked, afterMarker] = await Promise.all([
        each({ ...deletions(look, 'explicit retention', locked), ...deletions(look, 'bucket default retention', standard) }),
        plainDelete(look, hidden),
        look.aws('S3.PutObjectLegalHold', { ...stored(held), LegalHold: { Status: 'ON' } }, 'probe'), // its retention has lapsed when it is tried: then the hold alone protects
      ])
      if (Date.now() >= until.getTime()) throw unknown('timeout', `the tries took longer than the lock of the canary, which ended at ${until.toISOString()}`, 'check the network, then run again', 'S3 endpoint')
      await lapse(look, until)
      const [afterLapse, whileHeld] = await Promise.all([
        control('DeleteObject as probe, of the version that was refused, once its retention has lapsed', () => look.aws('S3.DeleteObject', stored(locked), 'probe')),
        each(deletions(look, 'legal hold', held)),
      ])
      return { control: afterLapse, tries: { ...whileLocked, ...whileHeld, [recordings.staysReadable]: afterMarker } }
    },
  }),
  observer({
    ...settings, fact: recordings.shortenTrial,
    calls: ['STS.GetCallerIdentity', 'S3.PutObject', 'S3.GetObjectRetention', 'S3.PutObjectRetention', 'S3.DeleteObject'],
    observe: async (_, look) => {
      const place = canary(look)
      await answering(look, 'probe')
      const object = await store(look, place, 'shorten', null) // under the bucket's own default: its mode is what is tried
      const now = await retention(look, object)
      if (now === null) throw unknown('control-failed', `the canary bucket ${place.Bucket} gives no default retention, so there is none to shorten`, 'make the canary with the module of the recordings bucket', place.Bucket)
      const change = (mode: string, seconds: number, more: object = {}) => () =>
        look.aws('S3.PutObjectRetention', { ...stored(object), Retention: { Mode: mode, RetainUntilDate: new Date(now.until.getTime() + 1000 * seconds) }, ...more }, 'probe')
      const bypass = { BypassGovernanceRetention: true }
      const tries = {
        'PutObjectRetention to an earlier date': change(now.mode, -60),
        'PutObjectRetention to GOVERNANCE': change('GOVERNANCE', 0),
        'PutObjectRetention to an earlier date, with BypassGovernanceRetention': change(now.mode, -60, bypass),
        'PutObjectRetention to GOVERNANCE, with BypassGovernanceRetention': change('GOVERNANCE', 0, bypass),
      }
      const answers = await each(Object.fromEntries(Object.entries(tries).map(([name, act]) => [name, () => attempt(name, act)])))
      return { control: await control('PutObjectRetention to a later date', change(now.mode, 1)), tries: answers }
    },
  }),
  observer({
    ...settings, fact: recordings.transportTrial,
    calls: ['STS.GetCallerIdentity', 'S3.PutObject', 'S3.GetObjectRetention', 'S3.GetObject', 'S3.ListObjectVersions', 'S3.DeleteObject'],
    observe: async (_, look) => {
      const place = canary(look)
      if (look.target.kind === 'rehearsal' && !process.env.VV_PLAIN_HTTP_ENDPOINT) throw notConfigured('where the rehearsal answers plain HTTP (the variable VV_PLAIN_HTTP_ENDPOINT)') // else the request would leave the machine
      await answering(look, 'probe')
      const until = shortLock(look, { rehearsal: 1, live: 30 })
      const object = await store(look, place, 'transport', until).catch(noLock(place))
      const put = (name: string, as: Identity, headers: object = {}) => () => store(look, place, name, until, { as, headers })
      const tries: Record<string, () => Promise<any>> = { // without a version id: with one they would ask for s3:GetObjectVersion, which fewer policies grant
        'GetObject over plain http': () => read(look, object, 'probe-plain-http'),
        'PutObject over plain http': put('plain-http', 'probe-plain-http'),
        'anonymous GetObject': () => read(look, object, 'anonymous'),
        'anonymous ListObjectVersions': () => look.aws('S3.ListObjectVersions', { ...place, Prefix: object.Key }, 'anonymous'),
        'PutObject naming AES256': put('aes256', 'probe', { ServerSideEncryption: 'AES256' }),
      }
      const [https, answers] = await Promise.all([
        control('GetObject over https, as probe', () => read(look, object, 'probe')),
        each(Object.fromEntries(Object.entries(tries).map(([name, act]) => [name, () => attempt(name, act)]))),
      ])
      return { control: https, tries: answers }
    },
  }),
] as const

const stored = ({ Bucket, ExpectedBucketOwner, Key, VersionId }: Stored): Stored => ({ Bucket, ExpectedBucketOwner, Key, VersionId })
