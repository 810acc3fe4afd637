import { describe, expect, test } from 'vitest'
import { scrubber, seal } from '#harness/seal.ts'

describe('nothing secret or personal passes seal', () => {
  const jwt = ['eyJhbGciOiJFUzI1NiJ9', 'eyJzdWIiOiJ0ZXN0In0', 'c2lnbmF0dXJl'].join('.')
  test.each<[string, unknown, string]>([
    ['an access key', `key AKIA${'A'.repeat(16)} used`, 'key «access key» used'],
    ['a session key', `ASIA${'B'.repeat(16)}`, '«access key»'],
    ['a JWT', `token ${jwt}.`, 'token «token».'],
    ['a private key', '-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----', '«private key»'],
    ['half a private key', '-----BEGIN EC PRIVATE KEY-----\nabc', '«private key»'],
    ['a database URL', 'postgresql://admin:hunter22@db:5432/x', 'postgresql://«credentials»@db:5432/x'],
    ['a signed URL', 'https://s3/x?X-Amz-Signature=abcdef&y=1', 'https://s3/x?X-Amz-Signature=«secret»&y=1'],
    ['a bearer header', 'authorization: Bearer abcdef', 'authorization: Bearer «secret»'],
    ['an e-mail', 'to jane.doe@example.com', 'to «e-mail#1»'],
    ['a phone number', 'call +12025550123 now', 'call «phone» now'],
    ['a social security number', 'ssn 123-45-6789', 'ssn «ssn»'],
    ['an account id stays', 'arn:aws:iam::111122223333:role/x', 'arn:aws:iam::111122223333:role/x'],
    ['a date stays', '2026-11-23T08:00:00.000Z', '2026-11-23T08:00:00.000Z'],
    ['a version id stays', '5d2f8a6e-1b1b-4c7e-9f5d-0c7a3a5f7e11', '5d2f8a6e-1b1b-4c7e-9f5d-0c7a3a5f7e11'],
  ])('%s', (_, value, want) => { expect(scrubber().json({ it: value })).toEqual({ it: want }) })

  test('by the name of the field, whatever the shape', () => {
    expect(scrubber().json({ Password: 'x1', SecretAccessKey: 'y2', Plaintext: 'z3', nested: { api_key: 'w4' }, keyId: 'kept' }))
      .toEqual({ Password: '«secret»', SecretAccessKey: '«secret»', Plaintext: '«secret»', nested: { api_key: '«secret»' }, keyId: 'kept' })
  })
  test('the declared sender stays, and two people stay two', () => {
    expect(scrubber(['noreply@eudaura.com']).json(['noreply@eudaura.com', 'a@x.org', 'b@x.org', 'a@x.org'])).toEqual(['noreply@eudaura.com', '«e-mail#1»', '«e-mail#2»', '«e-mail#1»'])
  })
  test.each([['a map', new Map([['a', 1]])], ['an error', new Error('x')], ['two names that become one', { 'token=1?code=a': 1, 'token=1?code=b': 2 }]])('%s is not data', (_, value) => { expect(() => scrubber().json(value)).toThrow(/not data|two names/) })
  test('as a key of an object', () => { expect(scrubber().json({ 'jane@example.com': 1 })).toEqual({ '«e-mail#1»': 1 }) })
  test('registered values by their alias, in every form, so that the same stays the same', () => {
    const scrub = scrubber()
    scrub.conceal('s3cr/et"x', 'code#1')
    expect(scrub.json(['s3cr/et"x', 's3cr%2Fet%22x', 'a s3cr/et"x b'])).toEqual(['«code#1»', '«code#1»', 'a «code#1» b'])
  })
  test('bytes are counted, not kept', () => { expect(scrubber().json({ it: new Uint8Array(3) })).toEqual({ it: '«3 bytes»' }) })
  test('the reason why something is not known is scrubbed too', () => {
    const seen = seal({ id: 'x@live', version: 1, at: new Date(0), ms: 0, target: 't', safety: 'A', seen: { ok: false, why: { kind: 'crashed', say: `failed with AKIA${'A'.repeat(16)}`, next: 'n' } } }, scrubber())
    expect(JSON.stringify(seen)).not.toContain('AKIA')
  })
  test('an observation cannot be changed', () => {
    const seen = seal({ id: 'x@live', version: 1, at: new Date(0), ms: 0, target: 't', safety: 'A', seen: { ok: true, value: { a: [1] } } }, scrubber())
    expect(() => { (seen as unknown as { value: { a: number[] } }).value.a.push(2) }).toThrow()
  })
})
