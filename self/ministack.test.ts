import { spawn } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { CreateBucketCommand, GetObjectCommand, ListBucketsCommand, PutBucketPolicyCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startMinistack, type Ministack } from '#fixtures/aws/ministack.ts'
import { alive } from '../bin/setup/alive.mjs'

const account = '111122223333'
const root = { accessKeyId: account, secretAccessKey: 'any' } // MiniStack: a 12-digit key id is the root of that account
const usersOwn = { accessKeyId: 'AKIAUSEROFTHEMACHINE', secretAccessKey: 'secret-of-the-machine' }
const client = (aws: Ministack, endpoint = aws.endpoint) =>
  ({ endpoint, region: 'us-east-1', maxAttempts: 1, requestHandler: { httpsAgent: new Agent({ ca: aws.ca, keepAlive: true }) } })
const runDirs = (pid: number | undefined = process.pid): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith(`visitgate-aws-${pid}-`))
const status = async (call: Promise<{ $metadata: { httpStatusCode?: number } }>): Promise<number | undefined> =>
  (await call.catch((error: { $metadata: { httpStatusCode?: number } }) => error)).$metadata.httpStatusCode
const until = async (what: () => boolean, ms: number): Promise<boolean> => {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(10)) if (what()) return true
  return what()
}

/** Addresses that a process listens on, from proc(5): inode of the socket, then its line in /proc/net/tcp and tcp6 (state 0A is LISTEN). */
const listening = (pid: number): string[] => {
  const inodes = readdirSync(`/proc/${pid}/fd`).map((fd) => /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1])
  return ['tcp', 'tcp6'].flatMap((file) => readFileSync(`/proc/${pid}/net/${file}`, 'utf8').split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/)).filter((field) => field[3] === '0A' && inodes.includes(field[9]))
    .map((field) => {
      const [address = '', port = ''] = field[1]!.split(':')
      return `${address === '0100007F' ? '127.0.0.1' : address}:${parseInt(port, 16)}`
    })
}

