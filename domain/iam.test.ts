import { describe, expect, test } from 'vitest'
import { escapes, evaluate, parsePolicy, type Asked, type Effect, type Policies, type Principal, type Request } from '#domain/iam.ts'

// Sources: pages of the IAM User Guide by name (reference_policies_…), of the KMS and S3 guides with a prefix, or the fact behind the row.
const ours = '111122223333', theirs = '444455556666'
const roleArn = `arn:aws:iam::${ours}:role/service/task`, sessionArn = `arn:aws:sts::${ours}:assumed-role/task/i-1`
const userArn = `arn:aws:iam::${ours}:user/staff/alice`
const task: Principal = { kind: 'role', arn: roleArn }
const session: Principal = { kind: 'session', role: roleArn, session: 'i-1' }
const alice: Principal = { kind: 'user', arn: userArn }
const root: Principal = { kind: 'user', arn: `arn:aws:iam::${ours}:root` }
const visitor: Principal = { kind: 'role', arn: `arn:aws:iam::${theirs}:role/visitor` }
const bob: Principal = { kind: 'user', arn: `arn:aws:iam::${theirs}:user/bob` }
const chime: Principal = { kind: 'service', service: 'mediapipelines.chime.amazonaws.com' }
const nobody: Principal = { kind: 'anonymous' }
const bucket = 'arn:aws:s3:::telehealth-video-recordings-prod-f726edd7', object = `${bucket}/recordings/visit-1/a.mp4`
const key = `arn:aws:kms:us-east-1:${ours}:key/1852a26c-1c2c-4c4f-a70e-4e238b2147dc`

type Document = Record<string, unknown> | string
interface Case {
  name: string; identity?: Document | Document[]; boundary?: Document; resource?: Document; kind?: 'bucket' | 'key'; owner?: string
  ask?: Partial<Request>; want: Effect; source: string
}
const doc = (...Statement: unknown[]) => ({ Version: '2012-10-17', Statement })
const old = (...Statement: unknown[]) => ({ Version: '2008-10-17', Statement })
const allow = (over: object = {}) => ({ Effect: 'Allow', Action: '*', Resource: '*', ...over })
const deny = (over: object = {}) => ({ Effect: 'Deny', Action: '*', Resource: '*', ...over })
const to = (Principal: unknown, over: object = {}) => allow({ Principal, ...over })
const AWS = (...names: unknown[]) => ({ AWS: names })
const request = (ask: Partial<Request> = {}): Request => ({ principal: task, action: 's3:GetObject', resource: object, context: {}, ...ask })
const policies = ({ identity, boundary, resource, kind, owner }: Partial<Case>): Policies => ({
  ...(identity ? { identity: (Array.isArray(identity) ? identity : [identity]).map(parsePolicy) } : {}),
  ...(boundary ? { boundary: parsePolicy(boundary) } : {}),
  ...(resource ? { resource: parsePolicy(resource) } : {}), ...(kind ? { kind } : {}), resourceAccount: owner ?? ours,
})
const run = (title: string, cases: readonly Case[]) => describe(title, () => {
  test.each(cases)('$name', (row) => {
    const decision = evaluate(request(row.ask), policies(row))
    expect({ effect: decision.effect, say: decision.say }).toEqual({ effect: row.want, say: expect.stringMatching(/\S+ \S+/) })
    expect(row.source).toMatch(/\S/)
  })
})
const rows: Case[] = []
const table = (title: string, cases: readonly Case[]) => { rows.push(...cases); run(title, cases) }
/** An identity Allow with one condition: allow = the condition is true, implicit-deny = false. */
const operatorsPage = 'elements_condition_operators'
type Got = string | readonly string[] | null
const when = (operator: string, values: unknown, got: Got, want: boolean | 'unknown', source = operatorsPage): Case => ({
  name: `${operator} ${JSON.stringify(values)} on ${JSON.stringify(got)}`, identity: doc(allow({ Condition: { [operator]: { 'x:key': values } } })),
  ask: { context: got === null ? {} : { 'x:key': got } }, want: want === 'unknown' ? want : want ? 'allow' : 'implicit-deny', source,
})

// ── statements ───────────────────────────────────────────────────────────────────────────────────
table('effect', [
  { name: 'no policy at all', want: 'implicit-deny', source: 'evaluation-logic: by default, all requests are implicitly denied' },
  { name: 'an identity policy allows', identity: doc(allow()), want: 'allow', source: 'evaluation-logic' },
  { name: 'one of two identity policies allows', identity: [doc(allow({ Action: 'ec2:*' })), doc(allow())], want: 'allow',
    source: 'evaluation-logic: at least one Allow' },
  { name: 'deny beats allow in the same policy', identity: doc(allow(), deny()), want: 'deny', source: 'evaluation-logic: explicit deny' },
  { name: 'deny beats allow whatever the order', identity: doc(deny(), allow()), want: 'deny', source: 'evaluation-logic: explicit deny' },
  { name: 'deny in another identity policy', identity: [doc(allow()), doc(deny())], want: 'deny', source: 'evaluation-logic: any policy' },
  { name: 'deny in the resource policy beats the identity policy', identity: doc(allow()), resource: doc(deny({ Principal: '*' })), want: 'deny',
    source: 'evaluation-logic: any policy' },
  { name: 'deny in the identity policy beats the resource policy', identity: doc(deny()), resource: doc(to('*')), want: 'deny',
    source: 'evaluation-logic: any policy' },
  { name: 'deny in the boundary beats both', identity: doc(allow()), boundary: doc(allow(), deny()), resource: doc(to('*')), want: 'deny',
    source: 'evaluation-logic: any policy' },
  { name: 'a deny of something else leaves the allow', identity: doc(allow(), deny({ Action: 's3:DeleteObject' })), want: 'allow',
    source: 'evaluation-logic' },
  { name: 'a deny alone that does not match is still no allow', identity: doc(deny({ Action: 's3:DeleteObject' })), want: 'implicit-deny',
    source: 'evaluation-logic: implicit deny' },
  { name: 'statement as an object instead of a list', identity: { Version: '2012-10-17', Statement: allow() }, want: 'allow',
    source: 'grammar: brackets are optional for one' },
])
const action = (Action: unknown, asked: string, want: Effect, source = 'elements_action'): Case =>
  ({ name: `Action ${JSON.stringify(Action)} for ${asked}`, identity: doc(allow({ Action })), ask: { action: asked }, want, source })
const notAction = (NotAction: unknown, asked: string, want: Effect): Case => ({
  name: `NotAction ${JSON.stringify(NotAction)} for ${asked}`, identity: doc({ Effect: 'Allow', NotAction, Resource: '*' }), ask: { action: asked },
  want, source: 'elements_notaction',
})
table('action', [
  action('s3:GetObject', 's3:GetObject', 'allow'), action('s3:GetObject', 's3:GetObjectVersion', 'implicit-deny'),
  action('s3:GetObjectVersion', 's3:GetObject', 'implicit-deny'),
  action('S3:getobject', 's3:GetObject', 'allow', 'elements_action: case insensitive'),
  action('s3:GetObject', 'S3:GETOBJECT', 'allow', 'elements_action: case insensitive'),
  action('s3:*', 's3:PutObject', 'allow'), action('s3:*', 'ec2:RunInstances', 'implicit-deny'), action('*', 'ec2:RunInstances', 'allow'),
  action('iam:*AccessKey*', 'iam:CreateAccessKey', 'allow', 'elements_action: its own example'),
  action('iam:*AccessKey*', 'iam:CreateUser', 'implicit-deny'),
  action('s3:Get?bject', 's3:GetObject', 'allow'), action('s3:GetObject?', 's3:GetObject', 'implicit-deny'),
  action(['s3:PutObject', 's3:Get*'], 's3:GetObject', 'allow'), action('s3:Get*Object', 's3:GetObjectVersion', 'implicit-deny'),
  notAction('s3:*', 's3:GetObject', 'implicit-deny'), notAction('s3:*', 'ec2:RunInstances', 'allow'),
  notAction(['s3:PutObject', 'ec2:*'], 's3:GetObject', 'allow'), notAction('S3:GETOBJECT', 's3:GetObject', 'implicit-deny'),
])
const onResource = (Resource: unknown, resource: string, want: Effect, source = 'elements_resource'): Case =>
  ({ name: `Resource ${JSON.stringify(Resource)} for ${resource}`, identity: doc(allow({ Resource })), ask: { resource }, want, source })
const notResource = (NotResource: unknown, resource: string, want: Effect): Case => ({
  name: `NotResource ${JSON.stringify(NotResource)} for ${resource}`, identity: doc({ Effect: 'Allow', Action: '*', NotResource }), ask: { resource },
  want, source: 'elements_notresource',
})
table('resource', [
  onResource(`${bucket}/*`, object, 'allow'),
  onResource(`${bucket}/*`, bucket, 'implicit-deny', 'elements_resource: the bucket is not one of its objects'),
  onResource(bucket, object, 'implicit-deny'),
  onResource('arn:aws:s3:::b/*/test/*', 'arn:aws:s3:::b/1/2/test/3/object.jpg', 'allow', 'elements_resource: its list of matches'),
  onResource('arn:aws:s3:::b/*/test/*', 'arn:aws:s3:::b//test/object.jpg', 'allow', 'elements_resource: its list of matches'),
  onResource('arn:aws:s3:::b/*/test/*', 'arn:aws:s3:::b/1/test/', 'allow', 'elements_resource: its list of matches'),
  onResource('arn:aws:s3:::b/*/test/*', 'arn:aws:s3:::b/1-test/object.jpg', 'implicit-deny', 'elements_resource: its list of misses'),
  onResource('arn:aws:s3:::b/*/test/*', 'arn:aws:s3:::b/test/object.jpg', 'implicit-deny', 'elements_resource: its list of misses'),
  onResource('arn:aws:s3:::b/*/test/*', 'arn:aws:s3:::b/1/2/test.jpg', 'implicit-deny', 'elements_resource: its list of misses'),
  onResource('arn:aws:logs:us-east-1:111122223333:*', 'arn:aws:logs:us-east-1:111122223333:log-group:/aws/x:log-stream:y', 'allow',
    'elements_resource: expands beyond the colon'),
  onResource('arn:aws:chime:*', 'arn:aws:chime:us-east-1:111122223333:meeting/m', 'allow', 'elements_resource: expands beyond the colon'),
  onResource('arn:aws:chime:*:111122223333:meeting/*', 'arn:aws:chime::111122223333:meeting/m', 'allow', 'elements_resource: * is also nothing'),
  onResource('arn:aws:s3:::B/*', 'arn:aws:s3:::b/x', 'implicit-deny', 'elements_resource: case counts'),
  onResource('arn:aws:s3:::b/?', 'arn:aws:s3:::b/xy', 'implicit-deny'), onResource('arn:aws:s3:::b/?', 'arn:aws:s3:::b/x', 'allow'),
  onResource('arn:aws:s3:::*', '*', 'implicit-deny', 'a request without a resource is asked as *: only * covers it'), onResource('*', '*', 'allow'),
  onResource('arn:aws:s3:::a.c/*', 'arn:aws:s3:::abc/x', 'implicit-deny', 'a dot is a dot'),
  onResource(['arn:aws:s3:::a', `${bucket}/*`], object, 'allow'),
  notResource(`${bucket}/*`, object, 'implicit-deny'), notResource(`${bucket}/*`, bucket, 'allow'),
  notResource([bucket, `${bucket}/*`], 'arn:aws:s3:::other/x', 'allow'),
])

