import { expect, test } from 'vitest'
import * as records from '#facts/records.ts'
import { fakeAws, observerOf } from '#observers/fake-aws.ts'
import list from './attestations.observer.ts'

const good = { check: 'infra/s3-second-copy', says: 'one region is enough', by: 'A. Officer', role: 'security officer', at: '2026-01-01', until: '2027-01-01T00:00:00Z' }
const observe = (files: Record<string, string>, file?: string) => fakeAws({}, { files, target: file === undefined ? {} : { attestations: file } }).observe(observerOf(list, records.attestations))

test('no file is named: null', async () => expect(await observe({})).toBeNull())
test.each([['none', []], ['one', [good]]])('%s', async (_, entries) => expect(await observe({ 'a.json': JSON.stringify(entries) }, 'a.json')).toEqual(entries))
test.each([
  ['a file that is not there', undefined, /^a\.json: no such file/],
  ['not JSON', '[{', /^a\.json: \/: is not JSON/],
  ['not a list', '{}', /^a\.json: \/: must be a list/],
  ['not an object', '[1]', /^a\.json: \/0: must be an object/],
  ['a field missing', JSON.stringify([good, { ...good, by: undefined }]), /^a\.json: \/1\/by: must be text \(got nothing\)/],
  ['an empty field', JSON.stringify([{ ...good, says: ' ' }]), /^a\.json: \/0\/says: must be text/],
  ['a field too many', JSON.stringify([{ ...good, scope: 'all' }]), /^a\.json: \/0\/scope: is not a field/],
  ['a date that is none', JSON.stringify([{ ...good, at: '2026-13-01' }]), /^a\.json: \/0\/at: must be a UTC date/],
  ['a local date', JSON.stringify([{ ...good, at: '1 Jan 2026' }]), /^a\.json: \/0\/at: must be a UTC date/],
  ['an end before its beginning', JSON.stringify([{ ...good, until: '2025-01-01' }]), /^a\.json: \/0\/until: must be after/],
])('%s', async (_, text, message) => {
  const failed = await observe(text === undefined ? {} : { 'a.json': text }, 'a.json').catch((error: unknown) => error)
  expect(failed).toMatchObject({ why: { kind: 'not-configured', next: expect.any(String) } })
  expect((failed as Error).message).toMatch(message)
})
