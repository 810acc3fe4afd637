/** The rehearsal AWS: it comes up as described, each fault changes it and can be taken back, and its auditor can look and nothing else. */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { Agent } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import * as analyzer from '@aws-sdk/client-accessanalyzer'
import * as events from '@aws-sdk/client-eventbridge'
import * as iam from '@aws-sdk/client-iam'
import * as kms from '@aws-sdk/client-kms'
import * as s3 from '@aws-sdk/client-s3'
import * as sts from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asPlanned } from '#fixtures/as-planned.ts'
import { auditorPolicy } from '#harness/auditor.ts'
import { aliases, breakGlassRule, buckets, foreignAccount, keyArn, roleArn, roles } from '#fixtures/aws/names.ts'
import { awsPart, type AwsHandle } from '#fixtures/aws/part.ts'
import { seedOf, seeds } from '#fixtures/faults/index.ts'
import type { Started } from '#fixtures/part.ts'
import { neverRead } from '#harness/auditor.ts'
import { root } from '#harness/paths.ts'

let part: Started<AwsHandle>
let aws: AwsHandle
beforeAll(async () => {
  part = await awsPart().start({})
  aws = part.handle
}, 60_000)
afterAll(() => part?.stop())

/** A client as the observers have it: endpoint, region and credentials from the part's own environment. */
const as = (service: 'ACCESSANALYZER' | 'OTHER' = 'OTHER', env = part.env) => ({
  endpoint: env[`AWS_ENDPOINT_URL_${service}`] ?? env.AWS_ENDPOINT_URL!, region: env.AWS_REGION!, maxAttempts: 1,
  credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID!, secretAccessKey: env.AWS_SECRET_ACCESS_KEY! }, requestHandler: { httpsAgent: new Agent({ ca: part.ca }) },
})
const assume = async (role: string) => {
  const { Credentials: it } = await new sts.STSClient(as()).send(new sts.AssumeRoleCommand({ RoleArn: roleArn(role), RoleSessionName: 'self-test' }))
  return { ...as(), credentials: { accessKeyId: it!.AccessKeyId!, secretAccessKey: it!.SecretAccessKey!, sessionToken: it!.SessionToken! } }
}
const name = async (call: Promise<unknown>): Promise<string> => call.then(() => 'allowed', (error: Error) => error.name)

