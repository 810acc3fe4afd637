import { describe, expect, test } from 'vitest'
import * as account from '#facts/account.ts'
import * as roles from '#facts/roles.ts'
import { awsError, fakeAws, observerOf, type Answers } from '#observers/fake-aws.ts'
import type { Fact } from '#harness/kernel.ts'
import ofAccount from './account.observer.ts'
import list from './roles.observer.ts'

const encoded = (policy: unknown) => encodeURIComponent(JSON.stringify(policy))
const policy = (action: string) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] })
const arn = (name: string) => `arn:aws:iam::111122223333:${name}`
const managed = { 'IAM.GetPolicy': { Policy: { DefaultVersionId: 'v3' } }, 'IAM.GetPolicyVersion': ({ VersionId, PolicyArn }: any) => ({ PolicyVersion: { Document: encoded(policy(`${PolicyArn} ${VersionId}`)) } }) }
const role = { Arn: arn('role/task'), AssumeRolePolicyDocument: encoded(policy('sts:AssumeRole')), MaxSessionDuration: 3600 }
const observe = (fact: Fact<any>, answers: Answers, given = {}) => fakeAws(answers).observe(observerOf(list, fact), given)

describe('a role', () => {
  test.each([
    ['by the target', roles.taskRole, 'task'], ['by the target', roles.breakGlass, 'break-glass'], ['by AWS', roles.mediaPipelinesRole, 'AWSServiceRoleForAmazonChimeSDKMediaPipelines'],
  ])('named %s', async (_, fact, name) => {
    const fake = fakeAws({ 'IAM.GetRole': { Role: role } })
    expect(await fake.observe(observerOf(list, fact))).toEqual({ name, arn: arn('role/task'), trust: policy('sts:AssumeRole'), maxSessionSeconds: 3600, boundary: null })
    expect(fake.sent).toEqual([{ call: 'IAM.GetRole', input: { RoleName: name }, as: 'auditor' }])
  })
  test.each(['NoSuchEntity', 'NoSuchEntityException'])('%s: not there', async (error) => expect(await observe(roles.taskRole, { 'IAM.GetRole': awsError(error) })).toBeNull())
  test('its boundary is the default version of that policy', async () => {
    expect(await observe(roles.taskRole, { ...managed, 'IAM.GetRole': { Role: { ...role, PermissionsBoundary: { PermissionsBoundaryArn: 'b' } } } })).toMatchObject({ boundary: policy('b v3') })
  })
})

test('everything that grants: attached and inline, of all pages', async () => {
  const pages = (field: string, first: unknown, second: unknown) => ({ Marker }: { Marker?: string }) => (Marker === undefined ? { [field]: [first], IsTruncated: true, Marker: 'm' } : { [field]: [second], IsTruncated: false })
  const seen = await observe(roles.taskGrants, {
    ...managed, 'IAM.ListAttachedRolePolicies': pages('AttachedPolicies', { PolicyName: 'one', PolicyArn: 'p1' }, { PolicyName: 'two', PolicyArn: 'p2' }),
    'IAM.ListRolePolicies': pages('PolicyNames', 'three', 'four'), 'IAM.GetRolePolicy': ({ PolicyName }: any) => ({ PolicyDocument: encoded(policy(PolicyName)) }),
  }, { role: { name: 'task' } })
  expect(seen).toEqual({
    attached: [{ name: 'one', document: policy('p1 v3') }, { name: 'two', document: policy('p2 v3') }],
    inline: [{ name: 'three', document: policy('three') }, { name: 'four', document: policy('four') }],
  })
})

