/** What probes share: attempts told apart from accidents, identities that answer, synthetic objects in the canary bucket. */
import { randomUUID } from 'node:crypto'
import type { Attempt, Identity, Look, Observed } from '#harness/kernel.ts'
import { errorName, statusOf } from '#harness/aws.ts'
import { unknown, whyOf } from '#domain/unknown.ts'
import { orAbsent, present } from './answer.ts'
import { ours, type Place } from './bucket.ts'

/** A clear no from IAM, a policy or a lock. KMS and EventBridge refuse with status 400, so the name counts as well. Bad credentials are no refusal of the act. */
const isRefusal = (error: unknown): boolean => {
  const why = whyOf(error)
  return /^AccessDenied(Exception)?$/.test(errorName(error)) || (why?.kind === 'denied' && why.cause !== 'AWS credentials')
}
/** A no of any kind: the service answered, and it is the request that it does not take. */
export const isAnswer = (error: unknown): boolean => {
  const status = statusOf(error) ?? 0
  const kind = whyOf(error)?.kind
  return isRefusal(error) || (status >= 400 && status < 500 && kind !== 'denied' && kind !== 'unreachable' && kind !== 'timeout')
}
/** What was there is not there. */
export const isGone = (error: unknown): boolean => /^NoSuch(Version|Key)$/.test(errorName(error))
const answerOf = (error: unknown): string => `${statusOf(error) ?? 'no status'} ${errorName(error)}`

/**
 * What came of one act. An accident (no connection, throttling, an answer that is not about the act) is not a refusal: the attempt is then unknown.
 * @param isNo which errors mean that it was not allowed: a refusal where that is what we hope for, any answer where success is
 */
export async function attempt(did: string, act: () => Promise<any>, isNo: (error: unknown) => boolean = isRefusal): Promise<Observed<Attempt>> {
  try {
    const status = (await act())?.$metadata?.httpStatusCode
    return { ok: true, value: { did, allowed: true, answer: status === undefined ? 'done' : String(status) } }
  } catch (error) {
    if (isNo(error)) return { ok: true, value: { did, allowed: false, answer: answerOf(error) } }
    return { ok: false, why: whyOf(error) ?? { kind: 'crashed', say: `${did}: ${answerOf(error)}`, next: 'this answer was not expected: look at the canary and the observer', cause: did } }
  }
}
/** The positive control: an accident there leaves nothing to judge. */
export async function control(did: string, act: () => Promise<any>): Promise<Attempt> {
  const seen = await attempt(did, act, isAnswer)
  if (seen.ok) return seen.value
  throw unknown('control-failed', `the control could not be tried: ${seen.why.say}`, seen.why.next, seen.why.cause)
}
/** Names to attempts, all at once. */
export async function each(tries: Readonly<Record<string, () => Promise<Observed<Attempt>>>>): Promise<Record<string, Observed<Attempt>>> {
  return Object.fromEntries(await Promise.all(Object.entries(tries).map(async ([name, act]) => [name, await act()] as const)))
}

/** Without it, a role that cannot be assumed would look like one that is refused everything. */
export async function answering(look: Look, ...identities: readonly Identity[]): Promise<void> {
  await Promise.all(identities.map((as) => look.aws('STS.GetCallerIdentity', {}, as).catch((error: unknown) => {
    if (!isRefusal(error)) throw error
    throw unknown('control-failed', `the auditor may not become the ${as}: sts:AssumeRole is refused`, 'allow sts:AssumeRole on the roles of /aws in the target file, and let them trust the auditor', 'sts:AssumeRole')
  })))
}

export const prefix = 'visitgate/'
export interface Stored extends Place { readonly Key: string; readonly VersionId: string }

/** The canary bucket. Never the recordings bucket: there a test object would stay for seven years. */
export function canary(look: Look): Place {
  const { canary: name, bucket, pattern } = look.plan.recordings
  if (name === bucket || pattern.test(name)) throw unknown('not-allowed', `${name} is a recordings bucket: nothing is written there`, 'make a canary bucket with the same module (canary = true) and name it in /recordings/canary', '/recordings/canary')
  return ours(look, name)
}

/** A short lock, in real time, which is the lock's time: a rehearsal's own clock may stand still. Long enough on a live target for a slow answer. */
export const shortLock = (look: Look, seconds: { rehearsal: number; live: number }): Date =>
  new Date(Date.now() + 1000 * (look.target.kind === 'rehearsal' ? seconds.rehearsal : seconds.live))

/**
 * Writes one synthetic object and owes its deletion. A crash between the two leaves an object that its own lock frees, under the prefix that sweep() clears.
 * @param until its explicit COMPLIANCE retention; null: the bucket's default
 */
export async function store(look: Look, place: Place, name: string, until: Date | null, more: { as?: Identity; headers?: object } = {}): Promise<Stored & { until: Date | null }> {
  const lock = until === null ? {} : { ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: until }
  const Key = `${prefix}${randomUUID()}/${name}`
  const { VersionId } = await look.aws('S3.PutObject', { ...place, Key, Body: 'synthetic', ...lock, ...more.headers }, more.as ?? 'probe')
  const stored = { ...place, Key, VersionId: present(VersionId as string, 'VersionId of PutObject: the canary bucket must keep versions') }
  const locked = until ?? (await retention(look, stored))?.until ?? null
  await look.undo({ call: 'S3.DeleteObject', input: { ...stored }, as: 'probe', ...(locked === null ? {} : { notBefore: locked.toISOString() }) })
  return { ...stored, until: locked }
}
/** null: the version has none. */
export async function retention(look: Look, stored: Stored): Promise<{ mode: string; until: Date } | null> {
  const answer = await orAbsent(look.aws('S3.GetObjectRetention', { ...stored }, 'probe'), 'NoSuchObjectLockConfiguration')
  return answer === null ? null : { mode: present(answer.Retention?.Mode, 'Mode of a retention'), until: present(answer.Retention?.RetainUntilDate, 'RetainUntilDate') }
}

const day = 86_400_000
/** Owes the deletion of what runs that died have left, once a default lock of a day is over. */
export async function sweep(look: Look, place: Place): Promise<void> {
  const { Versions = [], DeleteMarkers = [] } = await look.aws('S3.ListObjectVersions', { ...place, Prefix: prefix }, 'probe')
  for (const { Key, VersionId, LastModified } of [...Versions, ...DeleteMarkers]) {
    if (Date.now() - Number(LastModified) < day + 3_600_000) continue
    await look.undo({ call: 'S3.DeleteObject', input: { ...place, Key, VersionId }, as: 'probe' })
    if (Key.endsWith(holdName)) await look.undo(release({ ...place, Key, VersionId })) // paid first: clean-ups go backwards
  }
}
export const holdName = 'legal-hold'
export const release = (stored: Stored) => ({ call: 'S3.PutObjectLegalHold', input: { ...stored, LegalHold: { Status: 'OFF' } }, as: 'probe' } as const)
