import { describe, expect, test } from 'vitest'
import { awsError } from '#observers/fake-aws.ts'
import { whyOf } from '#domain/unknown.ts'
import { decodePolicy, orAbsent, parsePolicy, present } from './answer.ts'

describe('"looked, not there" is one error by name', () => {
  test('that error is null', async () => expect(await orAbsent(Promise.reject(awsError('NoSuchBucketPolicy')), 'NoSuchBucketPolicy')).toBeNull())
  test.each([['AccessDenied', 403], ['NoSuchBucket', 404], ['NoSuchTagSet', 404], ['UnknownError', 500]])('%s is not', async (name, status) => {
    await expect(orAbsent(Promise.reject(awsError(name, status)), 'NoSuchBucketPolicy')).rejects.toThrow(name)
  })
})

test.each([
  ['not JSON', '{"Version": ', /the policy of bucket b is not JSON/],
  ['a key twice', '{"Statement":[{"Effect":"Allow","Effect":"Deny"}]}', /the key \/Statement\/0\/Effect twice/],
  ['no text at all', undefined, /the answer has no the policy of bucket b/],
])('a policy that is %s is said by its place', (_, text, message) => {
  expect(() => parsePolicy(text, 'the policy of bucket b')).toThrow(message)
  try { parsePolicy(text, 'the policy of bucket b') } catch (error) { expect(whyOf(error)).toMatchObject({ kind: 'crashed', next: expect.any(String) }) }
})
test('a policy of IAM is URL-encoded, percent signs and plus signs included', () => {
  const policy = { Statement: [{ Resource: 'arn:aws:s3:::b/100%+done' }] }
  expect(decodePolicy(encodeURIComponent(JSON.stringify(policy)), 'p')).toEqual(policy)
  expect(() => decodePolicy('%E0%A4%A', 'p')).toThrow('p is not URL-encoded text')
})
test.each([[0], [false], ['']])('%j is there', (value) => expect(present(value, 'x')).toBe(value))