// ── condition operators ──────────────────────────────────────────────────────────────────────────
table('string operators', [
  when('StringEquals', 'a', 'a', true), when('StringEquals', 'a', 'A', false), when('StringEquals', 'a*', 'abc', false),
  when('StringEquals', 'a*', 'a*', true, 'elements_condition_operators: exact'),
  when('StringEquals', ['a', 'b'], 'b', true, 'condition-logic: OR'), when('StringNotEquals', 'a', 'b', true), when('StringNotEquals', 'a*', 'abc', true),
  when('StringNotEquals', 'a', 'a', false),
  when('StringNotEquals', ['a', 'b'], 'b', false, 'condition-logic: NOR'), when('StringNotEquals', ['a', 'b'], 'c', true, 'condition-logic: NOR'),
  when('StringEqualsIgnoreCase', 'AbC', 'aBc', true), when('StringEqualsIgnoreCase', 'A*', 'abc', false), when('StringEqualsIgnoreCase', 'abc', 'abd', false),
  when('StringNotEqualsIgnoreCase', 'ABC', 'abc', false), when('StringNotEqualsIgnoreCase', 'ABC', 'abd', true),
  when('StringLike', 'home/*', 'home/x/y', true), when('StringLike', 'home/*', 'Home/x', false), when('StringLike', 'a?c', 'abc', true),
  when('StringLike', 'a?c', 'ac', false), when('StringLike', ['x*', ''], '', true),
  when('StringNotLike', 'home/*', 'home/x', false), when('StringNotLike', ['a*', '*z'], 'mno', true),
  when('StringNotLike', ['a*', '*z'], 'xyz', false, 'condition-logic: NOR'), when('StringLike', 'a.c', 'abc', false),
  when('StringEquals', true, 'true', true, 'grammar: quotation marks are optional for numbers and booleans'),
])
table('numeric operators', [
  when('NumericEquals', '10', '10', true), when('NumericEquals', 10, '10.0', true), when('NumericEquals', '10', '11', false),
  when('NumericNotEquals', '10', '11', true), when('NumericNotEquals', ['10', '11'], '11', false),
  when('NumericLessThan', '2557', '2556', true), when('NumericLessThan', '2557', '2557', false),
  when('NumericLessThan', '9', '10', false, 'numbers, not text'), when('NumericLessThanEquals', '10', '10', true),
  when('NumericLessThanEquals', '10', '10.5', false), when('NumericGreaterThan', '10', '10', false), when('NumericGreaterThan', '-1', '0', true),
  when('NumericGreaterThanEquals', '10', '10', true),
  when('NumericLessThan', ['5', '20'], '10', true, 'condition-logic: OR'), when('NumericLessThan', 'ten', '1', 'unknown', 'no number in the policy'),
  when('NumericLessThan', '10', 'few', 'unknown', 'no number in the request'),
])
table('date operators', [
  when('DateGreaterThan', '2020-01-01T00:00:01Z', '2020-01-01T00:00:02Z', true),
  when('DateGreaterThan', '2020-01-01T00:00:01Z', '2020-01-01T00:00:01Z', false),
  when('DateGreaterThanEquals', '2020-01-01T00:00:01Z', '2020-01-01T00:00:01Z', true),
  when('DateLessThan', '2020-06-30', '2020-06-29T23:59:59Z', true), when('DateLessThanEquals', '2020-06-30', '2020-06-30T00:00:00Z', true),
  when('DateEquals', '2020-01-01T01:00:00+01:00', '2020-01-01T00:00:00Z', true, 'w3.org NOTE-datetime: an offset is part of the time'),
  when('DateNotEquals', '2020-01-01', '2020-01-02', true),
  when('DateLessThan', '1577836800', '2019-12-31T23:59:59Z', true, 'elements_condition_operators: epoch time'),
  when('DateLessThan', '2020-01-01', '1577836799', true, 'elements_condition_operators: epoch time'),
  when('DateLessThan', 'tomorrow', '2020-01-01', 'unknown', 'no date in the policy'),
  when('DateLessThan', '2020-01-01T00:00:00', '2019-01-01', 'unknown', 'w3.org NOTE-datetime: a time needs its zone'),
])
table('boolean and binary operators', [
  when('Bool', 'true', 'true', true), when('Bool', 'true', 'false', false), when('Bool', 'false', 'false', true), when('Bool', false, 'false', true),
  when('Bool', 'True', 'true', true), when('Bool', 'yes', 'true', 'unknown', 'no boolean in the policy'),
  when('BinaryEquals', 'QmluYXJ5VmFsdWVJbkJhc2U2NA==', 'QmluYXJ5VmFsdWVJbkJhc2U2NA==', true, 'elements_condition_operators: its own value'),
  when('BinaryEquals', 'QmluYXJ5', 'QmluYXJz', false), when('BinaryEquals', 'QQ==', 'QQ', true, 'bytes, not text'),
  when('BinaryEquals', '!!', 'QQ==', 'unknown', 'no base64'),
])
table('address operators', [
  when('IpAddress', '203.0.113.0/24', '203.0.113.77', true), when('IpAddress', '203.0.113.0/24', '203.0.114.1', false),
  when('IpAddress', '203.0.113.5', '203.0.113.5', true, 'elements_condition_operators: default /32'),
  when('IpAddress', '203.0.113.5', '203.0.113.6', false),
  when('IpAddress', ['203.0.113.0/24', '2001:DB8:1234:5678::/64'], '2001:db8:1234:5678::1', true, 'elements_condition_operators: its IPv6 example'),
  when('IpAddress', '2001:DB8:1234:5678::/64', '2001:db8:1234:5679::1', false),
  when('IpAddress', '203.0.113.0/24', '2001:db8::1', false), when('IpAddress', '0.0.0.0/0', '198.51.100.1', true),
  when('NotIpAddress', '203.0.113.0/24', '198.51.100.1', true),
  when('NotIpAddress', ['203.0.113.0/24', '198.51.100.0/24'], '198.51.100.1', false),
  when('IpAddress', '2001:db8::1', '2001:db8::1', true), when('IpAddress', '203.0.113.0/33', '203.0.113.1', 'unknown', 'no CIDR'),
  when('IpAddress', 'vpn', '203.0.113.1', 'unknown', 'no CIDR'),
  when('NotIpAddress', '203.0.113.0/24', 'ec2.amazonaws.com', 'unknown', 'no address'),
])
const topic = 'arn:aws:sns:us-east-1:111122223333:t'
table('ARN operators', [
  when('ArnEquals', topic, topic, true), when('ArnLike', 'arn:aws:sns:*:111122223333:*', topic, true),
  when('ArnEquals', 'arn:aws:sns:*:111122223333:*', topic, true, 'elements_condition_operators: ArnEquals and ArnLike behave identically'),
  when('ArnLike', 'arn:aws:someservice:*:111122223333:finance/*',
    'arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt', false, 'elements_condition_operators: its own example'),
  when('StringLike', 'arn:aws:someservice:*:111122223333:finance/*',
    'arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt', true, 'elements_condition_operators: its own example'),
  when('ArnLike', 'arn:aws:logs:*:*:log-group:*', 'arn:aws:logs:eu-west-1:1:log-group:/a:log-stream:b', true, 'the sixth field may hold colons'),
  when('ArnLike', 'arn:aws:SNS:*:*:*', topic, false, 'elements_condition_operators: case-sensitive'),
  when('ArnNotLike', 'arn:aws:iam::111122223333:role/deploy', 'arn:aws:iam::111122223333:role/task', true),
  when('ArnNotLike', 'arn:aws:iam::*:role/deploy', 'arn:aws:iam::111122223333:role/deploy', false),
  when('ArnNotEquals', [topic, 'arn:aws:sns:*:*:u'], 'arn:aws:sns:us-east-1:111122223333:u', false, 'condition-logic: NOR'),
  when('ArnLike', 'arn:aws:s3:::b?', 'arn:aws:s3:::bx', true),
  when('ArnLike', 'arn:aws:sns:*', topic, 'unknown', 'fewer than six fields: not documented'),
  when('ArnLike', 'arn:aws:sqs:*', topic, false, 'fewer than six fields, but no match in any reading'),
  when('ArnLike', 'arn:aws:sns:*:*:*', 'not-an-arn', false, 'no ARN'),
  when('ArnEquals', '<aws_iam_role.deploy.arn>', '<aws_iam_role.deploy.arn>', true, 'a Terraform symbol is ordinary text'),
])
table('a key that the request does not have', [
  ...['StringEquals', 'StringEqualsIgnoreCase', 'StringLike', 'NumericEquals', 'NumericLessThan', 'DateLessThan', 'Bool', 'BinaryEquals', 'IpAddress',
    'ArnEquals',
    'ArnLike']
    .map((operator) => when(operator, operator === 'Bool' ? 'false' : '1', null, false, 'elements_condition_operators: the condition is false')),
  ...['StringNotEquals', 'StringNotEqualsIgnoreCase', 'StringNotLike', 'NumericNotEquals', 'DateNotEquals', 'NotIpAddress', 'ArnNotEquals',
    'ArnNotLike'].map((operator) => when(operator, '1', null, true, 'elements_condition_operators: negated, the condition is true')),
  ...['StringEqualsIfExists', 'StringNotEqualsIfExists', 'NumericLessThanIfExists', 'BoolIfExists', 'NotIpAddressIfExists',
    'ArnLikeIfExists'].map((operator) => when(operator, 'false', null, true, 'elements_condition_operators: IfExists')),
  when('StringEqualsIfExists', 'a', 'b', false, 'elements_condition_operators: IfExists'),
  when('StringEqualsIfExists', 'a', 'a', true), when('StringNotEqualsIfExists', 'a', 'a', false), when('BoolIfExists', 'true', 'false', false),
  when('StringEquals', 'a', [], false, 'no value is no key'), when('Null', 'true', null, true), when('Null', 'false', null, false),
  when('Null', 'true', 'a', false), when('Null', 'false', 'a', true), when('Null', false, 'a', true),
  when('Null', ['true', 'false'], 'a', true, 'condition-logic: OR'),
  when('Null', 'true', [], true, 'no value is no key'),
  when('Null', 'true', '', 'unknown', 'elements_condition_operators against condition-single-vs-multi-valued: an empty value'),
  when('NullIfExists', 'true', null, 'unknown', 'access-analyzer-reference-policy-checks: Null with if exists'),
])
const sets = 'condition-single-vs-multi-valued-context-keys'
table('set operators', [
  when('ForAllValues:StringEquals', ['PostDateTime', 'Message', 'Tags'], ['PostDateTime', 'UserName'], false, sets),
  when('ForAllValues:StringEquals', ['ID', 'Message', 'Tags'], ['Message', 'Tags'], true, sets),
  when('ForAllValues:StringEquals', 'a', null, true, `${sets}: true without the key`),
  when('ForAllValues:StringEquals', 'a', '', true, `${sets}: true for a null data set`),
  when('ForAllValues:StringEquals', 'a', [], true, sets),
  when('ForAnyValue:StringEquals', ['ID', 'PostDateTime'], ['UserName', 'Message', 'PostDateTime'], true, sets),
  when('ForAnyValue:StringEquals', ['ID', 'PostDateTime'], ['UserName'], false, sets),
  when('ForAnyValue:StringEquals', 'a', null, false, `${sets}: false without the key`),
  when('ForAnyValue:StringNotEquals', 'a', null, false, `${sets}: false without the key, also negated`),
  when('ForAnyValue:StringLike', 'key*', ['x', 'key1'], true, sets),
  when('ForAllValues:StringNotEquals', ['a', 'b'], ['c', 'a'], false, sets), when('ForAllValues:StringNotEquals', ['a', 'b'], ['c', 'd'], true, sets),
  when('ForAnyValue:StringNotEquals', ['a', 'b'], ['a', 'c'], true, sets),
  when('ForAnyValue:StringNotEquals', ['a', 'b'], ['a', 'b'], false, sets), when('ForAllValues:StringLike', 'team-*', ['team-a', 'x'], false, sets),
  when('ForAllValues:StringEqualsIfExists', 'a', null, true, sets),
  when('ForAnyValue:StringEqualsIfExists', 'a', null, true, 'elements_condition_operators: IfExists'),
  when('ForAllValues:NumericLessThan', '10', ['1', '9'], true, sets), when('ForAnyValue:ArnLike', 'arn:aws:sns:*:*:*', ['x', topic], true, sets),
  when('StringEquals', 'a', ['a', 'b'], 'unknown', `${sets}: several values need a set operator`),
  when('StringEquals', 'a', ['a', 'a'], true, 'the same answer for each value'),
  when('StringEquals', 'a', ['a'], true, 'one value'),
])
table('several operators and keys', [
  { name: 'two operators: AND, both true', identity: doc(allow({ Condition: { StringEquals: { a: '1' }, StringLike: { b: 'x*' } } })),
    ask: { context: { a: '1', b: 'xy' } }, want: 'allow', source: 'condition-logic: AND' },
  { name: 'two operators: AND, one false', identity: doc(allow({ Condition: { StringEquals: { a: '1' }, StringLike: { b: 'x*' } } })),
    ask: { context: { a: '1', b: 'y' } }, want: 'implicit-deny', source: 'condition-logic: AND' },
  { name: 'two keys: AND, one false', identity: doc(allow({ Condition: { StringEquals: { a: '1', b: '2' } } })), ask: { context: { a: '1', b: '3' } },
    want: 'implicit-deny', source: 'condition-logic: AND' },
  { name: 'two keys: AND, both true', identity: doc(allow({ Condition: { StringEquals: { a: ['0', '1'], b: '2' } } })),
    ask: { context: { a: '1', b: '2' } }, want: 'allow', source: 'condition-logic: AND' },
  { name: 'Null false with StringNotEquals: absent', identity: doc(allow({ Condition: { Null: { a: 'false' }, StringNotEquals: { a: '1' } } })),
    want: 'implicit-deny', source: 'aws-facts: the correct form' },
  { name: 'Null false with StringNotEquals: other', identity: doc(allow({ Condition: { Null: { a: 'false' }, StringNotEquals: { a: '1' } } })),
    ask: { context: { a: '2' } }, want: 'allow', source: 'aws-facts: the correct form' },
  { name: 'key names ignore case', identity: doc(allow({ Condition: { IpAddress: { 'AWS:sourceip': '203.0.113.0/24' } } })),
    ask: { context: { 'aws:SourceIp': '203.0.113.1' } }, want: 'allow', source: 'elements_condition: key names are not case-sensitive' },
  { name: 'tag keys ignore case', identity: doc(allow({ Condition: { StringEquals: { 'aws:ResourceTag/TagKey1': 'v' } } })),
    ask: { context: { 'aws:ResourceTag/tagkey1': 'v' } }, want: 'allow', source: 'elements_condition' },
])