describe('everybody', () => {
  const inline = (action: string) => ({ PolicyName: action, PolicyDocument: encoded(policy(action)) })
  const attached = (...arns: string[]) => ({ AttachedManagedPolicies: arns.map((PolicyArn) => ({ PolicyName: PolicyArn, PolicyArn })) })
  const local = (name: string) => ({ Arn: name, PolicyVersionList: [{ IsDefaultVersion: false, Document: encoded(policy('old')) }, { IsDefaultVersion: true, Document: encoded(policy(name)) }] })
  const details = (answer: object) => ({ ...managed, 'IAM.GetAccountAuthorizationDetails': { UserDetailList: [], RoleDetailList: [], GroupDetailList: [], Policies: [], IsTruncated: false, ...answer } })
  const aRole = (more: object = {}) => ({ Arn: arn('role/r'), Path: '/', RolePolicyList: [], ...attached(), ...more })
  const aUser = (more: object = {}) => ({ Arn: arn('user/u'), UserName: 'u', UserPolicyList: [], GroupList: [], ...attached(), ...more })

  test.each([
    ['nobody', {}, []],
    ['a role without grants', { RoleDetailList: [aRole()] }, [{ kind: 'role', serviceLinked: false, identity: [], boundary: null }]],
    ['a role of a service', { RoleDetailList: [aRole({ Path: '/aws-service-role/x.amazonaws.com/' })] }, [{ serviceLinked: true }]],
    ['inline and attached, the default version', { RoleDetailList: [aRole({ RolePolicyList: [inline('a')], ...attached('p') })], Policies: [local('p')] }, [{ identity: [policy('a'), policy('p')] }]],
    ['a policy that is named only', { RoleDetailList: [aRole(attached('aws'))] }, [{ identity: [policy('aws v3')] }]],
    ['a boundary', { RoleDetailList: [aRole({ PermissionsBoundary: { PermissionsBoundaryArn: 'p' } })], Policies: [local('p')] }, [{ boundary: policy('p') }]],
    ['what groups grant speaks for their users', { UserDetailList: [aUser({ UserPolicyList: [inline('a')], GroupList: ['g'] })], GroupDetailList: [{ GroupName: 'g', Arn: 'g', GroupPolicyList: [inline('b')], ...attached('p') }], Policies: [local('p')] }, [{ kind: 'user', identity: [policy('a'), policy('b'), policy('p')] }]],
    ['in order of their names', { RoleDetailList: [aRole({ Arn: 'b' }), aRole({ Arn: 'a' })], UserDetailList: [aUser({ Arn: 'c' })] }, [{ arn: 'a' }, { arn: 'b' }, { arn: 'c' }]],
  ])('%s', async (_, answer, holders) => expect(await observe(roles.holders, details(answer))).toMatchObject(holders))

  test('a group that the answer lacks is no empty group', async () => {
    await expect(observe(roles.holders, details({ UserDetailList: [aUser({ GroupList: ['g'] })] }))).rejects.toThrow('group g of user u')
  })
  test('200 foreign roles cost no call of their own; a shared policy costs one', async () => {
    const foreign = Array.from({ length: 200 }, (_, index) => aRole({ Arn: `r${index}`, ...attached('aws') }))
    const fake = fakeAws(details({ RoleDetailList: foreign }))
    expect(await fake.observe(observerOf(list, roles.holders))).toHaveLength(200)
    expect(fake.sent.map(({ call }) => call)).toEqual(['IAM.GetAccountAuthorizationDetails', 'IAM.GetPolicy', 'IAM.GetPolicyVersion'])
  })
  test('all pages', async () => {
    const page = ({ Marker }: { Marker?: string }) => ({ RoleDetailList: [aRole({ Arn: Marker ?? 'first' })], IsTruncated: Marker === undefined, Marker: 'second' })
    expect(await observe(roles.holders, { 'IAM.GetAccountAuthorizationDetails': page })).toMatchObject([{ arn: 'first' }, { arn: 'second' }])
  })
})

