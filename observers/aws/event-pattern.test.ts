import { describe, expect, test } from 'vitest'
import { assumption, matches } from './event-pattern.ts'

const role = 'arn:aws:iam::111122223333:role/break-glass'
const event = assumption(role, { account: '111122223333', region: 'us-east-1' })
const cloudTrail = { source: ['aws.sts'], 'detail-type': ['AWS API Call via CloudTrail'] }
const detail = (pattern: object) => ({ ...cloudTrail, detail: pattern })

describe('a rule notices that the role is assumed', () => {
  test.each([
    ['exact', detail({ eventSource: ['sts.amazonaws.com'], eventName: ['AssumeRole'], requestParameters: { roleArn: [role] } }), true],
    ['any role', detail({ eventName: ['AssumeRole'] }), true],
    ['one of several names', detail({ eventName: ['AssumeRole', 'AssumeRoleWithSAML'] }), true],
    ['prefix', detail({ eventName: [{ prefix: 'Assume' }] }), true],
    ['suffix', detail({ requestParameters: { roleArn: [{ suffix: '/break-glass' }] } }), true],
    ['wildcard', detail({ requestParameters: { roleArn: [{ wildcard: '*role/break-*' }] } }), true],
    ['case', detail({ eventName: [{ 'equals-ignore-case': 'assumerole' }] }), true],
    ['anything but another', detail({ requestParameters: { roleArn: [{ 'anything-but': ['arn:aws:iam::111122223333:role/other'] }] } }), true],
    ['a list of objects', detail({ resources: { ARN: [role] } }), true],
    ['no error', detail({ errorCode: [{ exists: false }] }), true],
    ['one of $or', detail({ $or: [{ eventName: ['GetUser'] }, { eventName: ['AssumeRole'] }] }), true],
    ['another role', detail({ eventName: ['AssumeRole'], requestParameters: { roleArn: ['arn:aws:iam::111122223333:role/other'] } }), false],
    ['another service', { source: ['aws.iam'] }, false],
    ['another event', detail({ eventName: ['AssumeRoleWithSAML'] }), false],
    ['another account', { account: ['999999999999'] }, false],
    ['failures only', detail({ errorCode: ['AccessDenied'] }), false],
    ['anything but this', detail({ eventName: [{ 'anything-but': 'AssumeRole' }] }), false],
    ['anything but this prefix', detail({ eventName: [{ 'anything-but': { prefix: 'Assume' } }] }), false],
    ['none of $or', detail({ $or: [{ eventName: ['GetUser'] }, { eventSource: ['s3.amazonaws.com'] }] }), false],
    ['a field that is not there', detail({ userIdentity: { arn: [{ prefix: 'arn' }] } }), false],
    ['a wildcard is no regular expression', detail({ eventName: [{ wildcard: 'Assume.ole' }] }), false],
    ['an empty list', detail({ eventName: [] }), false],
  ])('%s', (_, pattern, noticed) => expect(matches(JSON.stringify(pattern), event, 'rule r')).toBe(noticed))
  test('a schedule has no pattern', () => expect(matches(undefined, event, 'rule r')).toBe(false))
})
test.each([
  ['not JSON', '{', /rule r is not JSON/],
  ['an operator that nobody here knows', JSON.stringify(detail({ eventName: [{ numeric: ['>', 1] }] })), /operator numeric/],
  ['a bare value', JSON.stringify(detail({ eventName: 'AssumeRole' })), /not a valid pattern/],
])('unknown, never a match: %s', (_, pattern, message) => expect(() => matches(pattern, event, 'rule r')).toThrow(message))