// ── policy variables ─────────────────────────────────────────────────────────────────────────────
const home = 'arn:aws:s3:::b/home/${aws:username}/*', team = { 'aws:PrincipalTag/team': 'yellow' }
const variable = (name: string, identity: Document, ask: Partial<Request>, want: Effect, source = 'variables'): Case =>
  ({ name, identity, ask, want, source })
const companyWide = doc(allow({ Resource: "arn:aws:s3:::b-${aws:PrincipalTag/team, 'company-wide'}" }))
table('policy variables', [
  variable('the user name in a resource', doc(allow({ Resource: home })), { principal: alice, resource: 'arn:aws:s3:::b/home/alice/x' }, 'allow'),
  variable('another user', doc(allow({ Resource: home })), { principal: alice, resource: 'arn:aws:s3:::b/home/bob/x' }, 'implicit-deny'),
  variable('a role has no user name: matches nothing', doc(allow({ Resource: home })), { principal: task, resource: 'arn:aws:s3:::b/home//x' },
    'implicit-deny', 'variables: Policy variables with no value'),
  variable('literal text in version 2008-10-17', old(allow({ Resource: home })), { principal: alice, resource: 'arn:aws:s3:::b/home/alice/x' },
    'implicit-deny', 'elements_version'),
  variable('literal text without a version', { Statement: allow({ Resource: home }) },
    { principal: alice, resource: 'arn:aws:s3:::b/home/${aws:username}/x' }, 'allow', 'elements_version: the default is 2008-10-17'),
  variable('a tag', doc(allow({ Resource: 'arn:aws:s3:::bucket/${aws:PrincipalTag/team}' })),
    { resource: 'arn:aws:s3:::bucket/yellow', context: team }, 'allow'),
  variable('key names ignore case', doc(allow({ Resource: 'arn:aws:s3:::bucket/${AWS:principaltag/TEAM}' })),
    { resource: 'arn:aws:s3:::bucket/yellow', context: team }, 'allow'),
  variable('a default is not used when there is a value', companyWide, { resource: 'arn:aws:s3:::b-company-wide', context: team }, 'implicit-deny',
    'variables: Specifying default values'),
  variable('the value', companyWide, { resource: 'arn:aws:s3:::b-yellow', context: team }, 'allow', 'variables: Specifying default values'),
  variable('the default', companyWide, { resource: 'arn:aws:s3:::b-company-wide' }, 'allow', 'variables: Specifying default values'),
  variable('${*} is a star', doc(allow({ Resource: 'arn:aws:s3:::b/a${*}c' })), { resource: 'arn:aws:s3:::b/abc' }, 'implicit-deny',
    'variables: Special characters'),
  variable('${*} is a star and matches one', doc(allow({ Resource: 'arn:aws:s3:::b/a${*}c' })), { resource: 'arn:aws:s3:::b/a*c' }, 'allow',
    'variables: Special characters'),
  variable('${?} is a question mark', doc(allow({ Condition: { StringLike: { k: 'a${?}' } } })), { context: { k: 'ab' } }, 'implicit-deny',
    'variables: Special characters'),
  variable('${$} is a dollar', doc(allow({ Condition: { StringEquals: { k: '${$}{aws:username}' } } })), { context: { k: '${aws:username}' } },
    'allow', 'variables: Special characters'),
  variable('in a condition', doc(allow({ Condition: { StringLike: { 's3:prefix': 'home/${aws:username}/*' } } })),
    { principal: alice, context: { 's3:prefix': 'home/alice/x' } }, 'allow'),
  variable('in an ARN condition', doc(allow({ Condition: { ArnLike: { k: 'arn:aws:sns:*:*:${aws:username}' } } })),
    { principal: alice, context: { k: 'arn:aws:sns:us-east-1:1:alice' } }, 'allow'),
  variable('without a value StringEquals is false', doc(allow({ Condition: { StringEquals: { k: '${aws:PrincipalTag/team}' } } })),
    { context: { k: 'x' } }, 'implicit-deny', 'variables: Policy variables with no value'),
  variable('without a value StringNotEquals is true', doc(allow({ Condition: { StringNotEquals: { k: '${aws:PrincipalTag/team}' } } })),
    { context: { k: 'x' } }, 'allow', 'variables: Policy variables with no value'),
  variable('without a value NotResource excludes nothing',
    doc({ Effect: 'Allow', Action: '*', NotResource: 'arn:aws:s3:::b/${aws:PrincipalTag/team}' }), { resource: 'arn:aws:s3:::b/x' }, 'allow',
    'variables: will not match any resource'),
  variable('a star in a value is a star', doc(allow({ Resource: 'arn:aws:s3:::b/${k}' })), { resource: 'arn:aws:s3:::b/abc', context: { k: '*' } },
    'implicit-deny', 'what a variable brings is not a wildcard'),
  variable('not in a number', doc(allow({ Condition: { NumericEquals: { k: '${n}' } } })), { context: { k: '1', n: '1' } }, 'unknown',
    'variables: only string and ARN operators'),
  variable('a key with several values', doc(allow({ Resource: 'arn:aws:s3:::b/${k}' })), { resource: 'arn:aws:s3:::b/x', context: { k: ['x', 'y'] } },
    'unknown', `${sets}: cannot be a variable`),
  variable('before the fifth colon', doc(allow({ Resource: 'arn:aws:sns:us-east-1:${aws:PrincipalAccount}:t' })), { resource: topic }, 'unknown',
    'variables: not before the fifth colon'),
  variable('without its brace', doc(allow({ Resource: 'arn:aws:s3:::b/${aws:username' })), { principal: alice, resource: 'arn:aws:s3:::b/alice' },
    'unknown', 'access-analyzer-reference-policy-checks: Missing brace in variable'),
])

// ── principals ───────────────────────────────────────────────────────────────────────────────────
const onPrincipal = 'elements_principal', onNotPrincipal = 'elements_notprincipal'
const byResource = (name: string, Principal: unknown, principal: Principal, want: Effect, source = onPrincipal, more: Partial<Case> = {}): Case =>
  ({ name, resource: doc(to(Principal)), ask: { principal }, want, source, ...more })
table('Principal of an Allow, same account', [
  byResource('everyone, a role', '*', task, 'allow'), byResource('everyone, a session', '*', session, 'allow'),
  byResource('everyone, a user', '*', alice, 'allow'),
  byResource('everyone, anonymous', '*', nobody, 'allow', 'elements_principal: public access'),
  byResource('AWS star is everyone', { AWS: '*' }, nobody, 'allow', 'elements_principal: the two are equivalent'),
  byResource('everyone, a service', '*', chime, 'allow'),
  byResource('the role', AWS(roleArn), task, 'allow'),
  byResource('the role, asked by its session', AWS(roleArn), session, 'allow', 'foundation d: role and session allowed by bucket policy alone'),
  byResource('another role', AWS(`arn:aws:iam::${ours}:role/other`), task, 'implicit-deny'),
  byResource('a role without its path is another', AWS(`arn:aws:iam::${ours}:role/task`), task, 'implicit-deny',
    'reference_identifiers: the path is part of the ARN'),
  byResource('the session', AWS(sessionArn), session, 'allow'),
  byResource('the session ARN has no path', AWS(`arn:aws:sts::${ours}:assumed-role/service/task/i-1`), session, 'implicit-deny',
    'reference_identifiers'),
  byResource('another session of the role', AWS(`arn:aws:sts::${ours}:assumed-role/task/i-2`), session, 'implicit-deny'),
  byResource('one session, asked by the role', AWS(sessionArn), task, 'implicit-deny', 'a role stands for a session that nobody named'),
  byResource('the user', AWS(userArn), alice, 'allow'),
  byResource('user names are case-sensitive', AWS(userArn.replace('alice', 'Alice')), alice, 'implicit-deny'),
  byResource('one of several', AWS('444455556666', userArn), alice, 'allow', 'elements_principal: logical OR'),
  byResource('the own account only delegates', AWS(ours), task, 'implicit-deny', 'foundation d: account-root principal does not grant'),
  byResource('the own root ARN only delegates', AWS(`arn:aws:iam::${ours}:root`), alice, 'implicit-deny', 'foundation d'),
  byResource('a service', { Service: 'mediapipelines.chime.amazonaws.com' }, chime, 'allow'),
  byResource('another service', { Service: 'ec2.amazonaws.com' }, chime, 'implicit-deny'),
  byResource('a service is not a role', { Service: 'mediapipelines.chime.amazonaws.com' }, task, 'implicit-deny'),
  byResource('one of several services', { Service: ['ec2.amazonaws.com', 'mediapipelines.chime.amazonaws.com'] }, chime, 'allow'),
  byResource('the id of a deleted role names nobody', AWS('AROAEXAMPLEEXAMPLEID'), task, 'implicit-deny',
    'elements_principal: the policy no longer applies'),
  byResource('a canonical user may be an account', { CanonicalUser: '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be' }, visitor,
    'unknown', 'elements_principal: an account under another name', { identity: doc(allow()) }),
  byResource('a canonical user is not nobody', { CanonicalUser: '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be' }, nobody,
    'implicit-deny'),
  byResource('how a session was federated is not known', { Federated: 'graph.facebook.com' }, session, 'unknown'),
  byResource('a user is not federated', { Federated: 'graph.facebook.com' }, alice, 'implicit-deny'),
  byResource('any service is not documented', { Service: '*' }, chime, 'unknown'),
  byResource('the role in an identity policy', '*', task, 'implicit-deny', 'nothing in the resource policy of this row',
    { resource: doc(to('*', { Action: 'ec2:*' })) }),
])
const denies = (name: string, Principal: unknown, principal: Principal, want: Effect, source = 'elements_principal'): Case =>
  ({ name, identity: doc(allow()), resource: doc(to('*'), deny({ Principal })), ask: { principal }, want, source })
table('Principal of a Deny', [
  denies('everyone denies a service', '*', chime, 'deny'), denies('everyone denies anonymous', '*', nobody, 'deny'),
  denies('everyone denies another account', '*', visitor, 'deny'),
  denies('the role denies its session', AWS(roleArn), session, 'deny', 'foundation d: Deny by role ARN'),
  denies('the account denies its role', AWS(ours), task, 'deny', 'elements_notprincipal: the account and all entities in that account'),
  denies('the account denies its user', AWS(`arn:aws:iam::${ours}:root`), alice, 'deny'),
  denies('the account does not deny another', AWS(ours), visitor, 'allow'),
  denies('the account does not deny anonymous', AWS(ours), nobody, 'allow'), denies('the account does not deny a service', AWS(ours), chime, 'allow'),
  denies('one session does not deny another', AWS(`arn:aws:sts::${ours}:assumed-role/task/i-2`), session, 'allow'),
  denies('the user', AWS(userArn), alice, 'deny'),
  denies('the service', { Service: 'mediapipelines.chime.amazonaws.com' }, chime, 'deny'),
  denies('a service does not deny roles', { Service: 'mediapipelines.chime.amazonaws.com' }, task, 'allow'),
])
const denyBut = (NotPrincipal: unknown) => ({ Effect: 'Deny', NotPrincipal, Action: '*', Resource: '*' })
const spares = (name: string, NotPrincipal: unknown, principal: Principal, want: Effect, source = onNotPrincipal, more: Partial<Case> = {}): Case =>
  ({ name, identity: doc(allow()), resource: doc(to('*'), denyBut(NotPrincipal)), ask: { principal }, want, source, ...more })