/** Everything that a fault may touch, as root reads it; ids and dates that differ between deployments are left out, keys go by alias. */
async function state({ root, keys, analyzer }: AwsHandle): Promise<string> {
  const read = (call: Promise<object>) => call.then(({ $metadata: _, ...value }: any) => value, (error: Error) => error.name)
  const bucket = async (Bucket: string, to: s3.S3Client) => Promise.all([s3.GetBucketPolicyCommand, s3.GetBucketTaggingCommand, s3.GetObjectLockConfigurationCommand, s3.GetBucketVersioningCommand, s3.GetBucketEncryptionCommand,
    s3.GetPublicAccessBlockCommand, s3.GetBucketOwnershipControlsCommand, s3.GetBucketAclCommand, s3.GetBucketLifecycleConfigurationCommand, s3.GetBucketLoggingCommand, s3.GetBucketReplicationCommand]
    .map((Command) => read(to.send(new Command({ Bucket }) as s3.GetBucketPolicyCommand))))
  const stored = async (Bucket: string) => {
    const { Versions = [], DeleteMarkers = [] } = await root.s3.send(new s3.ListObjectVersionsCommand({ Bucket })).catch(() => ({}) as s3.ListObjectVersionsCommandOutput)
    const locks = await Promise.all(Versions.map(({ Key, VersionId }) => read(root.s3.send(new s3.GetObjectRetentionCommand({ Bucket, Key, VersionId })))))
    return [Versions.map(({ Key, IsLatest }, at) => [Key, IsLatest, locks[at].Retention?.Mode, locks[at].Retention?.RetainUntilDate?.toISOString().slice(0, 10)]), DeleteMarkers.map(({ Key }) => Key)]
  }
  const key = async (alias: string) => {
    const { KeyMetadata: of } = await read(root.kms.send(new kms.DescribeKeyCommand({ KeyId: alias })))
    if (of === undefined) return 'absent'
    const { CreationDate: _, DeletionDate: __, CurrentKeyMaterialId: ___, ...meta } = of
    const KeyId = of.KeyId
    const { Grants } = await read(root.kms.send(new kms.ListGrantsCommand({ KeyId })))
    return [meta, Grants, await read(root.kms.send(new kms.GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }))), await read(root.kms.send(new kms.GetKeyRotationStatusCommand({ KeyId })))]
  }
  const identities = async () => {
    const { UserDetailList = [], RoleDetailList = [], Policies = [] } = await root.iam.send(new iam.GetAccountAuthorizationDetailsCommand({}))
    return [...UserDetailList, ...RoleDetailList, ...Policies.map(({ PolicyVersionList = [], DefaultVersionId: _, ...policy }) => ({ ...policy, Document: PolicyVersionList.filter(({ IsDefaultVersion }) => IsDefaultVersion).map(({ Document }) => Document) }))]
      .map((it: any) => JSON.stringify(it, (field, value) => (/^(CreateDate|UpdateDate|UserId|RoleId|PolicyId|RoleLastUsed)$/.test(field) ? undefined : value))).sort()
  }
  const [list, recordings, objects, logs, replica, canary, described, people, session, rule, targets] = await Promise.all([
    root.s3.send(new s3.ListBucketsCommand({})).then(({ Buckets = [] }) => Buckets.map(({ Name }) => Name)),
    bucket(buckets.recordings, root.s3), stored(buckets.recordings), bucket(buckets.logs, root.s3), bucket(buckets.replica, root.west.s3), bucket(buckets.canary, root.s3),
    Promise.all([aliases.recordings, aliases.signing, aliases.signCanary].map(key)), identities(), read(root.iam.send(new iam.GetRoleCommand({ RoleName: roles.breakGlass }))).then(({ Role }) => Role?.MaxSessionDuration), // not in the account's details
    read(root.events.send(new events.ListRulesCommand({ NamePrefix: breakGlassRule }))), read(root.events.send(new events.ListTargetsByRuleCommand({ Rule: breakGlassRule }))),
  ])
  const text = JSON.stringify({ list, recordings, objects, logs, replica, canary, described, people: people.map((it: string) => decodeURIComponent(it)), session, rule, targets, analyzer }, null, 1)
  return Object.entries(keys).reduce((all, [alias, arn]) => all.replaceAll(arn, alias).replaceAll(arn.slice(arn.indexOf('/') + 1), alias), text)
}

test('a redeployment makes the same system', async () => {
  const before = await state(aws)
  const began = performance.now()
  await aws.redeploy()
  console.log(`reset and deploy: ${Math.round(performance.now() - began)} ms`)
  expect(await state(aws)).toBe(before)
}, 60_000)

describe('every fault changes the system and is taken back', () => {
  let hardened: string
  beforeAll(async () => { hardened = await state(aws) })
  test.for(Object.entries(seeds).filter(([, fault]) => fault.part === 'aws'))('%s', { timeout: 60_000 }, async ([, fault]) => {
    const undo = await fault.seed(aws)
    const seeded = await state(aws)
    await undo()
    expect(seeded).not.toBe(hardened)
    expect(await state(aws)).toBe(hardened)
  })
  test('there are faults, each says what it does', () => {
    expect(Object.values(seeds).filter((fault) => fault.part === 'aws').length).toBeGreaterThan(100)
    for (const { does, part: of } of Object.values(seeds)) expect([does, of]).toEqual([expect.stringMatching(/^.{10,}[^.]$/), expect.stringMatching(/^(aws|source)$/)])
    expect(() => seedOf('no-such-fault')).toThrow('there is no such fault')
  })
})