describe('MiniStack', () => {
  let aws: Ministack
  beforeAll(async () => {
    const before = { ...process.env }
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: usersOwn.accessKeyId, AWS_SECRET_ACCESS_KEY: usersOwn.secretAccessKey })
    aws = await startMinistack()
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) {
      if (before[name] === undefined) delete process.env[name]
      else process.env[name] = before[name]
    }
  })
  afterAll(async () => {
    await aws.stop()
    await aws.stop()
    expect(alive(aws.pid)).toBe(false)
    expect(runDirs()).toEqual([])
  })

  it('answers under its own authority, which nobody else trusts', async () => {
    const identity = await new STSClient({ ...client(aws), credentials: root }).send(new GetCallerIdentityCommand())
    expect(identity.Account).toBe(account)
    const untrusted = new Promise((resolve) => request(aws.endpoint).on('response', () => resolve('trusted')).on('error', (error: NodeJS.ErrnoException) => resolve(error.code)).end())
    expect(await untrusted).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  })

  it('has a certificate for the loopback address alone, for two days, and a key that only its user can read', () => {
    const ca = new X509Certificate(aws.ca)
    const cert = new X509Certificate(aws.certificate!.cert)
    expect([ca.ca, cert.ca, cert.checkIssued(ca), cert.verify(ca.publicKey)]).toEqual([true, false, true, true])
    expect(cert.subjectAltName).toBe('IP Address:127.0.0.1, DNS:localhost')
    expect(cert.validToDate.getTime() - Date.now()).toBeLessThanOrEqual(2 * 24 * 3600_000)
    const [dir = ''] = runDirs()
    expect(['.', 'server.key'].map((file) => statSync(join(tmpdir(), dir, file)).mode & 0o777)).toEqual([0o700, 0o600])
    expect(readdirSync(join(tmpdir(), dir)).filter((file) => file.includes('ca'))).toEqual([])
  })

  it.runIf(existsSync('/proc/net/tcp'))('listens on its two ports of 127.0.0.1 and nowhere else', () => {
    expect(listening(aws.pid).sort()).toEqual([aws.endpoint, aws.httpEndpoint].map((url) => url.replace(/^https?:\/\//, '')).sort())
  })

  it('knows nothing of the credentials of the machine', async () => {
    const call = new S3Client({ ...client(aws), credentials: usersOwn }).send(new ListBucketsCommand())
    await expect(call).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 }, name: 'InvalidAccessKeyId' })
  })

  it('makes keys on the curve P-256, which needs cryptography', async () => {
    const { KeyMetadata } = await new KMSClient({ ...client(aws), credentials: root }).send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }))
    expect(KeyMetadata?.KeySpec).toBe('ECC_NIST_P256')
  })

  it('tells HTTP from HTTPS on the same bucket: aws:SecureTransport', async () => {
    const iam = new IAMClient({ ...client(aws), credentials: root })
    const s3 = new S3Client({ ...client(aws), credentials: root })
    const resources = ['arn:aws:s3:::recordings', 'arn:aws:s3:::recordings/*']
    await iam.send(new CreateUserCommand({ UserName: 'reader' }))
    const Statement = { Effect: 'Allow', Action: 's3:*', Resource: resources }
    await iam.send(new PutUserPolicyCommand({ UserName: 'reader', PolicyName: 'all', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }) }))
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'reader' }))
    const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
    await s3.send(new CreateBucketCommand({ Bucket: 'recordings' }))
    await s3.send(new PutObjectCommand({ Bucket: 'recordings', Key: 'visit', Body: 'x' }))
    const get = (endpoint: string) => status(new S3Client({ ...client(aws, endpoint), credentials }).send(new GetObjectCommand({ Bucket: 'recordings', Key: 'visit' })))
    expect([await get(aws.endpoint), await get(aws.httpEndpoint)]).toEqual([200, 200])
    const deny = { Sid: 'DenyInsecureConnections', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: resources, Condition: { Bool: { 'aws:SecureTransport': 'false' } } }
    await s3.send(new PutBucketPolicyCommand({ Bucket: 'recordings', Policy: JSON.stringify({ Version: '2012-10-17', Statement: [deny] }) }))
    expect([await get(aws.endpoint), await get(aws.httpEndpoint)]).toEqual([200, 403])
  })

  it('forgets everything on reset', async () => {
    const s3 = new S3Client({ ...client(aws), credentials: root })
    await s3.send(new CreateBucketCommand({ Bucket: 'forgotten' }))
    expect((await s3.send(new ListBucketsCommand())).Buckets).not.toEqual([])
    await aws.reset()
    expect((await s3.send(new ListBucketsCommand())).Buckets ?? []).toEqual([])
  })
})

it('serves plain HTTP instead when asked', async () => {
  const aws = await startMinistack({ http: true })
  expect([aws.endpoint, aws.ca, aws.certificate]).toEqual([aws.httpEndpoint, '', null])
  const identity = await new STSClient({ ...client(aws), credentials: root }).send(new GetCallerIdentityCommand())
  await aws.stop()
  expect(identity.Account).toBe(account)
})

it('ends within a second, with all that it stored, when its parent is killed with -9', async () => {
  const source = `import { startMinistack } from ${JSON.stringify(new URL('../fixtures/aws/ministack.ts', import.meta.url))}
    console.log((await startMinistack()).pid)
    setInterval(() => {}, 1000)`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'inherit'] })
  const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)))
  expect([alive(pid), runDirs(parent.pid).length]).toEqual([true, 1])
  parent.kill('SIGKILL')
  expect(await until(() => !alive(pid), 1000)).toBe(true)
  expect(runDirs(parent.pid)).toEqual([])
})

it('lets a process end that has nothing else to do', async () => {
  const source = `import { startMinistack } from ${JSON.stringify(new URL('../fixtures/aws/ministack.ts', import.meta.url))}
    console.log((await startMinistack()).pid)`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'inherit'] })
  const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)))
  expect(await new Promise((resolve) => parent.on('close', resolve))).toBe(0)
  expect(await until(() => !alive(pid), 1000)).toBe(true)
})

it('says what to do when it is not installed', async () => {
  const before = process.env.VV_CACHE
  process.env.VV_CACHE = join(tmpdir(), 'visitgate-no-cache-here')
  await expect(startMinistack()).rejects.toThrow('MiniStack is not installed. Next: npm start')
  if (before === undefined) delete process.env.VV_CACHE
  else process.env.VV_CACHE = before
})
