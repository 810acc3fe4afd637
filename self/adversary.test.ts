/** Systems that look good and are not: what an adversary got past an earlier version. Each edit of the good facts must fail its check. */
import { readFile, readdir } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { assess } from '#harness/assess.ts'
import type { CheckId, Observation, ObservationId } from '#harness/kernel.ts'
import type { RunContext } from '#harness/folder.ts'
import { loadChecks, required } from '#harness/ledger.ts'
import { root } from '#harness/paths.ts'
import { given } from '#harness/store.ts'
import { makePlan } from '#plan/expect.ts'
import { editable } from './given-facts.ts'

const folder = 'fixtures/recorded/hardened'
const { target, outputs } = JSON.parse(await readFile(root(folder, 'context.json'), 'utf8')) as RunContext
const seen = await Promise.all((await readdir(root(folder, 'observations'))).map(async (name) => JSON.parse(await readFile(root(folder, 'observations', name), 'utf8')) as Observation))
const good = new Map<ObservationId, unknown>(seen.map((one) => [one.id, one.ok ? one.value : undefined]))
const [checks, lines] = await Promise.all([loadChecks(), required()])

type Statement = Record<string, unknown> & { Sid?: string }
type Given = Record<string, any>
const us = '111122223333'
const them = '444455556666'
const add = (of: (given: Given) => { Statement: Statement[] }, statement: Statement) => (given: Given) => { of(given).Statement.push({ Sid: 'Added', Effect: 'Allow', ...statement }) }
const change = (of: (given: Given) => { Statement: Statement[] }, sid: string, over: Statement) => (given: Given) => { Object.assign(of(given).Statement.find((one) => one.Sid === sid)!, over) }
const bucket = (given: Given) => given.policy as { Statement: Statement[] }
const key = (name: string) => (given: Given) => given[name].value as { Statement: Statement[] }
const task = (given: Given) => given.grants.attached[0].document as { Statement: Statement[] }
const read = { Action: 's3:GetObject', Resource: 'arn:aws:s3:::telehealth-video-recordings-prod-5c1e70a4/*' }