const ourRoot = `arn:aws:iam::${ours}:root`
table('NotPrincipal', [
  spares('user and account are spared', AWS(userArn, ourRoot), alice, 'allow', 'elements_notprincipal: Bob'),
  spares('the account by number', AWS(userArn, ours), alice, 'allow'),
  spares('another user of that account is not', AWS(`arn:aws:iam::${ours}:user/bob`, ourRoot), alice, 'deny'),
  spares('the account alone spares nobody in it', AWS(ourRoot), alice, 'deny'),
  spares('the user without the account', AWS(userArn), alice, 'unknown', 'elements_notprincipal: might deny access to the entire account'),
  spares('session, role and account', AWS(sessionArn, roleArn, ourRoot), session, 'allow', 'elements_notprincipal: cross-account-audit-app'),
  spares('role and account, but not the session', AWS(roleArn, ourRoot), session, 'deny',
    'elements_notprincipal: principals must always name a specific session'),
  spares('only the role', AWS(roleArn), session, 'deny', 'foundation d: iam-simulate exempts here, AWS asks for the session'),
  spares('the session without its role', AWS(sessionArn, ourRoot), session, 'unknown', 'elements_notprincipal: might deny access to the role'),
  spares('the session alone', AWS(sessionArn), session, 'unknown'),
  spares('the role itself, with the account', AWS(roleArn, ourRoot), task, 'allow'),
  spares('another account', AWS(roleArn, ourRoot), visitor, 'deny'), spares('anonymous', AWS(roleArn, ourRoot), nobody, 'deny'),
  spares('a service that is not listed', AWS(roleArn, ourRoot), chime, 'deny'),
  spares('a service that is listed', { Service: 'mediapipelines.chime.amazonaws.com' }, chime, 'allow'),
  spares('everyone', '*', task, 'allow'), spares('the root user', AWS(ourRoot), root, 'allow'),
  spares('the root user, by the number of the account', AWS(ours), root, 'allow', 'elements_principal: behave the same'),
  spares('a boundary undoes the exception', AWS(userArn, ourRoot), alice, 'deny',
    'elements_notprincipal: always deny a principal with a permissions boundary', { boundary: doc(allow()) }),
  { name: 'with Allow it is not supported', resource: doc({ Effect: 'Allow', NotPrincipal: AWS(userArn), Action: '*', Resource: '*' }),
    ask: { principal: task }, want: 'unknown', source: 'elements_notprincipal: using it with Allow is not supported' },
])
/** A Deny for everyone under one condition on a key that nobody gives: deny = the condition is true. */
const brings = (name: string, principal: Principal, Condition: object, want: boolean): Case => ({
  name, identity: doc(allow()), resource: doc(to('*'), deny({ Principal: '*', Condition })), ask: { principal }, want: want ? 'deny' : 'allow',
  source: 'condition-keys; variables: Principal key values',
})
table('keys that the principal brings', [
  brings('aws:PrincipalArn of a session is the role', session, { ArnEquals: { 'aws:PrincipalArn': roleArn } }, true),
  brings('aws:PrincipalArn of a session is not the session', session, { ArnEquals: { 'aws:PrincipalArn': sessionArn } }, false),
  brings('aws:PrincipalArn of a user', alice, { ArnEquals: { 'aws:PrincipalArn': userArn } }, true),
  brings('aws:PrincipalArn of nobody is absent', nobody, { Null: { 'aws:PrincipalArn': 'true' } }, true),
  brings('aws:PrincipalArn of a service is absent', chime, { ArnNotLike: { 'aws:PrincipalArn': roleArn } }, true),
  brings('aws:PrincipalAccount', task, { StringEquals: { 'aws:PrincipalAccount': ours } }, true),
  brings('aws:PrincipalAccount of nobody', nobody, { StringEquals: { 'aws:PrincipalAccount': 'anonymous' } }, true),
  brings('aws:PrincipalAccount of a service is not ours', chime, { StringEquals: { 'aws:PrincipalAccount': ours } }, false),
  brings('aws:PrincipalType of a role', task, { StringEquals: { 'aws:PrincipalType': 'AssumedRole' } }, true),
  brings('aws:PrincipalType of a user', alice, { StringEquals: { 'aws:PrincipalType': 'User' } }, true),
  brings('aws:PrincipalType of the root user', root, { StringEquals: { 'aws:PrincipalType': 'Account' } }, true),
  brings('aws:PrincipalType of nobody', nobody, { StringEquals: { 'aws:PrincipalType': 'Anonymous' } }, true),
  brings('aws:username of a user is without path', alice, { StringEquals: { 'aws:username': 'alice' } }, true),
  brings('aws:username of a session is absent', session, { Null: { 'aws:username': 'true' } }, true),
  brings('aws:userid of nobody', nobody, { StringEquals: { 'aws:userid': 'anonymous' } }, true),
  brings('aws:userid of the root user', root, { StringEquals: { 'aws:userid': ours } }, true),
  brings('aws:PrincipalIsAWSService of a service', chime, { Bool: { 'aws:PrincipalIsAWSService': 'true' } }, true),
  brings('aws:PrincipalIsAWSService of a role', task, { Bool: { 'aws:PrincipalIsAWSService': 'false' } }, true),
  brings('aws:PrincipalIsAWSService of nobody is absent', nobody, { BoolIfExists: { 'aws:PrincipalIsAWSService': 'true' } }, true),
  brings('aws:PrincipalServiceName', chime, { StringEquals: { 'aws:PrincipalServiceName': 'mediapipelines.chime.amazonaws.com' } }, true),
  { name: 'aws:userid of a role is an id that no ARN tells',
    identity: doc(allow(), deny({ Condition: { StringNotLike: { 'aws:userid': 'AROAEXAMPLE:*' } } })), want: 'unknown',
    source: 'variables: role-id:caller-specified-role-name' },
  { name: 'aws:userid is there', identity: doc(allow(), deny({ Condition: { Null: { 'aws:userid': 'true' } } })), want: 'allow',
    source: 'condition-keys: included for all requests' },
  { name: 'the context may give aws:userid', identity: doc(allow(), deny({ Condition: { StringNotLike: { 'aws:userid': 'AROAEXAMPLE:*' } } })),
    ask: { context: { 'aws:userId': 'AROAEXAMPLE:i-1' } }, want: 'allow', source: 'the context goes first' },
])

// ── accounts, boundaries, keys ───────────────────────────────────────────────────────────────────
const all = doc(allow()), only = (Action: string) => doc(allow({ Action })), rp = (Principal: unknown) => doc(to(Principal))
const within = 'evaluation-logic: Resource-based policies and implicit denies in other policy types'
table('boundary, same account', [
  { name: 'identity and boundary allow', identity: all, boundary: only('s3:*'), want: 'allow', source: 'access_policies_boundaries' },
  { name: 'the boundary does not allow', identity: all, boundary: only('ec2:*'), want: 'implicit-deny', source: 'access_policies_boundaries' },
  { name: 'a boundary grants nothing', boundary: all, want: 'implicit-deny', source: 'access_policies_boundaries' },
  { name: 'a resource policy that names the role is limited', boundary: only('ec2:*'), resource: rp(AWS(roleArn)), want: 'implicit-deny',
    source: within },
  { name: 'the same for its session', boundary: only('ec2:*'), resource: rp(AWS(roleArn)), ask: { principal: session }, want: 'implicit-deny',
    source: within },
  { name: 'a resource policy that names the session is not limited', boundary: only('ec2:*'), resource: rp(AWS(sessionArn)),
    ask: { principal: session }, want: 'allow', source: within },
  { name: 'a resource policy that names the user is not limited', boundary: only('ec2:*'), resource: rp(AWS(userArn)), ask: { principal: alice },
    want: 'allow', source: within },
  { name: 'everyone with a condition on aws:PrincipalArn is not limited', boundary: only('ec2:*'),
    resource: doc(to('*', { Condition: { ArnEquals: { 'aws:PrincipalArn': roleArn } } })), ask: { principal: session }, want: 'allow',
    source: 'elements_principal: IAM role principals' },
  { name: 'the role named, boundary allows, no identity policy', boundary: only('s3:*'), resource: rp(AWS(roleArn)), want: 'allow', source: within },
  { name: 'the boundary of a foreign role counts too', identity: all, boundary: only('ec2:*'), resource: rp(AWS(theirs)), ask: { principal: visitor },
    want: 'implicit-deny', source: 'evaluation-logic-cross-account' },
  { name: 'an implicit deny by identity does not limit the role', identity: only('ec2:*'), resource: rp(AWS(roleArn)), want: 'allow',
    source: within },
])
const cross = 'evaluation-logic-cross-account'
table('other account', [
  { name: 'only the identity policy', identity: all, ask: { principal: visitor }, want: 'implicit-deny', source: cross },
  { name: 'only the resource policy', resource: rp(AWS('arn:aws:iam::444455556666:role/visitor')), ask: { principal: visitor }, want: 'implicit-deny',
    source: cross },
  { name: 'both, by role', identity: all, resource: rp(AWS('arn:aws:iam::444455556666:role/visitor')), ask: { principal: visitor }, want: 'allow',
    source: cross },
  { name: 'both, by account', identity: all, resource: rp(AWS(theirs)), ask: { principal: visitor }, want: 'allow', source: cross },
  { name: 'both, by everyone', identity: all, resource: rp('*'), ask: { principal: visitor }, want: 'allow', source: cross },
  { name: 'everyone, but no identity policy', resource: rp('*'), ask: { principal: visitor }, want: 'implicit-deny',
    source: 'elements_principal: they must also have identity-based permissions' },
  { name: 'a user, both', identity: all, resource: rp(AWS('arn:aws:iam::444455556666:user/bob')), ask: { principal: bob }, want: 'allow',
    source: cross },
  { name: 'a third account is named', identity: all, resource: rp(AWS('777788889999')), ask: { principal: visitor }, want: 'implicit-deny',
    source: cross },
  { name: 'an explicit deny in the identity policy', identity: doc(allow(), deny({ Resource: 'arn:aws:s3:::*log*' })), resource: rp(AWS(theirs)),
    ask: { principal: bob, resource: 'arn:aws:s3:::Production-logs/x' }, want: 'deny', source: `${cross}: Carlos` },
  { name: 'a session, by its role', identity: all, resource: rp(AWS('arn:aws:iam::444455556666:role/visitor')),
    ask: { principal: { kind: 'session', role: 'arn:aws:iam::444455556666:role/visitor', session: 's' } }, want: 'allow', source: cross },
  { name: 'our role, their bucket: identity alone is not enough', identity: all, owner: theirs, want: 'implicit-deny', source: cross },
])
type MaybeDocument = Document | null
const kms = (
  name: string, resource: MaybeDocument, identity: MaybeDocument, principal: Principal, want: Effect, source = 'kms: key-policy-default', boundary?: Document,
): Case => ({
  name, ...(resource ? { resource } : {}), ...(identity ? { identity } : {}), ...(boundary ? { boundary } : {}), kind: 'key',
  ask: { principal, action: 'kms:Decrypt', resource: key }, want, source,
})
const enable = doc({ Sid: 'Enable IAM User Permissions', Effect: 'Allow', Principal: { AWS: ourRoot }, Action: 'kms:*', Resource: '*' })
table('KMS keys', [
  kms('identity policy without a key policy', null, all, task, 'implicit-deny', 'kms: key-policies: IAM policies have no effect'),
  kms('root delegation and identity policy', enable, all, task, 'allow'), kms('root delegation alone', enable, null, task, 'implicit-deny'),
  kms('the account by number delegates too', doc(to(AWS(ours))), all, session, 'allow', 'elements_principal: behave the same'),
  kms('the key policy names the role', doc(to(AWS(roleArn))), null, session, 'allow', 'kms: key-policies'),
  kms('the key policy names another role', doc(to(AWS(`arn:aws:iam::${ours}:role/other`))), all, task, 'implicit-deny', 'kms: key-policies'),
  kms('delegation of another action', doc(to(AWS(ours), { Action: 'kms:DescribeKey' })), all, task, 'implicit-deny', 'kms: key-policies'),
  kms('delegation under a condition that fails',
    doc(to(AWS(ours), { Condition: { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } } })), all, task, 'implicit-deny'),
  kms('delegation, identity policy of something else', enable, only('s3:*'), task, 'implicit-deny'),
  kms('a deny in the identity policy needs no key policy', enable, doc(allow(), deny({ Action: 'kms:Decrypt' })), task, 'deny',
    'kms: key-policies: you can use an IAM policy to deny'),
  kms('a deny in the key policy', doc(to(AWS(ours)), deny({ Principal: '*', Action: 'kms:Decrypt' })), all, task, 'deny'),
  kms('delegation and boundary', enable, all, task, 'implicit-deny', 'access_policies_boundaries', only('s3:*')),
  kms('another account, both', doc(to(AWS(theirs))), all, visitor, 'allow', 'kms: key-policy-modifying-external-accounts'),
  kms('another account, key policy alone', doc(to(AWS(theirs))), null, visitor, 'implicit-deny', 'kms: key-policy-modifying-external-accounts'),
  kms('another account, delegation to ours only', enable, all, visitor, 'implicit-deny'),
  kms('the root user by delegation', enable, null, root, 'allow'),
  kms('the root user without the key policy', doc(to(AWS(roleArn))), null, root, 'implicit-deny',
    'kms: key-policies: including the account root user'),
  kms('a service', doc(to({ Service: 'mediapipelines.chime.amazonaws.com' })), null, chime, 'allow'),
  kms('a statement without a resource', doc({ Effect: 'Allow', Principal: '*', Action: '*' }), null, task, 'unknown',
    'kms: key policies need a resource'),
])
table('services, anonymous, root', [
  { name: 'a service has no identity policy', identity: all, ask: { principal: chime }, want: 'implicit-deny', source: 'elements_principal' },
  { name: 'anonymous has no identity policy', identity: all, ask: { principal: nobody }, want: 'implicit-deny', source: 'elements_principal' },
  { name: 'an identity deny does not reach a service', identity: doc(deny()), resource: rp('*'), ask: { principal: chime }, want: 'allow',
    source: 'elements_principal' },
  { name: 'the root user of the account', ask: { principal: root }, want: 'allow', source: 'evaluation-logic: root has full access' },
  { name: 'the root user under a deny', resource: doc(deny({ Principal: '*' })), ask: { principal: root }, want: 'deny',
    source: 'evaluation-logic: explicit deny' },
  { name: 'a foreign root user', ask: { principal: { kind: 'user', arn: 'arn:aws:iam::444455556666:root' } }, want: 'implicit-deny', source: cross },
  { name: 'a role trust policy has no resource',
    resource: doc({ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }),
    ask: { principal: { kind: 'service', service: 'ecs-tasks.amazonaws.com' }, action: 'sts:AssumeRole', resource: roleArn }, want: 'allow',
    source: 'elements_principal' },
  { name: 'a Principal in an identity policy is not understood', identity: doc(to('*')), want: 'unknown',
    source: 'elements_principal: cannot be used in an identity-based policy' },
  { name: 'no Principal in a resource policy is not understood', resource: doc(allow()), want: 'unknown',
    source: 'grammar notes: required in resource-based policies' },
])

