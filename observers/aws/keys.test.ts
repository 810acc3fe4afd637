import { describe, expect, test } from 'vitest'
import * as keys from '#facts/keys.ts'
import { awsError, fakeAws, observerOf } from '#observers/fake-aws.ts'
import probes from './key-probes.observer.ts'
import list from './keys.observer.ts'

const metadata = { KeyId: 'id', Arn: 'arn:id', KeyState: 'Enabled', KeyManager: 'CUSTOMER', KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT', Origin: 'AWS_KMS', MultiRegion: false }
const key = { alias: 'alias/a', id: 'id', arn: 'arn:id', state: 'Enabled', manager: 'CUSTOMER', spec: 'SYMMETRIC_DEFAULT', usage: 'ENCRYPT_DECRYPT', origin: 'AWS_KMS', multiRegion: false }

describe('the key behind an alias', () => {
  test.each([
    [keys.recordingsKey, 'alias/telehealth-video-recordings-prod'], [keys.signingKey, 'alias/telehealth-video-signing-prod'],
  ])('one call finds it', async (fact, alias) => {
    const fake = fakeAws({ 'KMS.DescribeKey': { KeyMetadata: metadata } })
    expect(await fake.observe(observerOf(list, fact))).toEqual({ ...key, alias })
    expect(fake.sent).toEqual([{ call: 'KMS.DescribeKey', input: { KeyId: alias }, as: 'auditor' }])
  })
  test('no such alias', async () => expect(await fakeAws({ 'KMS.DescribeKey': awsError('NotFoundException', 400) }).observe(observerOf(list, keys.recordingsKey))).toBeNull())
  test('no default stands in for a missing field', async () => {
    await expect(fakeAws({ 'KMS.DescribeKey': { KeyMetadata: { ...metadata, MultiRegion: undefined } } }).observe(observerOf(list, keys.recordingsKey))).rejects.toThrow('MultiRegion of DescribeKey')
  })
})
test.each([
  [keys.rotation, 'KMS.GetKeyRotationStatus', { KeyRotationEnabled: true, RotationPeriodInDays: 365 }, { enabled: true, days: 365 }],
  [keys.rotation, 'KMS.GetKeyRotationStatus', { KeyRotationEnabled: false }, { enabled: false, days: null }],
  [keys.recordingsKeyPolicy, 'KMS.GetKeyPolicy', { Policy: '{"Statement":[]}' }, { Statement: [] }],
  [keys.signingGrants, 'KMS.ListGrants', { Grants: [] }, []],
  [keys.recordingsGrants, 'KMS.ListGrants', { Grants: [{ GranteePrincipal: 'arn:role', Operations: ['Decrypt'] }] }, [{ grantee: 'arn:role', operations: ['Decrypt'] }]],
] as const)('$fact', async (fact, call, answer, value) => {
  const fake = fakeAws({ [call]: answer })
  expect(await fake.observe(observerOf(list, fact), { key })).toEqual(value)
  expect(fake.sent[0]!.input.KeyId).toBe('id')
})
test('grants of all pages', async () => {
  const grant = (id: string) => ({ GranteePrincipal: id, Operations: [] })
  const fake = fakeAws({ 'KMS.ListGrants': ({ Marker }: { Marker?: string }) => (Marker === undefined ? { Grants: [grant('a')], Truncated: true, NextMarker: 'm' } : { Grants: [grant(`b after ${Marker}`)], Truncated: false }) })
  expect((await fake.observe(observerOf(list, keys.recordingsGrants), { key })).map(({ grantee }: any) => grantee)).toEqual(['a', 'b after m'])
})

const who = { 'STS.GetCallerIdentity': {} }
describe('round trip', () => {
  const trial = observerOf(probes, keys.dataKeyTrial)
  const refused = awsError('AccessDeniedException', 400)
  const made = () => ({ Plaintext: Uint8Array.of(1, 2, 3), CiphertextBlob: Uint8Array.of(9), $metadata: { httpStatusCode: 200 } })
  const decrypt = (probe: unknown, other: unknown) => ({ ...who, 'KMS.GenerateDataKey': made(), 'KMS.Decrypt': (_: unknown, as: string) => (as === 'probe' ? probe : other) })
  const outcome = ({ tries }: any) => Object.values(tries).map((one: any) => (one.ok ? one.value.allowed : one.why.kind))
  test.each([
    ['as it should be', decrypt(made(), refused), [true, false]],
    ['anybody decrypts', decrypt(made(), made()), [true, true]],
    ['the probe may not decrypt', decrypt(refused, refused), [false, false]],
    ['another key comes back', decrypt({ ...made(), Plaintext: Uint8Array.of(1, 2, 4) }, refused), [false, false]],
    ['the key is disabled', { ...decrypt(made(), refused), 'KMS.GenerateDataKey': awsError('DisabledException', 400) }, [false, 'control-failed']],
    ['KMS does not answer', { ...decrypt(made(), refused), 'KMS.GenerateDataKey': awsError('KMSInternalException', 500) }, ['unreachable', 'control-failed']],
  ])('%s', async (_, answers, allowed) => expect(outcome(await fakeAws(answers).observe(trial, { key }))).toEqual(allowed))

  test('no plaintext is left in memory or in what was seen', async () => {
    const [one, two, three] = [made(), made(), made()]
    const seen = await fakeAws({ ...who, 'KMS.GenerateDataKey': one, 'KMS.Decrypt': (_: unknown, as: string) => (as === 'probe' ? two : three) }).observe(trial, { key })
    for (const { Plaintext } of [one, two, three]) expect([...Plaintext]).toEqual([0, 0, 0])
    expect(JSON.stringify(seen)).not.toMatch(/Plaintext|1,2,3/)
  })
  test('also when the decryption is refused', async () => {
    const one = made()
    await fakeAws({ ...who, 'KMS.GenerateDataKey': one, 'KMS.Decrypt': refused }).observe(trial, { key })
    expect([...one.Plaintext]).toEqual([0, 0, 0])
  })
})

describe('signature', async () => {
  const { createHash, generateKeyPairSync, sign } = await import('node:crypto')
  const trial = observerOf(probes, keys.signTrial)
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = (from: typeof publicKey) => ({ PublicKey: from.export({ format: 'der', type: 'spki' }) })
  /** Signs something, but not the digest that was asked for: node:crypto cannot sign a digest. On a real system the rehearsal proves that it verifies. */
  const kms = (signs: typeof privateKey, verifies: typeof publicKey) => ({
    ...who, 'KMS.GetPublicKey': spki(verifies),
    'KMS.Sign': (_: unknown, as: string) => (as === 'probe' ? { Signature: sign('sha256', Buffer.from('another message'), signs), $metadata: { httpStatusCode: 200 } } : awsError('AccessDeniedException', 400)),
  })
  test.each([['of another message', privateKey], ['of another key', other.privateKey]])('%s does not verify', async (_, signs) => {
    const seen = await fakeAws(kms(signs, publicKey)).observe(trial)
    expect(seen).toMatchObject({ verified: false, tamperedVerified: false, joseBytes: 64 })
    expect(seen.derBytes).toBeGreaterThan(64)
    expect(seen.tries['sign as the probe']).toMatchObject({ ok: true, value: { allowed: true } })
    expect(seen.tries['a signature as a principal without grant']).toMatchObject({ ok: true, value: { allowed: false } })
  })
  test('asks for ES256 over a SHA-256 digest, with the canary key', async () => {
    const fake = fakeAws(kms(privateKey, publicKey))
    await fake.observe(trial)
    const [first] = fake.sent.filter(({ call }) => call === 'KMS.Sign')
    expect(first!.input).toMatchObject({ KeyId: 'alias/visitgate-signing-canary-prod', MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' })
    expect(first!.input.Message.length).toBe(createHash('sha256').digest().length)
  })
  test.each(['DisabledException', 'InvalidKeyUsageException', 'AccessDeniedException'])('refused with %s: there is nothing to verify', async (error) => {
    const seen = await fakeAws({ ...who, 'KMS.Sign': awsError(error, 400) }).observe(trial)
    expect(seen).toMatchObject({ derBytes: 0, joseBytes: 0, verified: false, tamperedVerified: false })
    expect(seen.tries['sign as the probe']).toMatchObject({ ok: true, value: { allowed: false } })
  })
  test('never on a live target', async () => {
    const fake = fakeAws({}, { target: { kind: 'live' } })
    await expect(fake.observe(trial)).rejects.toMatchObject({ why: { kind: 'not-allowed', cause: 'kms:Sign' } })
    expect(fake.sent).toEqual([])
  })
})