test('simulated: one call a resource, every pair of the plan answered', async () => {
  const fake = fakeAws({ 'IAM.SimulatePrincipalPolicy': ({ ActionNames, ResourceArns }: any) => ({ EvaluationResults: ActionNames.map((EvalActionName: string) => ({ EvalActionName, EvalDecision: ResourceArns[0] === '*' ? 'explicitDeny' : 'implicitDeny' })) }) }, { target: { connect: { instanceId: 'i', contactFlowId: 'f', queueId: 'q' } } })
  const seen = await fake.observe(observerOf(list, roles.simulated), { role: { arn: arn('role/task') }, bucket: { arn: 'arn:aws:s3:::b' }, recordingsKey: { arn: 'arn:r' }, signingKey: null })
  expect(Object.keys(seen).length).toBeGreaterThan(130)
  expect(seen).toMatchObject({ 'iam:PassRole *': 'explicitDeny', 's3:DeleteObjectVersion arn:aws:s3:::b/recordings/synthetic': 'implicitDeny', 'kms:Sign arn:aws:kms:us-east-1:111122223333:key/no-signing-key': 'implicitDeny' })
  expect(fake.sent.length).toBe(new Set(fake.sent.map(({ input }) => input.ResourceArns[0])).size)
  expect(fake.sent.every(({ input }) => input.PolicySourceArn === arn('role/task') && input.ResourceArns.length === 1 && !('ContextEntries' in input))).toBe(true)
})

describe('alarms on break-glass', () => {
  const pattern = (roleArn: string) => JSON.stringify({ source: ['aws.sts'], detail: { eventName: ['AssumeRole'], requestParameters: { roleArn: [roleArn] } } })
  const own = arn('role/break-glass')
  test.each([
    ['a rule on it', [{ Name: 'r', State: 'ENABLED', EventPattern: pattern(own) }], [{ Id: 't' }], ['r'], 1],
    ['one that tells nobody', [{ Name: 'r', State: 'ENABLED', EventPattern: pattern(own) }], [], [], 1],
    ['one that is disabled', [{ Name: 'r', State: 'DISABLED', EventPattern: pattern(own) }], [{ Id: 't' }], [], 0],
    ['one on another role', [{ Name: 'r', State: 'ENABLED', EventPattern: pattern(arn('role/other')) }], [{ Id: 't' }], [], 0],
    ['foreign rules cost no call', [{ Name: 'nightly', State: 'ENABLED' }, { Name: 'ec2', State: 'ENABLED', EventPattern: '{"source":["aws.ec2"]}' }], [{ Id: 't' }], [], 0],
  ])('%s', async (_, Rules, Targets, names, calls) => {
    const fake = fakeAws({ 'EventBridge.ListRules': { Rules }, 'EventBridge.ListTargetsByRule': { Targets } })
    expect(await fake.observe(observerOf(list, roles.breakGlassAlarms), { role: { name: 'break-glass', arn: own } })).toEqual(names)
    expect(fake.sent.filter(({ call }) => call === 'EventBridge.ListTargetsByRule')).toHaveLength(calls)
  })
})

describe('account', () => {
  test('who asks, in the region in use', async () => {
    expect(await fakeAws({ 'STS.GetCallerIdentity': { Account: '1', Arn: 'a' } }).observe(observerOf(ofAccount, account.callerIdentity))).toEqual({ account: '1', arn: 'a', region: 'us-east-1' })
  })
  test('active analyzers with their open findings', async () => {
    const fake = fakeAws({
      'AccessAnalyzer.ListAnalyzers': { analyzers: [{ arn: 'one', name: 'one', type: 'ACCOUNT', status: 'ACTIVE' }, { arn: 'two', name: 'two', type: 'ACCOUNT', status: 'DISABLED' }] },
      'AccessAnalyzer.ListFindingsV2': ({ nextToken }: any) => (nextToken === undefined ? { findings: [{ id: '1', resource: 'r', status: 'ACTIVE' }], nextToken: 'n' } : { findings: [{ id: '2', resource: 'r', status: 'ACTIVE' }] }),
    })
    expect(await fake.observe(observerOf(ofAccount, account.accessAnalyzers))).toEqual([{ name: 'one', type: 'ACCOUNT', findings: [{ id: '1', resource: 'r', status: 'ACTIVE' }, { id: '2', resource: 'r', status: 'ACTIVE' }] }])
    expect(fake.sent.filter(({ call }) => call === 'AccessAnalyzer.ListFindingsV2').map(({ input }) => input.filter)).toEqual([{ status: { eq: ['ACTIVE'] } }, { status: { eq: ['ACTIVE'] } }])
  })
})