// ── the plan and what it should have been ────────────────────────────────────────────────────────
const objects = `${bucket}/*`
const insecure = { Bool: { 'aws:SecureTransport': 'false' } }
const planBucket = doc(
  { Sid: 'DenyInsecureConnections', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [bucket, objects], Condition: insecure },
  { Sid: 'HIPAACompliance', Effect: 'Deny', Principal: '*', Action: 's3:DeleteObject', Resource: objects })
const planTask = doc(
  allow({ Action: ['connect:StartWebRTCContact', 'connect:GetCurrentMetricData', 'connect:DescribeQueue', 'connect:DescribeInstance',
    'connect:ListQueues'] }),
  allow({ Action: ['chime:CreateMeeting', 'chime:DeleteMeeting', 'chime:GetMeeting', 'chime:ListMeetings', 'chime:CreateAttendee',
    'chime:DeleteAttendee', 'chime:GetAttendee', 'chime:ListAttendees'] }),
  allow({ Action: ['s3:PutObject', 's3:GetObject', 's3:ListBucket'], Resource: [bucket, objects] }),
  allow({ Action: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'], Resource: key }),
  allow({ Action: 'sns:Publish', Resource: `arn:aws:sns:us-east-1:${ours}:telehealth-ses-notifications-prod` }))
const tls = { 'aws:SecureTransport': 'true' }, noTls = { 'aws:SecureTransport': 'false' }
const plan = (asked: string, resource: string, want: Effect, context: Request['context'] = tls, source = 'the plan, phase 3'): Case => ({
  name: `${asked} on ${resource.slice(-30)} ${JSON.stringify(context)}`, identity: planTask,
  ...(asked.startsWith('kms:') ? { resource: enable, kind: 'key' as const } : { resource: planBucket }),
  ask: { principal: session, action: asked, resource, context }, want, source,
})
table('the plan as written', [
  plan('s3:PutObject', object, 'allow'), plan('s3:PutObject', object, 'deny', { 'aws:SecureTransport': 'false' }),
  plan('s3:ListBucket', bucket, 'deny', { 'aws:SecureTransport': 'false' }), plan('s3:DeleteObject', object, 'deny'),
  plan('s3:DeleteObjectVersion', object, 'implicit-deny', undefined, 'the plan denies only s3:DeleteObject'),
  plan('s3:GetBucketPolicy', bucket, 'implicit-deny', undefined, 'aws-facts: missing'),
  plan('s3:GetObject', 'arn:aws:s3:::some-other-bucket/x', 'implicit-deny'), plan('s3:PutBucketPolicy', bucket, 'implicit-deny'),
  plan('kms:Decrypt', key, 'allow'), plan('kms:Sign', key, 'implicit-deny', undefined, 'aws-facts: missing'),
  plan('kms:Decrypt', `arn:aws:kms:us-east-1:${ours}:key/other`, 'implicit-deny'),
  plan('kms:ScheduleKeyDeletion', key, 'implicit-deny'),
  { name: 's3:DeleteObjectVersion by an administrator is allowed', identity: all, resource: planBucket,
    ask: { action: 's3:DeleteObjectVersion', context: { 'aws:SecureTransport': 'true' } }, want: 'allow',
    source: 'the plan leaves the versions open' },
  { name: 'without aws:SecureTransport in the context the Deny does not apply', identity: all, resource: planBucket, ask: {}, want: 'allow',
    source: 'elements_condition_operators: Bool, the values do not match' },
])
const deployRole = `arn:aws:iam::${ours}:role/telehealth-deploy`, breakGlass = `arn:aws:iam::${ours}:role/telehealth-break-glass`
const configActions = ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy', 's3:PutLifecycleConfiguration', 's3:PutBucketObjectLockConfiguration',
  's3:PutBucketVersioning', 's3:PutEncryptionConfiguration', 's3:PutBucketPublicAccessBlock', 's3:DeleteBucket']
const sse = 's3:x-amz-server-side-encryption', sseKey = 's3:x-amz-server-side-encryption-aws-kms-key-id'
const daysKey = 's3:object-lock-remaining-retention-days', modeKey = 's3:object-lock-mode'
const denyAll = (Sid: string, Action: unknown, Condition?: object, Resource: unknown = objects) =>
  ({ Sid, Effect: 'Deny', Principal: '*', Action, Resource, ...(Condition ? { Condition } : {}) })
const puts = ['s3:PutObject', 's3:PutObjectRetention']
const configDeny = denyAll('DenyConfigurationChanges', configActions, { ArnNotLike: { 'aws:PrincipalArn': [deployRole, breakGlass] } }, bucket)
const hardened = doc(
  denyAll('DenyInsecureConnections', 's3:*', insecure, [bucket, objects]),
  denyAll('DenyDelete', ['s3:DeleteObject', 's3:DeleteObjectVersion']),
  configDeny,
  denyAll('DenyShortRetention', puts, { NumericLessThan: { [daysKey]: '2557' } }),
  denyAll('DenyGovernance', puts, { StringEquals: { [modeKey]: 'GOVERNANCE' } }),
  denyAll('DenyOtherEncryption', 's3:PutObject', { Null: { [sse]: 'false' }, StringNotEquals: { [sse]: 'aws:kms' } }),
  denyAll('DenyOtherKey', 's3:PutObject', { Null: { [sseKey]: 'false' }, StringNotEquals: { [sseKey]: key } }),
  { Sid: 'MediaPipelines', Effect: 'Allow', Principal: { Service: 'mediapipelines.chime.amazonaws.com' }, Action: ['s3:PutObject', 's3:PutObjectAcl'],
    Resource: objects, Condition: { StringEquals: { 'aws:SourceAccount': ours }, ArnLike: { 'aws:SourceArn': `arn:aws:chime:*:${ours}:*` } } })
const fromChime = { ...tls, 'aws:SourceAccount': ours, 'aws:SourceArn': `arn:aws:chime:us-east-1:${ours}:media-pipeline/p` }
const hard = (
  name: string, principal: Principal, asked: string, resource: string, context: Request['context'], want: Effect, source = 'aws-facts: the correct form',
): Case => ({ name, identity: all, resource: hardened, kind: 'bucket', ask: { principal, action: asked, resource, context }, want, source })
table('the hardened bucket policy', [
  hard('a plain put relies on the bucket default', task, 's3:PutObject', object, tls, 'allow'),
  hard('a put without TLS', task, 's3:PutObject', object, noTls, 'deny'),
  hard('listing without TLS', task, 's3:ListBucket', bucket, noTls, 'deny'),
  hard('the right cipher and key', task, 's3:PutObject', object, { ...tls, [sse]: 'aws:kms', [sseKey]: key }, 'allow'),
  hard('AES256', task, 's3:PutObject', object, { ...tls, [sse]: 'AES256' }, 'deny'),
  hard('another key', task, 's3:PutObject', object, { ...tls, [sse]: 'aws:kms', [sseKey]: `${key}x` }, 'deny'),
  hard('one day short', task, 's3:PutObject', object, { ...tls, [daysKey]: '2556' }, 'deny', 's3: object-lock-managing'),
  hard('exactly seven years', task, 's3:PutObject', object, { ...tls, [daysKey]: '2557' }, 'allow'),
  hard('shortening by PutObjectRetention', task, 's3:PutObjectRetention', object, { ...tls, [daysKey]: '1' }, 'deny'),
  hard('GOVERNANCE', task, 's3:PutObject', object, { ...tls, [modeKey]: 'GOVERNANCE' }, 'deny'),
  hard('COMPLIANCE', task, 's3:PutObject', object, { ...tls, [modeKey]: 'COMPLIANCE' }, 'allow'),
  hard('delete', task, 's3:DeleteObject', object, tls, 'deny'),
  hard('delete a version', alice, 's3:DeleteObjectVersion', object, tls, 'deny'),
  hard('delete by the root user', root, 's3:DeleteObjectVersion', object, tls, 'deny'),
  hard('the task role may not change the policy', session, 's3:PutBucketPolicy', bucket, tls, 'deny'),
  hard('a deploy session may', { kind: 'session', role: deployRole, session: 'ci-77' }, 's3:PutBucketPolicy', bucket, tls, 'allow',
    'condition-keys: aws:PrincipalArn is the role'),
  hard('break glass may', { kind: 'role', arn: breakGlass }, 's3:PutLifecycleConfiguration', bucket, tls, 'allow'),
  hard('break glass may not delete', { kind: 'role', arn: breakGlass }, 's3:DeleteObjectVersion', object, tls, 'deny'),
  hard('the same role name elsewhere may not', { kind: 'role', arn: `arn:aws:iam::${theirs}:role/telehealth-deploy` }, 's3:PutBucketPolicy', bucket,
    tls, 'deny'),
  hard('a service may not change the policy', chime, 's3:PutBucketPolicy', bucket, tls, 'deny', 'no aws:PrincipalArn: the negated operator is true'),
  hard('anonymous may not change the policy', nobody, 's3:PutBucketPolicy', bucket, tls, 'deny'),
  hard('media pipelines write', chime, 's3:PutObject', object, fromChime, 'allow'),
  hard('media pipelines for another account', chime, 's3:PutObject', object, { ...fromChime, 'aws:SourceAccount': theirs }, 'implicit-deny'),
  hard('media pipelines from another source', chime, 's3:PutObject', object,
    { ...fromChime, 'aws:SourceArn': `arn:aws:chime:us-east-1:${theirs}:media-pipeline/p` }, 'implicit-deny'),
  hard('media pipelines without source keys', chime, 's3:PutObject', object, tls, 'implicit-deny'),
  hard('media pipelines do not read', chime, 's3:GetObject', object, fromChime, 'implicit-deny'),
  hard('another account', visitor, 's3:GetObject', object, tls, 'implicit-deny'),
  { name: 'StringNotEqualsIfExists also refuses the plain put', identity: all,
    resource: doc(deny({ Principal: '*', Action: 's3:PutObject', Condition: { StringNotEqualsIfExists: { [sse]: 'aws:kms' } } })),
    ask: { action: 's3:PutObject' }, want: 'deny', source: 'aws-facts: measured on MiniStack' },
])
/** The 34 permissions of the expectation (service authorization data); without: what the plan forgot. */
const expectation: readonly (readonly [actions: string, resource: string, missing?: 'missing'])[] = [
  ['chime:CreateMeeting', '*'],
  ['chime:CreateMeetingWithAttendees chime:CreateMediaCapturePipeline chime:CreateMediaConcatenationPipeline', '*', 'missing'],
  ['chime:GetMeeting chime:DeleteMeeting chime:CreateAttendee chime:GetAttendee chime:DeleteAttendee chime:ListAttendees',
    `arn:aws:chime:us-east-1:${ours}:meeting/m`],
  ['chime:DeleteMediaCapturePipeline chime:GetMediaCapturePipeline chime:DeleteMediaPipeline chime:GetMediaPipeline',
    `arn:aws:chime:us-east-1:${ours}:media-pipeline/p`, 'missing'],
  ['s3:GetBucketPolicy', bucket, 'missing'],
  ['connect:StartWebRTCContact', `arn:aws:connect:us-east-1:${ours}:instance/i/contact-flow/f`],
  ['connect:StopContact connect:DescribeContact connect:CreateParticipant', `arn:aws:connect:us-east-1:${ours}:instance/i/contact/c`, 'missing'],
  ['connect:DescribeQueue connect:GetCurrentMetricData', `arn:aws:connect:us-east-1:${ours}:instance/i/queue/q`],
  ['connect:ListQueues', `arn:aws:connect:us-east-1:${ours}:instance/i/queue/*`],
  ['connect:DescribeInstance', `arn:aws:connect:us-east-1:${ours}:instance/i`],
  ['kms:Sign kms:GetPublicKey kms:DescribeKey', `arn:aws:kms:us-east-1:${ours}:key/SIGNING_KEY`, 'missing'],
  ['kms:GenerateDataKey kms:Decrypt', key], ['s3:PutObject', `${bucket}/app/x`], ['s3:AbortMultipartUpload', `${bucket}/app/x`, 'missing'],
  ['s3:GetObject', object], ['s3:ListBucket', bucket],
  ['ses:SendEmail', `arn:aws:ses:us-east-1:${ours}:identity/eudaura.com`, 'missing'],
  ['sms-voice:SendTextMessage', `arn:aws:sms-voice:us-east-1:${ours}:pool/p`, 'missing'],
]
describe('the task role of the plan against the expectation', () => {
  const asked = expectation.flatMap(([actions, resource, missing]) => actions.split(' ')
    .map((name) => ({ name, resource, want: missing ? 'implicit-deny' : 'allow' })))
  test.each(asked)('$name $want', ({ name, resource, want }) => {
    const document = name.startsWith('kms:') ? { resource: enable, kind: 'key' as const } : {}
    const asking = request({ principal: session, action: name, resource, context: tls })
    expect(evaluate(asking, policies({ identity: planTask, ...document })).effect).toBe(want)
  })
  test('17 of 34 are allowed, as measured', () => expect([asked.length, asked.filter(({ want }) => want === 'allow').length]).toEqual([34, 17]))
})

// ── not known ────────────────────────────────────────────────────────────────────────────────────
const u = (unresolved = 'var.x') => ({ unresolved })
table('three values', [
  { name: 'a session of a symbolic role may be the one that is named', resource: rp(AWS(sessionArn)),
    ask: { principal: { kind: 'session', role: '<aws_iam_role.t.arn>', session: 'i-1' } }, want: 'unknown', source: 'task' },
  { name: 'a session of a symbolic role is not one of another name', resource: rp(AWS(sessionArn)),
    ask: { principal: { kind: 'session', role: '<aws_iam_role.t.arn>', session: 'i-2' } }, want: 'implicit-deny', source: 'task' },
  { name: 'a symbolic account in a key policy', identity: all, resource: doc(to(AWS('<data.a.account_id>'))), kind: 'key', owner: '<data.a.account_id>',
    ask: { principal: { kind: 'role', arn: 'arn:aws:iam::<data.a.account_id>:role/t' }, action: 'kms:Decrypt', resource: key }, want: 'allow',
    source: 'the same symbol is the same account' },
  { name: 'a key policy without a principal', identity: all, resource: doc(allow()), kind: 'key', ask: { action: 'kms:Decrypt', resource: key },
    want: 'unknown', source: 'grammar notes: required in resource-based policies' },
  { name: 'an unresolved action', identity: doc(allow({ Action: u() })), want: 'unknown', source: 'task' },
  { name: 'an unresolved action beside one that matches', identity: doc(allow({ Action: [u(), 's3:*'] })), want: 'allow', source: 'Kleene' },
  { name: 'an unresolved resource', identity: doc(allow({ Resource: u('aws_s3_bucket.b.arn') })), want: 'unknown', source: 'task' },
  { name: 'an unresolved resource of another action', identity: doc(allow({ Action: 'ec2:*', Resource: u() })), want: 'implicit-deny',
    source: 'Kleene: false and unknown' },
  { name: 'an unresolved condition value', identity: doc(allow({ Condition: { StringEquals: { k: u() } } })), ask: { context: { k: 'a' } },
    want: 'unknown', source: 'task' },
  { name: 'an unresolved value of a key that is absent', identity: doc(allow({ Condition: { StringEquals: { k: u() } } })), want: 'implicit-deny',
    source: 'absent is false whatever the value' },
  { name: 'an unresolved value under a negated operator', identity: doc(allow({ Condition: { StringNotEquals: { k: [u(), 'a'] } } })),
    ask: { context: { k: 'a' } }, want: 'implicit-deny', source: 'Kleene: NOR' },
  { name: 'an unknown operator', identity: doc(allow({ Condition: { StringResembles: { k: 'a' } } })), ask: { context: { k: 'a' } }, want: 'unknown',
    source: 'task' },
  { name: 'an unknown operator beside a false one', identity: doc(allow({ Condition: { StringResembles: { k: 'a' }, StringEquals: { k: 'b' } } })),
    ask: { context: { k: 'a' } }, want: 'implicit-deny', source: 'Kleene' },
  { name: 'an unknown allow beside a sure deny', identity: doc(allow({ Action: u() }), deny()), want: 'deny', source: 'task' },
  { name: 'an unknown deny where nothing allows', identity: doc(deny({ Action: u() })), want: 'implicit-deny', source: 'task' },
  { name: 'an unknown deny beside an allow', identity: doc(allow(), deny({ Action: u() })), want: 'unknown', source: 'task' },
  { name: 'an unknown allow beside a sure allow', identity: doc(allow({ Resource: u() }), allow()), want: 'allow', source: 'Kleene' },
  { name: 'an unresolved principal', resource: doc(to(u())), want: 'unknown', source: 'task' },
  { name: 'an unresolved principal may be everyone', resource: doc(to(AWS(u()))), ask: { principal: nobody }, want: 'unknown', source: 'task' },
  { name: 'an unresolved service', resource: doc(to({ Service: u() })), ask: { principal: chime }, want: 'unknown', source: 'task' },
  { name: 'an unresolved service is no role', resource: doc(to({ Service: u() })), want: 'implicit-deny', source: 'Kleene' },
  { name: 'an unresolved NotPrincipal', identity: all, resource: doc({ Effect: 'Deny', NotPrincipal: AWS(u()), Action: '*', Resource: '*' }),
    want: 'unknown', source: 'task' },
  { name: 'an unresolved effect, nothing else', identity: doc(allow({ Effect: u() })), want: 'unknown', source: 'task' },
  { name: 'an unresolved effect beside an allow', identity: doc(allow({ Effect: u() }), allow()), want: 'unknown', source: 'it may be a Deny' },
  { name: 'an unresolved statement', identity: doc(u('jsonencode(x)'), allow()), want: 'unknown', source: 'it may be a Deny' },
  { name: 'an unresolved document', resource: u('data.x.json'), identity: all, want: 'unknown', source: 'it may deny' },
  { name: 'an unresolved document, nothing allows', resource: u('data.x.json'), identity: only('ec2:*'), want: 'unknown', source: 'it may allow' },
  { name: 'an unresolved Condition', identity: doc(allow({ Condition: u() })), want: 'unknown', source: 'task' },
  { name: 'an unresolved version without variables', identity: { Version: u(), Statement: allow() }, want: 'allow', source: 'nothing hangs on it' },
  { name: 'an unresolved version with a variable', identity: { Version: u(), Statement: allow({ Resource: home }) },
    ask: { principal: alice, resource: 'arn:aws:s3:::b/home/alice/x' }, want: 'unknown', source: 'variables only in 2012-10-17' },
  { name: 'an unknown boundary', identity: all, boundary: doc(allow({ Action: u() })), want: 'unknown', source: 'Kleene' },
  { name: 'an unknown boundary does not matter to a named user', boundary: doc(allow({ Action: u() })), resource: rp(AWS(userArn)),
    ask: { principal: alice }, want: 'allow', source: within },
  { name: 'a symbolic bucket', identity: doc(allow({ Resource: '<aws_s3_bucket.video_recordings.arn>/*' })),
    ask: { resource: '<aws_s3_bucket.video_recordings.arn>/recordings/x' }, want: 'allow', source: 'symbols are ordinary characters' },
  { name: 'another symbolic bucket', identity: doc(allow({ Resource: '<aws_s3_bucket.other.arn>/*' })),
    ask: { resource: '<aws_s3_bucket.video_recordings.arn>/recordings/x' }, want: 'implicit-deny', source: 'symbols are ordinary characters' },
  { name: 'a symbolic role named by the resource policy: its account is not known', resource: rp(AWS('<aws_iam_role.t.arn>')),
    ask: { principal: { kind: 'role', arn: '<aws_iam_role.t.arn>' } }, want: 'unknown', source: 'same account allows, another does not' },
  { name: 'a symbolic role, both allow', identity: all, resource: rp(AWS('<aws_iam_role.t.arn>')),
    ask: { principal: { kind: 'role', arn: '<aws_iam_role.t.arn>' } }, want: 'allow', source: 'the same in both accounts' },
  { name: 'a symbolic account', identity: all, owner: '<data.a.account_id>',
    ask: { principal: { kind: 'role', arn: 'arn:aws:iam::<data.a.account_id>:role/t' } }, want: 'allow',
    source: 'the same symbol is the same account' },
  { name: 'the account of a symbolic role in a condition',
    identity: doc(allow(), deny({ Condition: { StringNotEquals: { 'aws:PrincipalAccount': ours } } })), resource: rp('*'),
    ask: { principal: { kind: 'role', arn: '<aws_iam_role.t.arn>' } }, want: 'unknown', source: 'task' },
])
test('the tables hold what they promise', () => {
  expect(rows.length).toBeGreaterThan(330)
  expect(new Set(rows.map(({ want }) => want))).toEqual(new Set(['allow', 'deny', 'implicit-deny', 'unknown']))
  const seen = rows.map(({ name, source, want, ...row }) => JSON.stringify(row))
  expect(seen.filter((row, index) => seen.indexOf(row) !== index)).toEqual([])
})
describe('decision', () => {
  const decide = (row: Partial<Case>) => evaluate(request(row.ask), policies(row))
  test.each([
    ['the Sid of the Deny', { identity: all, resource: planBucket, ask: { action: 's3:DeleteObject' } },
      { by: ['HIPAACompliance'], say: 'HIPAACompliance of the resource policy denies s3:DeleteObject' }],
    ['the place of a statement without a Sid', { identity: doc(allow({ Action: 'ec2:*' }), allow()) }, { by: ['#1'], say: '#1 allows s3:GetObject' }],
    ['all that allow', { identity: doc(allow()), resource: doc(to('*', { Sid: 'Public' })) }, { by: ['#0', 'Public'] }],
    ['nothing', {}, { by: [], say: 'nothing that counts allows s3:GetObject' }],
    ['the boundary', { identity: all, boundary: only('ec2:*') }, { by: [], say: 'the permissions boundary does not allow s3:GetObject' }],
    ['not the boundary where nothing allows anyway', { boundary: only('ec2:*') }, { by: [], say: 'nothing that counts allows s3:GetObject' }],
    ['the expression that is not known', { identity: doc(allow({ Sid: 'Who', Resource: u('aws_s3_bucket.b.arn') })) },
      { by: ['Who'], say: 'Who (aws_s3_bucket.b.arn) decides on s3:GetObject, and is not known' }],
    ['the operator that is not known', { identity: doc(allow({ Sid: 'Odd', Condition: { StringResembles: { k: 'a' } } })) },
      { by: ['Odd'], say: 'Odd (StringResembles k) decides on s3:GetObject, and is not known' }],
  ] as const)('names %s', (_, row, want) => expect(decide(row as Partial<Case>)).toMatchObject(want))
})

// ── reading ──────────────────────────────────────────────────────────────────────────────────────
const statement = (over: object) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*', ...over }] })
describe('parsePolicy refuses', () => {
  const refused: readonly (readonly [name: string, document: unknown, pointer: string, say: RegExp])[] = [
    ['text that is not JSON', '{ "Version": ', '', /is not JSON/], ['an empty text', '', '', /is not JSON/], ['null', null, '', /must be an object/],
    ['a list', [], '', /must be an object/], ['a number', 7, '', /must be an object/], ['broken URL encoding', '%7B%', '', /is not JSON/],
    ['an unknown element', { ...statement({}), Statements: [] }, '/Statements', /not an element/],
    ['an unknown version', { ...statement({}), Version: '2020-01-01' }, '/Version', /2012-10-17/],
    ['a version that is null', { ...statement({}), Version: null }, '/Version', /got null/],
    ['no statement', { Version: '2012-10-17' }, '/Statement', /missing/],
    ['an empty list of statements', { Version: '2012-10-17', Statement: [] }, '/Statement', /empty/],
    ['a statement that is text', { Statement: ['Allow'] }, '/Statement/0', /must be an object/],
    ['an empty statement', { Statement: [{}] }, '/Statement/0/Effect', /must be Allow or Deny/],
    ['an effect in lower case', statement({ Effect: 'allow' }), '/Statement/0/Effect', /got "allow"/],
    ['an unknown element of a statement', statement({ Conditions: {} }), '/Statement/0/Conditions', /not an element/],
    ['an element in lower case', statement({ action: 's3:*' }), '/Statement/0/action', /not an element/],
    ['Action and NotAction', statement({ NotAction: 's3:*' }), '/Statement/0/NotAction', /beside Action/],
    ['Resource and NotResource', statement({ NotResource: '*' }), '/Statement/0/NotResource', /beside Resource/],
    ['Principal and NotPrincipal', statement({ Principal: '*', NotPrincipal: '*' }), '/Statement/0/NotPrincipal', /beside Principal/],
    ['no action', { Statement: { Effect: 'Allow', Resource: '*' } }, '/Statement/Action', /missing/],
    ['no resource in an identity policy', { Statement: { Effect: 'Allow', Action: '*' } }, '/Statement/Resource', /missing/],
    ['an empty list of actions', statement({ Action: [] }), '/Statement/0/Action', /empty/],
    ['an empty list of resources', statement({ Resource: [] }), '/Statement/0/Resource', /empty/],
    ['a number as action', statement({ Action: 7 }), '/Statement/0/Action', /must be a string/],
    ['null as resource', statement({ Resource: ['*', null] }), '/Statement/0/Resource/1', /must be a string/],
    ['an action without its service', statement({ Action: ['s3:*', 'PutObject'] }), '/Statement/0/Action/1', /service:Name/],
    ['a resource that is no ARN', statement({ Resource: 'bucket/*' }), '/Statement/0/Resource', /not an ARN/],
    ['a Principal that is a name', statement({ Principal: 'alice' }), '/Statement/0/Principal', /must be "\*" or an object/],
    ['a Principal that is a list', statement({ Principal: ['*'] }), '/Statement/0/Principal', /must be an object/],
    ['an empty Principal', statement({ Principal: {} }), '/Statement/0/Principal', /empty/],
    ['an empty list of principals', statement({ Principal: { AWS: [] } }), '/Statement/0/Principal/AWS', /empty/],
    ['an unknown kind of principal', statement({ Principal: { Role: 'x' } }), '/Statement/0/Principal/Role', /not an element/],
    ['a wildcard inside a principal', statement({ Principal: { AWS: ['*', `arn:aws:iam::${ours}:role/*`] } }), '/Statement/0/Principal/AWS/1',
      /wildcard inside a name/],
    ['a wildcard beside a symbol', statement({ Principal: { AWS: 'arn:aws:iam::<data.a.id>:role/*' } }), '/Statement/0/Principal/AWS',
      /wildcard inside a name/],
    ['a principal that is a bare name', statement({ Principal: { AWS: 'alice' } }), '/Statement/0/Principal/AWS', /not a principal/],
    ['an account of eleven digits', statement({ Principal: { AWS: '11112222333' } }), '/Statement/0/Principal/AWS', /not a principal/],
    ['a Condition that is a list', statement({ Condition: [] }), '/Statement/0/Condition', /must be an object/],
    ['an empty Condition', statement({ Condition: {} }), '/Statement/0/Condition', /empty/],
    ['an operator without keys', statement({ Condition: { StringEquals: {} } }), '/Statement/0/Condition/StringEquals', /empty/],
    ['a key without values', statement({ Condition: { StringEquals: { 'aws:PrincipalTag/a': [] } } }),
      '/Statement/0/Condition/StringEquals/aws:PrincipalTag~1a', /empty/],
    ['a condition value that is null', statement({ Condition: { StringEquals: { k: null } } }), '/Statement/0/Condition/StringEquals/k',
      /must be a string/],
    ['a condition value that is an object', statement({ Condition: { StringEquals: { k: [{}] } } }), '/Statement/0/Condition/StringEquals/k/0',
      /must be a string/],
    ['a condition key twice in different case', statement({ Condition: { StringEquals: { 'aws:SourceIp': '1', 'AWS:sourceip': '2' } } }),
      '/Statement/0/Condition/StringEquals/AWS:sourceip', /twice/],
    ['a Sid that is a number', statement({ Sid: 7 }), '/Statement/0/Sid', /must be a string/],
    ['an Id that is an object', { ...statement({}), Id: {} }, '/Id', /must be a string/],
    ['two keys of one name in the text',
      '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"a":"true"},"Bool":{"b":"true"}}}]}',
      '/Statement/0/Condition/Bool', /written twice/],
    ['two keys of one name in the second statement', '{"Statement":[{"Effect":"Deny"},{"Sid":"a","Sid":"b"}]}', '/Statement/1/Sid', /written twice/],
    ['two keys of one name in different spelling', '{"Statement":[],"Stat\\u0065ment":[]}', '/Statement', /written twice/],
    ['more than an expression in an unresolved value', statement({ Action: { unresolved: 'x', or: 'y' } }), '/Statement/0/Action',
      /must be a string/],
  ]
  test.each(refused)('%s', (_, document, pointer, say) => {
    let caught: unknown
    try { parsePolicy(document) } catch (error) { caught = error }
    expect(caught).toMatchObject({ name: 'PolicyError', pointer })
    expect((caught as Error).message).toMatch(say)
    expect((caught as Error).message).toContain(pointer || 'whole document')
  })
})
describe('parsePolicy reads', () => {
  const written = { Version: '2012-10-17', Id: 'x', Statement: {
    Sid: 'A', Effect: 'Deny', Principal: '*', NotAction: 's3:Get*', NotResource: ['arn:aws:s3:::b', u()],
    Condition: { Bool: { 'aws:SecureTransport': false }, NumericLessThan: { k: [1, '2'] } } } }
  const read = { version: '2012-10-17', statements: [{
    sid: 'A', effect: 'Deny', principal: { AWS: ['*'], Service: [], Federated: [], CanonicalUser: [] },
    notActions: ['s3:Get*'], notResources: ['arn:aws:s3:::b', u()],
    conditions: [
      { operator: 'Bool', key: 'aws:SecureTransport', values: ['false'] }, { operator: 'NumericLessThan', key: 'k', values: ['1', '2'] }] }] }
  test.each([
    ['an object', written],
    ['JSON', JSON.stringify(written, null, 2)],
    ['URL-encoded JSON, as IAM returns it', encodeURIComponent(JSON.stringify(written))],
  ])('%s', (_, document) => expect(parsePolicy(document)).toEqual(read))
  test('the same key in two objects is not twice', () => {
    const conditions = { StringEquals: { a: '"a":1,{' }, StringLike: { a: 'b' } }
    expect(parsePolicy(JSON.stringify(doc(allow(), allow({ Condition: conditions })))).statements).toHaveLength(2)
  })
  test('a symbol may stand for any ARN', () => {
    const symbols = { Principal: { AWS: ['<aws_iam_role.a.arn>', 'arn:aws:iam::<data.a.id>:root'] }, Resource: '<aws_s3_bucket.b.arn>/*' }
    expect(parsePolicy(statement(symbols)).statements).toHaveLength(1)
  })
})

// ── escapes ──────────────────────────────────────────────────────────────────────────────────────
interface Escaping { name: string; policy: Document; ask: Partial<Asked>; want: readonly string[] }
/** What is looked for: 'principal kind + its last name | context without the question | effect', each of which must be found; [] = no escape. */
const short = (principal: Principal): string => {
  if (principal.kind === 'anonymous') return 'anonymous'
  if (principal.kind === 'service') return `service ${principal.service.split('.')[0]}`
  const arn = principal.kind === 'session' ? principal.role : principal.arn
  return `${principal.kind} ${arn.includes(`::${ours}:`) ? '' : 'foreign '}${arn.split(/[/:]/).at(-1)}`
}
const search = (policy: Document, ask: Partial<Asked>) =>
  escapes(parsePolicy(policy), { actions: ['s3:DeleteObjectVersion'], resources: [object], account: ours, context: {}, ...ask })
const told = (policy: Document, ask: Partial<Asked>): string[] => search(policy, ask).map(({ principal, context, effect }) => {
  const chosen = Object.entries(context).filter(([name]) => !(name in (ask.context ?? {})))
    .map(([name, value]) => `${name}=${[value].flat().join('+')}`)
  return `${short(principal)} | ${chosen.join(' ')} | ${effect}`
})
const no = 'not-in-any-policy'
const everyone = (Condition: object) => deny({ Principal: '*', Condition })
const erase = (over: object) => doc(deny({ Principal: '*', Action: ['s3:DeleteObject', 's3:DeleteObjectVersion'], Resource: objects, ...over }))
const nine = <T>(make: (name: string) => T): T[] => Array.from({ length: 9 }, (_, i) => make(`k${i}`))
const nineKeys = (value: (bit: number) => string) => Object.fromEntries(nine((name) => name).map((name, bit) => [name, value(bit)]))
describe('escapes', () => {
  const good: readonly Omit<Escaping, 'want'>[] = [
    { name: 'delete of objects and versions', policy: hardened, ask: { actions: ['s3:DeleteObject', 's3:DeleteObjectVersion'] } },
    { name: 'anything without TLS', policy: hardened,
      ask: { actions: ['s3:GetObject', 's3:PutObject', 's3:ListBucket'], resources: [object, bucket], context: noTls } },
    { name: 'a put with 2556 days', policy: hardened,
      ask: { actions: ['s3:PutObject', 's3:PutObjectRetention'], context: { ...tls, [daysKey]: '2556' } } },
    { name: 'a put in GOVERNANCE', policy: hardened,
      ask: { actions: ['s3:PutObject', 's3:PutObjectRetention'], context: { ...tls, [modeKey]: 'GOVERNANCE' } } },
    { name: 'a put with AES256', policy: hardened, ask: { actions: ['s3:PutObject'], context: { ...tls, [sse]: 'AES256' } } },
    { name: 'a put under another key', policy: hardened, ask: { actions: ['s3:PutObject'], context: { ...tls, [sseKey]: `${key}x` } } },
    { name: 'configuration changes by others than deploy and break glass', policy: hardened,
      ask: { actions: configActions, resources: [bucket], principals: [task, session, alice, root, visitor, chime, nobody] } },
    { name: 'the plan: connections without TLS', policy: planBucket, ask: { actions: ['s3:GetObject'], context: noTls } },
    { name: 'the plan: s3:DeleteObject', policy: planBucket, ask: { actions: ['s3:DeleteObject'] } },
    { name: 'two Denies that cover both sides',
      policy: doc(everyone({ Bool: { k: 'true' } }), everyone({ BoolIfExists: { k: 'false' } })),
      ask: {} },
    { name: 'a Deny with IfExists on both sides of a number',
      policy: doc(everyone({ NumericLessThanIfExists: { n: '10' } }), everyone({ NumericGreaterThanEquals: { n: '10' } })),
      ask: {} },
    { name: 'a Deny of a source that only services have, and the rest',
      policy: erase({ Condition: { StringNotEqualsIfExists: { 'aws:SourceAccount': ours } } }), ask: { principals: [task, nobody] } },
    { name: 'symbols', policy: doc(deny({ Principal: '*', Action: 's3:DeleteObject*', Resource: '<aws_s3_bucket.b.arn>/*' })),
      ask: { resources: ['<aws_s3_bucket.b.arn>/x'], account: '<data.a.id>' } },
    { name: 'an unknown Deny beside a sure one', policy: doc(deny({ Principal: u() }), deny({ Principal: '*' })), ask: {} },
    { name: 'many keys, but one Deny without conditions',
      policy: doc(deny({ Principal: '*' }), ...nine((name) => everyone({ StringNotEquals: { [name]: ['a', 'b', 'c'] } }))),
      ask: {} },
    { name: 'one Deny for each value of nine keys, all absent or not',
      policy: doc(...nine((name) => everyone({ Null: { [name]: 'true' } })), everyone({ Null: nineKeys(() => 'false') })),
      ask: {} },
  ]
  test.each(good)('none: $name', ({ policy, ask }) => {
    expect(told(policy, ask)).toEqual([])
    expect(told(doc(allow({ Principal: '*' })), ask).length).toBeGreaterThan(0) // the same question has escapes where no Deny stands
  })
  const toothless: readonly Escaping[] = [
    { name: 'the plan leaves the versions open', policy: planBucket, ask: { context: tls },
      want: [`role ${no} |  | allow`, `session ${no} |  | allow`, `user ${no} |  | allow`, 'anonymous |  | implicit-deny'] },
    { name: 'an Allow is no Deny', policy: doc(to('*')), ask: {}, want: [`role ${no} |  | allow`, 'anonymous |  | allow'] },
    { name: 'Principal narrowed to the account', policy: erase({ Principal: { AWS: ours } }), ask: {},
      want: [`role foreign ${no} |  | implicit-deny`, 'anonymous |  | implicit-deny', `service ${no} |  | implicit-deny`] },
    { name: 'Principal narrowed to one role', policy: erase({ Principal: { AWS: roleArn } }), ask: {},
      want: [`role ${no} |  | allow`, `user ${no} |  | allow`] },
    { name: 'Principal narrowed to a service', policy: erase({ Principal: { Service: 'ec2.amazonaws.com' } }), ask: {},
      want: [`role ${no} |  | allow`] },
    { name: 'the object ARN is missing', policy: erase({ Resource: bucket }), ask: {}, want: [`role ${no} |  | allow`] },
    { name: 'only one prefix', policy: erase({ Resource: `${bucket}/archive/*` }), ask: {}, want: [`role ${no} |  | allow`] },
    { name: 'another action', policy: erase({ Action: 's3:DeleteObject' }), ask: {}, want: [`role ${no} |  | allow`] },
    { name: 'NotAction that spares it', policy: doc({ Effect: 'Deny', Principal: '*', NotAction: ['s3:Get*', 's3:Delete*'], Resource: '*' }), ask: {},
      want: [`role ${no} |  | allow`] },
    { name: 'Deny for some addresses', policy: erase({ Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } }), ask: {},
      want: [`role ${no} |  | allow`, `role ${no} | aws:SourceIp=192.0.2.77 | allow`] },
    { name: 'Deny outside the office', policy: erase({ Condition: { NotIpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '2001:db8:9::/64'] } } }),
      ask: {}, want: [`role ${no} | aws:SourceIp=203.0.113.0 | allow`, `role ${no} | aws:SourceIp=2001:db8:9:: | allow`] },
    { name: 'every address: the key may be absent', policy: erase({ Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } } }), ask: {},
      want: [`role ${no} |  | allow`, `role ${no} | aws:SourceIp=2001:db8:77::77 | allow`] },
    { name: 'Bool without IfExists on MFA', policy: erase({ Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } } }), ask: {},
      want: [`role ${no} |  | allow`, `role ${no} | aws:MultiFactorAuthPresent=true | allow`] },
    { name: 'delete refused only without TLS', policy: erase({ Condition: { Bool: { 'aws:SecureTransport': 'false' } } }), ask: {},
      want: [`role ${no} | aws:SecureTransport=true | allow`] },
    { name: 'the transport Deny tests for true', policy: doc(everyone({ Bool: { 'aws:SecureTransport': 'true' } })),
      ask: { context: noTls }, want: [`role ${no} |  | allow`] },
    { name: 'retention with another number', policy: doc(everyone({ NumericLessThan: { [daysKey]: '30' } })),
      ask: { actions: ['s3:PutObject'], context: { [daysKey]: '2556' } }, want: [`role ${no} |  | allow`] },
    { name: 'the number itself is open', policy: doc(everyone({ NumericLessThan: { [daysKey]: '2557' } })),
      ask: { actions: ['s3:PutObject'] }, want: [`role ${no} |  | allow`, `role ${no} | ${daysKey}=2557 | allow`] },
    { name: 'a Deny that has ended', policy: erase({ Condition: { DateLessThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' } } }), ask: {},
      want: [`role ${no} | aws:CurrentTime=2026-01-02T00:00:00.000Z | allow`] },
    { name: 'StringNotEqualsIfExists spares the value', policy: erase({ Condition: { StringNotEqualsIfExists: { 'aws:PrincipalTag/team': 'ops' } } }),
      ask: {}, want: [`role ${no} | aws:PrincipalTag/team=ops | allow`] },
    { name: 'the exception by ARN, the roles are found', policy: hardened,
      ask: { actions: ['s3:PutBucketPolicy'], resources: [bucket], context: tls },
      want: ['role telehealth-deploy |  | allow', 'session telehealth-deploy |  | allow', 'role telehealth-break-glass |  | allow'] },
    { name: 'an exception with a wildcard', policy: erase({ Condition: { ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${ours}:role/ops-*` } } }),
      ask: {}, want: ['role ops-x |  | allow', 'session ops-x |  | allow'] },
    { name: 'an exception for any account', policy: erase({ Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/ops' } } }), ask: {},
      want: ['role ops |  | allow', 'role foreign ops |  | implicit-deny'] },
    { name: 'an exception for every role', policy: erase({ Condition: { ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${ours}:*` } } }), ask: {},
      want: [`role ${no} |  | allow`, `user ${no} |  | allow`] },
    { name: 'an exception that starts with a star', policy: erase({ Condition: { StringNotLike: { 'aws:PrincipalArn': '*admin*' } } }), ask: {},
      want: ['role xadminx |  | allow'] },
    { name: 'an exception by account', policy: erase({ Condition: { StringNotEquals: { 'aws:PrincipalAccount': [theirs] } } }), ask: {},
      want: [`role foreign ${no} |  | implicit-deny`] },
    { name: 'an exception for services', policy: erase({ Condition: { Bool: { 'aws:PrincipalIsAWSService': 'false' } } }), ask: {},
      want: [`service ${no} |  | implicit-deny`, 'anonymous |  | implicit-deny'] },
    { name: 'an exception by user name', policy: erase({ Condition: { StringNotEquals: { 'aws:username': 'root-op' } } }), ask: {},
      want: ['user root-op |  | allow'] },
    { name: 'an exception by role id', policy: erase({ Condition: { StringNotLike: { 'aws:userid': 'AROAEXAMPLE:*' } } }), ask: {},
      want: [`role ${no} | aws:userid=AROAEXAMPLE:x | allow`] },
    { name: 'NotPrincipal, the spared are found',
      policy: doc({ Effect: 'Deny', NotPrincipal: { AWS: [userArn, ourRoot] }, Action: '*', Resource: '*' }), ask: {},
      want: ['user alice |  | allow', 'user root |  | allow'] },
    { name: 'NotPrincipal with half of the chain', policy: doc({ Effect: 'Deny', NotPrincipal: { AWS: [roleArn] }, Action: '*', Resource: '*' }),
      ask: {}, want: ['role task |  | unknown'] },
    { name: 'two patterns at once',
      policy: doc(everyone({ StringNotLike: { k: 'a*' } }), everyone({ StringNotLike: { k: '*b' } })),
      ask: {}, want: [`role ${no} | k=axb | allow`] },
    { name: 'two keys at once',
      policy: doc(everyone({ StringNotEquals: { a: '1' } }), everyone({ StringNotEquals: { b: '2' } })),
      ask: {}, want: [`role ${no} | a=1 b=2 | allow`] },
    { name: 'a policy variable in the exception',
      policy: erase({ Condition: { StringNotEquals: { 's3:ExistingObjectTag/owner': '${aws:username}' } } }), ask: {},
      want: [`user ${no} | s3:ExistingObjectTag/owner=${no} | allow`] },
    { name: 'a tag that must be equal on both sides',
      policy: erase({ Condition: { StringNotEquals: { 's3:ExistingObjectTag/team': '${aws:PrincipalTag/team}' } } }), ask: {},
      want: [`role ${no} | s3:ExistingObjectTag/team=${no} aws:principaltag/team=${no} | allow`] },
    { name: 'ForAllValues: one other value', policy: erase({ Condition: { 'ForAllValues:StringEquals': { k: ['a'] } } }), ask: {},
      want: [`role ${no} | k=${no} | allow`, `role ${no} | k=a+${no} | allow`] },
    { name: 'ForAnyValue negated spares the absent key', policy: erase({ Condition: { 'ForAnyValue:StringNotEquals': { k: ['a'] } } }), ask: {},
      want: [`role ${no} |  | allow`, `role ${no} | k=a | allow`] },
    { name: 'a source that only services can bring', policy: erase({ Condition: { StringNotEquals: { 'aws:SourceAccount': ours } } }), ask: {},
      want: [`service ${no} | aws:SourceAccount=${ours} | implicit-deny`] },
    { name: 'an unresolved resource', policy: erase({ Resource: u() }), ask: {}, want: [`role ${no} |  | unknown`, 'anonymous |  | unknown'] },
    { name: 'an unresolved principal', policy: erase({ Principal: u() }), ask: {}, want: [`role ${no} |  | unknown`] },
    { name: 'an unknown operator', policy: erase({ Condition: { StringResembles: { k: 'a' } } }), ask: {}, want: [`role ${no} |  | unknown`] },
    { name: 'an unresolved document', policy: u('jsonencode(x)'), ask: {}, want: [`role ${no} |  | unknown`] },
    { name: 'a policy variable and the name of the user', policy: erase({ Condition: { StringNotEquals: { 's3:ExistingObjectTag/owner': '${aws:username}' } } }),
      ask: { principals: [alice] }, want: ['user alice | s3:ExistingObjectTag/owner=alice | allow'] },
    { name: 'a source by pattern', policy: erase({ Condition: { ArnNotLike: { 'aws:SourceArn': `arn:aws:chime:*:${ours}:*` } } }), ask: {},
      want: [`service ${no} | aws:SourceArn=arn:aws:chime:x:${ours}:x | implicit-deny`] },
    { name: 'the foreign account is another than ours', policy: erase({ Principal: { AWS: '999999999999' } }), ask: { account: '999999999999' },
      want: [`role foreign ${no} |  | implicit-deny`] },
    { name: 'the key of a resource that is a key', policy: doc(to(AWS(ours))), ask: { actions: ['kms:ScheduleKeyDeletion'], resources: [key] },
      want: [`role ${no} |  | allow`] },
  ]
  test.each(toothless)('found: $name', ({ policy, ask, want }) => expect(told(policy, ask)).toEqual(expect.arrayContaining([...want])))

  const known = toothless.filter(({ policy }) => !/unresolved|Resembles/.test(JSON.stringify(policy)))
  test.each(known)('each is real: $name', ({ policy, ask }) => {
    for (const { principal, action, resource, context, effect } of search(policy, ask)) {
      const kind = action.startsWith('kms:') ? 'key' : 'bucket'
      expect(evaluate({ principal, action, resource, context }, policies({ identity: all, resource: policy, kind })).effect).toBe(effect)
    }
  })
  test.each([
    ['NotPrincipal spares neither the stranger nor another user',
      { Effect: 'Deny', NotPrincipal: { AWS: [userArn, ourRoot] }, Action: '*', Resource: '*' }, ['user alice', 'user root']],
    ['the exception by ARN spares nobody else', configDeny,
      ['role telehealth-break-glass', 'role telehealth-deploy', 'session telehealth-break-glass', 'session telehealth-deploy']],
    ['the exception by account spares only that account',
      everyone({ StringNotEquals: { 'aws:PrincipalAccount': [theirs] } }), [`role foreign ${no}`, 'user foreign root']],
  ] as const)('%s', (_, statement, want) => {
    const found = search(doc(statement), { actions: ['s3:PutBucketPolicy'], resources: [bucket] }).map(({ principal }) => short(principal))
    expect([...new Set(found)].sort()).toEqual([...want].sort())
  })
  test('what is not known is said once for each principal', () => {
    const open = erase({ Condition: { StringNotEquals: { k: [u(), 'a', 'b'] }, StringLike: { l: [u(), 'c'] } } })
    expect(search(open, { principals: [task, alice] }).filter(({ effect }) => effect === 'unknown')).toHaveLength(2)
    expect(told(open, { principals: [task] })).toEqual(expect.arrayContaining(['role task | k=a | allow']))
  })
  test('a search that is too large says so, and is unknown', () => {
    const each = Array.from({ length: 1 << 9 }, (_, mask) => everyone({ Bool: nineKeys((bit) => (mask >> bit) & 1 ? 'true' : 'false') }))
    const covered = doc(...each, ...nine((name) => everyone({ Null: { [name]: 'true' } }))) // each of 512 combinations has its own Deny: no escape
    expect(search(covered, { principals: [task] })).toEqual([
      expect.objectContaining({ effect: 'unknown', say: 'more than 512 contexts: not all were tried' })])
  })
})