const strangers: readonly [string, Statement][] = [
  ['a foreign account with MFA', { ...read, Principal: { AWS: `arn:aws:iam::${them}:root` }, Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }],
  ['everybody with a referer', { ...read, Principal: '*', Condition: { StringLike: { 'aws:Referer': 'https://x/*' } } }],
  ['everybody from half of the internet', { ...read, Principal: '*', Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/1' } } }],
  ['a foreign role by condition', { ...read, Principal: '*', Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${them}:role/*` } } }],
  ['a foreign account on a part named by a variable', { ...read, Principal: { AWS: them }, Resource: `${read.Resource.slice(0, -1)}\${aws:PrincipalAccount}/*` }],
  ['a service bound to us and to another account', { ...read, Principal: { Service: 'cloudtrail.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': [us, them] } } }],
  ['a service bound to another account', { ...read, Principal: { Service: 'cloudtrail.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': them } } }],
]
const forbidden: readonly [string, Statement][] = [
  ['passing roles to a service', { Action: 'iam:PassRole', Resource: '*', Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } } }],
  ['attaching one policy', { Action: 'iam:AttachRolePolicy', Resource: '*', Condition: { ArnEquals: { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/AdministratorAccess' } } }],
  ['taking roles of this account', { Action: 'sts:AssumeRole', Resource: '*', Condition: { StringEquals: { 'aws:ResourceAccount': us } } }],
]

const cases: readonly [CheckId, string, (given: Given) => void][] = [
  ...strangers.map(([name, statement]): [CheckId, string, (given: Given) => void] => ['infra/s3-policy-no-external-principal', name, add(bucket, statement)]),
  ...forbidden.map(([name, statement]): [CheckId, string, (given: Given) => void] => ['infra/iam-sim-forbidden-denied', name, add(task, statement)]),
  ['infra/kms-key-policy-safe', 'all rights, written otherwise', add(key('recordings'), { Principal: { AWS: `arn:aws:iam::${us}:root` }, Action: 'kms:**', Resource: '*' })],
  ['infra/kms-key-policy-safe', 'the account may decrypt', add(key('recordings'), { Principal: { AWS: `arn:aws:iam::${us}:root` }, Action: ['kms:Decrypt'], Resource: '*' })],
  ['infra/kms-key-policy-safe', 'one role decides and uses', add(key('recordings'), { Principal: { AWS: `arn:aws:iam::${us}:role/someone` }, Action: ['kms:PutKeyPolicy', 'kms:Decrypt'], Resource: '*' })],
  ['infra/kms-signing-key-policy', 'everybody of the account signs', add((given) => given.policy, { Principal: '*', Action: 'kms:Sign', Resource: '*', Condition: { StringEquals: { 'kms:CallerAccount': us } } })],
  ['infra/kms-signing-key-policy', 'a developer with MFA signs', add((given) => given.policy, { Principal: { AWS: `arn:aws:iam::${us}:role/developer` }, Action: 'kms:Sign', Resource: '*', Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } })],
  ['infra/s3-policy-deny-delete', 'a hole in the Deny', change(bucket, 'DenyDelete', { Resource: undefined, NotResource: `${read.Resource.slice(0, -1)}recordings/2026*` })],
  ['infra/s3-policy-deny-delete', 'a Deny that spares the account root', change(bucket, 'DenyDelete', { Condition: { ArnLikeIfExists: { 'aws:PrincipalArn': [`arn:aws:iam::*:role/*`, `arn:aws:iam::*:user/*`] } } })],
  ['infra/s3-policy-deny-insecure-transport', 'a Deny of some actions', change(bucket, 'DenyInsecureTransport', { Action: ['s3:ListBucket', 's3:GetBucketPolicy', 's3:PutBucketPolicy', 's3:ListBucketVersions', 's3:GetObject', 's3:PutObject', 's3:GetObjectVersion', 's3:PutObjectRetention', 's3:AbortMultipartUpload'] })],
  ['infra/iam-break-glass', 'anybody with MFA', (given) => { given.role.trust.Statement[0].Principal = { AWS: '*' } }],
  ['infra/iam-break-glass', 'a foreign account with MFA', (given) => { given.role.trust.Statement[0].Principal = { AWS: `arn:aws:iam::${them}:root` } }],
  ['infra/iam-break-glass', 'MFA that may be false', (given) => { given.role.trust.Statement[0].Condition = { Null: { 'aws:MultiFactorAuthPresent': 'false' } } }],
  ['infra/iam-policy-attached', 'a wildcard where Terraform has one bucket', (given) => { given.grants.attached[0].document = JSON.parse(JSON.stringify(given.grants.attached[0].document).replaceAll('-5c1e70a4', '-*')) }],
  ['infra/iam-recording-readers', 'a reader with a condition', (given) => {
    const arn = `arn:aws:iam::${us}:role/quiet`
    given.holders.push({ arn, kind: 'role', serviceLinked: false, boundary: null, identity: [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['s3:GetObject', 'kms:Decrypt'], Resource: '*', Condition: { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } } }] }] })
    given.keyPolicy.Statement.push({ Effect: 'Allow', Principal: { AWS: arn }, Action: 'kms:Decrypt', Resource: '*', Condition: { StringEquals: { 'kms:CallerAccount': us } } })
  }],
  ['infra/s3-probe-delete-denied', 'a trial that tried nothing', (given) => { given.trial.tries = {} }],
]

describe('is noticed', () => {
  test.each(cases)('%s: %s', async (id, _, edit) => {
    const check = checks.get(id)!
    const line = lines.find((one) => one.id === id && one.source === 'live')!
    const facts = editable(check, 'live', good)
    edit(facts.given)
    const row = await assess(line, check, given(JSON.parse(JSON.stringify(facts.store())) as Record<string, unknown>, target), makePlan(target, outputs, '2026-11-01T00:00:00.000Z'))
    expect([row.outcome, row.why?.say]).toEqual(['fail', undefined])
  })
})

/** Good systems in another style, which an earlier version refused. */
const fine: readonly [CheckId, string, (given: Given) => void][] = [
  ['infra/s3-sse-kms-cmk', 'the key named by its id', (given) => { given.encryption.key = given.key.id }],
  ['infra/iam-task-role-trust', 'bound to one cluster', (given) => { given.role.trust.Statement[0].Condition = { ArnLike: { 'aws:SourceArn': `arn:aws:ecs:us-east-1:${us}:cluster/telehealth-prod` } } }],
  ['infra/iam-break-glass', 'MFA of the last hour', (given) => { given.role.trust.Statement[0].Condition = { Bool: { 'aws:MultiFactorAuthPresent': 'true' }, NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' } } }],
  ['infra/s3-policy-deny-delete', 'one text where a list would do', (given) => { given.policy.Statement.push({ Sid: 'More', Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:DeleteBucket', Resource: 'arn:aws:s3:::telehealth-video-recordings-prod-5c1e70a4' }) }],
]
test.each(fine)('%s stays good: %s', async (id, _, edit) => {
  const check = checks.get(id)!
  const facts = editable(check, 'live', good)
  edit(facts.given)
  const row = await assess(lines.find((one) => one.id === id && one.source === 'live')!, check, given(facts.store(), target), makePlan(target, outputs, '2026-11-01T00:00:00.000Z'))
  expect(row.claims.filter((claim) => claim.holds !== true)).toEqual([])
})
