import { describe, expect, test } from 'vitest'
import { lifecycleRule, scopeOf, shortestLife } from './lifecycle.ts'

describe('scope in words', () => {
  test.each([
    ['no filter, no prefix', undefined, undefined, ''],
    ['an empty filter', {}, undefined, ''],
    ['an empty prefix', { Prefix: '' }, undefined, ''],
    ['an empty prefix as before 2016', undefined, '', ''],
    ['a prefix', { Prefix: 'tmp/' }, undefined, 'prefix tmp/'],
    ['a prefix as before 2016', undefined, 'tmp/', 'prefix tmp/'],
    ['a tag', { Tag: { Key: 'a', Value: 'b' } }, undefined, 'tag a=b'],
    ['a size, 0 included', { ObjectSizeGreaterThan: 0 }, undefined, 'larger than 0 bytes'],
    ['several', { And: { Prefix: 'x', Tags: [{ Key: 'a', Value: 'b' }, { Key: 'c', Value: 'd' }], ObjectSizeLessThan: 9 } }, undefined, 'prefix x and tag a=b and tag c=d and smaller than 9 bytes'],
  ])('%s', (_, filter, legacy, words) => expect(scopeOf(filter, legacy)).toBe(words))
})

const nothing = { transitions: [], expireDays: null, expireDate: null, expireDeleteMarker: false, noncurrentDays: null, noncurrentNewer: null, abortUploadDays: null }
test.each([
  ['does nothing', {}, {}],
  ['expires', { Expiration: { Days: 2557 } }, { expireDays: 2557 }],
  ['expires on a date', { Expiration: { Date: new Date('2030-01-01') } }, { expireDate: '2030-01-01T00:00:00.000Z' }],
  ['removes markers', { Expiration: { ExpiredObjectDeleteMarker: true } }, { expireDeleteMarker: true }],
  ['moves at once', { Transitions: [{ Days: 0, StorageClass: 'GLACIER' }] }, { transitions: [{ days: 0, class: 'GLACIER' }] }],
  ['moves on a date', { Transitions: [{ Date: new Date(0), StorageClass: 'GLACIER' }] }, { transitions: [{ days: null, class: 'GLACIER' }] }],
  ['ends old versions', { NoncurrentVersionExpiration: { NoncurrentDays: 30, NewerNoncurrentVersions: 3 } }, { noncurrentDays: 30, noncurrentNewer: 3 }],
  ['aborts uploads', { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }, { abortUploadDays: 7 }],
])('a rule that %s', (_, rule, shape) => {
  expect(lifecycleRule({ ID: 'r', Status: 'Enabled', ...rule })).toEqual({ id: 'r', enabled: true, scope: '', ...nothing, ...shape })
})
test('a rule without a status is not taken for one', () => expect(() => lifecycleRule({ ID: 'r' })).toThrow('Status of a lifecycle rule'))

const rule = (more: object) => ({ id: 'r', enabled: true, scope: '', ...nothing, ...more })
test.each([
  ['no rule', [], null],
  ['rules that end nothing', [rule({})], null],
  ['a disabled rule', [rule({ enabled: false, expireDays: 1 })], null],
  ['two rules', [rule({ expireDays: 2557 }), rule({ expireDays: 30, scope: 'prefix tmp/' })], 30],
  ['a date', [rule({ expireDays: 2557 }), rule({ expireDate: '2030-01-01T00:00:00.000Z' })], 0],
])('shortest life under %s', (_, rules, days) => expect(shortestLife(rules)).toBe(days))