test('the plan to the letter is all of its faults at once, and comes back', async () => {
  const hardened = await state(aws)
  const undos = []
  for (const id of asPlanned) undos.push(await seedOf(id).seed(aws))
  const { Policy } = await aws.root.s3.send(new s3.GetBucketPolicyCommand({ Bucket: buckets.recordings }))
  // the two statements of the plan's aws_s3_bucket_policy
  expect(JSON.parse(Policy!).Statement.map(({ Effect, Action, Condition }: any) => [Effect, Action, Condition])).toEqual([
    ['Deny', 's3:*', { Bool: { 'aws:SecureTransport': 'false' } }], ['Deny', 's3:DeleteObject', undefined],
  ])
  for (const undo of undos.toReversed()) await undo()
  expect(await state(aws)).toBe(hardened)
}, 60_000)

describe('the auditor looks and nothing else', () => {
  const Bucket = buckets.recordings
  const tries: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['reads the bucket policy', () => new s3.S3Client(as()).send(new s3.GetBucketPolicyCommand({ Bucket }))],
    ['reads the key policy', () => new kms.KMSClient(as()).send(new kms.GetKeyPolicyCommand({ KeyId: keyArn(aws.keys, aliases.recordings), PolicyName: 'default' }))],
  ]
  test.for(tries)('%s', async ([, call]) => { expect(await name(call())).toBe('allowed') })
  const refused: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['writes the bucket policy', () => new s3.S3Client(as()).send(new s3.PutBucketPolicyCommand({ Bucket, Policy: '{}' }))],
    ['writes the policy of a bucket without a Deny', () => new s3.S3Client(as()).send(new s3.PutBucketPolicyCommand({ Bucket: buckets.canary, Policy: '{}' }))],
    ['reads a recording', () => new s3.S3Client(as()).send(new s3.GetObjectCommand({ Bucket, Key: 'recordings/7f3a9c1e' }))],
    ['makes a data key', () => new kms.KMSClient(as()).send(new kms.GenerateDataKeyCommand({ KeyId: keyArn(aws.keys, aliases.recordings), KeySpec: 'AES_256' }))],
    ['schedules a deletion', () => new kms.KMSClient(as()).send(new kms.ScheduleKeyDeletionCommand({ KeyId: keyArn(aws.keys, aliases.recordings) }))],
    ['grants itself more', () => new iam.IAMClient(as()).send(new iam.PutUserPolicyCommand({ UserName: 'visitgate-auditor', PolicyName: 'more', PolicyDocument: '{}' }))],
    ['becomes break-glass', () => new sts.STSClient(as()).send(new sts.AssumeRoleCommand({ RoleArn: roleArn(roles.breakGlass), RoleSessionName: 'self-test' }))],
  ]
  test.for(refused)('never %s', async ([, call]) => { expect(await name(call())).toMatch(/^AccessDenied/) })

  test('a denial takes one permission and no other, and is lifted', async () => {
    const look = () => new s3.S3Client(as())
    const undo = await aws.deny('s3:GetBucketPolicy')
    expect(await name(look().send(new s3.GetBucketPolicyCommand({ Bucket })))).toBe('AccessDenied')
    expect(await name(look().send(new s3.GetBucketVersioningCommand({ Bucket })))).toBe('allowed')
    await undo()
    expect(await name(look().send(new s3.GetBucketPolicyCommand({ Bucket })))).toBe('allowed')
    await aws.deny('s3:GetBucketPolicy')
    await aws.allowAll()
    expect(await name(look().send(new s3.GetBucketPolicyCommand({ Bucket })))).toBe('allowed')
  })
  test('its policy is what observers declare, held by the Deny', () => {
    const { Statement } = auditorPolicy(['S3.GetBucketPolicy', 'STS.GetCallerIdentity', 'S3.GetBucketPolicy', 'AccessAnalyzer.ListFindingsV2'], ['arn:aws:iam::111122223333:role/probe'])
    expect(Statement[0]).toMatchObject({ Effect: 'Allow', Action: ['access-analyzer:ListFindings', 's3:GetBucketPolicy'] })
    expect(Statement.at(-1)).toMatchObject({ Effect: 'Deny', Action: neverRead, Resource: '*' })
    expect(() => auditorPolicy([], [])).toThrow('no observer declares a call')
    expect(() => auditorPolicy(['KMS.Decrypt'], [])).toThrow('kms:Decrypt')
  })
})