// ── the matcher ──────────────────────────────────────────────────────────────────────────────────
describe('wildcards', () => {
  const likes = (pattern: string, value: string) =>
    evaluate(request({ context: { k: value } }), policies({ identity: doc(allow({ Condition: { StringLike: { k: pattern } } })) })).effect === 'allow'
  const naive = (p: string, v: string): boolean => {
    if (p === '') return v === ''
    if (p[0] === '*') return naive(p.slice(1), v) || (v !== '' && naive(p, v.slice(1)))
    return v !== '' && (p[0] === '?' || p[0] === v[0]) && naive(p.slice(1), v.slice(1))
  }
  const words = (letters: string, length: number): string[] =>
    length === 0 ? [''] : ['', ...words(letters, length - 1).flatMap((word) => [...letters].map((letter) => word + letter))]
  test('agree with the definition on every short pattern', () => {
    const values = words('ab', 4), patterns = words('ab*?', 4)
    const different = patterns.flatMap((pattern) => values.filter((value) => likes(pattern, value) !== naive(pattern, value)).map((value) => [pattern, value]))
    expect([values.length, patterns.length]).toEqual([31, 341])
    expect(different).toEqual([])
  })
  test('do not blow up', () => {
    const started = performance.now()
    expect(likes('*a'.repeat(60) + 'b', 'a'.repeat(4000))).toBe(false)
    expect(performance.now() - started).toBeLessThan(1000)
  })
})