describe('the probe has what its trials need, on the canary only', () => {
  const Key = 'self-test'
  test('it writes, and the lock refuses it the deletion that it is granted', async () => {
    const to = new s3.S3Client(await assume(roles.probe))
    const { VersionId } = await to.send(new s3.PutObjectCommand({ Bucket: buckets.canary, Key, Body: 'synthetic' }))
    await expect(to.send(new s3.DeleteObjectCommand({ Bucket: buckets.canary, Key, VersionId, BypassGovernanceRetention: true }))).rejects.toThrow('protected by object lock')
    expect(await name(to.send(new s3.PutObjectCommand({ Bucket: buckets.canary, Key, Body: 'synthetic', ServerSideEncryption: 'AES256' })))).toBe('AccessDenied')
    expect(await name(to.send(new s3.PutObjectCommand({ Bucket: buckets.recordings, Key, Body: 'synthetic' })))).toBe('AccessDenied')
  })
  test('it uses the recordings key and signs with its own key; another role may not decrypt', async () => {
    const [probe, other] = (await Promise.all([assume(roles.probe), assume(roles.logAuditor)])).map((config) => new kms.KMSClient(config)) as [kms.KMSClient, kms.KMSClient]
    const KeyId = keyArn(aws.keys, aliases.recordings)
    const { CiphertextBlob } = await probe.send(new kms.GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', EncryptionContext: { purpose: 'compliance-canary' } }))
    const decrypt = () => new kms.DecryptCommand({ KeyId, CiphertextBlob, EncryptionContext: { purpose: 'compliance-canary' } })
    expect([await name(probe.send(decrypt())), await name(other.send(decrypt()))]).toEqual(['allowed', 'AccessDeniedException'])
    const sign = (alias: string) => new kms.SignCommand({ KeyId: keyArn(aws.keys, alias), Message: new Uint8Array(32), MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' })
    expect([await name(probe.send(sign(aliases.signCanary))), await name(probe.send(sign(aliases.signing)))]).toEqual(['allowed', 'AccessDeniedException'])
  })
})

describe('the stand-in for Access Analyzer answers as the service does', () => {
  const look = () => new analyzer.AccessAnalyzerClient(as('ACCESSANALYZER'))
  test('analyzers and open findings', async () => {
    const { analyzers } = await look().send(new analyzer.ListAnalyzersCommand({ type: 'ACCOUNT' }))
    expect(analyzers).toMatchObject([{ type: 'ACCOUNT', status: 'ACTIVE', createdAt: expect.any(Date) }])
    const open = () => look().send(new analyzer.ListFindingsV2Command({ analyzerArn: analyzers![0]!.arn, filter: { status: { eq: ['ACTIVE'] } } }))
    expect((await open()).findings).toEqual([])
    const undo = await seedOf('analyzer-finding').seed(aws)
    expect((await open()).findings).toMatchObject([{ resource: `arn:aws:s3:::${buckets.recordings}`, status: 'ACTIVE', updatedAt: expect.any(Date) }])
    await undo()
    expect((await look().send(new analyzer.ListAnalyzersCommand({ type: 'ORGANIZATION' }))).analyzers).toEqual([])
    expect(await name(look().send(new analyzer.ListFindingsV2Command({ analyzerArn: 'arn:aws:access-analyzer:us-east-1:111122223333:analyzer/none' })))).toBe('ResourceNotFoundException')
  })
  test('it refuses what the auditor may not, and who it does not know', async () => {
    const undo = await aws.deny('access-analyzer:ListAnalyzers')
    expect(await name(look().send(new analyzer.ListAnalyzersCommand({})))).toBe('AccessDeniedException')
    await undo()
    expect(await name(look().send(new analyzer.ListAnalyzersCommand({})))).toBe('allowed')
    const stranger = new analyzer.AccessAnalyzerClient({ ...as('ACCESSANALYZER'), credentials: { accessKeyId: `AKIA${foreignAccount}`, secretAccessKey: 'x' } })
    expect(await name(stranger.send(new analyzer.ListAnalyzersCommand({})))).toBe('UnrecognizedClientException')
  })
})

describe('the rehearsal as a process', () => {
  const start = async (...args: readonly string[]) => {
    const child = spawn(process.execPath, [root('fixtures/rehearse.ts'), ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
    let errors = ''
    child.stderr.on('data', (text) => { errors += text })
    const ended = new Promise<number | null>((done) => child.on('exit', done))
    const answers = createInterface(child.stdout)[Symbol.asyncIterator]()
    const next = async () => answers.next().then(({ value }) => (value === undefined ? undefined : JSON.parse(value)))
    return { child, ended, next, errors: () => errors, say: (command: object) => { child.stdin.write(`${JSON.stringify(command)}\n`); return next() } }
  }
  const lock = async ({ env, ca, target }: any) =>
    new s3.S3Client({ ...as('OTHER', env), requestHandler: { httpsAgent: new Agent({ ca }) } }).send(new s3.GetObjectLockConfigurationCommand({ Bucket: target.recordings.bucket }))
      .then(({ ObjectLockConfiguration }) => ObjectLockConfiguration!.Rule?.DefaultRetention?.Days, (error: Error) => error.name)

  test('says where it is in one line, obeys, and ends with its stdin', async () => {
    const it = await start('--fault', 'lock-2555')
    const ready = await it.next()
    expect(ready).toMatchObject({ ready: true, pid: it.child.pid, target: { name: 'rehearsal', recordings: { bucket: buckets.recordings, canary: buckets.canary, readers: [roles.task] } }, standIns: { 'AccessAnalyzer.': expect.any(String) } })
    expect(ready.notes[0]).toContain('lock-2555')
    expect(await lock(ready)).toBe(2555)
    expect(await it.say({ undo: 'lock-2555' })).toMatchObject({ undone: 'lock-2555' })
    expect(await it.say({ seed: 'lock-30-days' })).toMatchObject({ seeded: 'lock-30-days' })
    expect(await lock(ready)).toBe(30)
    expect(await it.say({ deny: 's3:GetBucketObjectLockConfiguration' })).toMatchObject({ denied: 's3:GetBucketObjectLockConfiguration' })
    expect(await lock(ready)).toBe('AccessDenied')
    expect(await it.say({ allow: 's3:GetBucketObjectLockConfiguration' })).toMatchObject({ allowed: 's3:GetBucketObjectLockConfiguration' })
    const { env } = await it.say({ reset: true })
    expect(await lock(ready)).toBe('InvalidAccessKeyId')
    expect(await lock({ ...ready, env })).toBe(2557)
    expect(await it.say({ seed: 'no-such-fault' })).toMatchObject({ error: expect.stringContaining('there is no such fault') })
    it.child.stdin.end()
    expect(await it.ended).toBe(0)
    await expect(fetch(ready.env.VV_PLAIN_HTTP_ENDPOINT)).rejects.toThrow('fetch failed')
  })
  test('kept, it outlives its stdin, and a signal ends it with its state file', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'visitgate-self-'))
    const file = join(dir, 'rehearsal.json')
    const it = await start('--variant', 'as-planned', '--keep', '--state', file)
    const ready = await it.next()
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(ready)
    expect((await stat(file)).mode & 0o077).toBe(0)
    it.child.stdin.end()
    expect(await lock(ready)).toBe(2557)
    it.child.kill('SIGTERM')
    expect(await it.ended).toBe(0)
    await expect(stat(file)).rejects.toThrow('ENOENT')
    await rm(dir, { recursive: true })
  })
  test.for([[['--variant', 'better'], 'hardened, as-planned'], [['--fault', 'lock-2555', '--fault', 'no-such-fault'], 'there is no such fault']] as const)('refuses %j', async ([args, says]) => {
    const it = await start(...args)
    expect(await it.ended).toBe(1)
    expect(it.errors()).toContain(says)
  })
})
