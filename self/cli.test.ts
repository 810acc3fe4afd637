/** The command line as a user meets it: one clear line, the next step, the right exit code. Nothing here reaches a network but this machine. */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from '#harness/paths.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'visitgate-cli-'))
  const write = (name: string, value: unknown) => writeFile(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value))
  const target = { name: 'test', kind: 'live', aws: { accountId: '111122223333', region: 'us-east-1' }, naming: { prefix: 'telehealth', environment: 'prod' } }
  await Promise.all([
    write('ok.json', target), write('not-json.json', '{ "name": '), write('typo.json', { ...target, nmaing: {} }), write('http.json', { ...target, api: { baseUrl: 'http://api.eudaura.com', tokenEnv: {} } }),
    write('missing.json', { kind: 'live' }), write('kind.json', { ...target, kind: 'prod' }), write('secret-env.json', { ...target, database: { urlEnv: 'DATABASE_URL' } }),
    write('bucket.json', { ...target, recordings: { bucket: 'telehealth-video-recordings-prod-5c1e70a4' } }),
    write('outputs-missing.json', { ...target, terraform: { outputs: 'nowhere.json' } }),
    write('bad-waiver.json', { ...target, waivers: 'waivers.json' }), write('waivers.json', [{ check: 'infra/nothing' }]),
    write('plan-not-json.json', { ...target, terraform: { plan: 'plan-cut.json' } }), write('plan-cut.json', '{ "format_version": "1.2", "planned_values": {'),
    write('plan-foreign.json', { ...target, terraform: { plan: 'plan-v9.json' } }), write('plan-v9.json', { format_version: '9.0' }),
    write('hcl-broken.json', { ...target, terraform: { dir: 'hcl' } }),
  ])
  const { mkdir } = await import('node:fs/promises')
  await mkdir(join(folder, 'hcl'))
  await write('hcl/broken.tf', 'resource "aws_s3_bucket" "x" {\n  bucket = \n}\n')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Without the line breaks of the terminal. */
const flat = (text: string): string => text.replace(/\s+/g, ' ')
const run = (args: readonly string[], env: Record<string, string> = {}) => new Promise<{ code: number; out: string; err: string }>((done) => {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS_|VV_|VITEST)/.test(name)))
  const child = spawn(process.execPath, [root('bin/visitgate.mjs'), ...args], { cwd: folder, env: { ...clean, VV_SKIP_MINISTACK: '1', AWS_EC2_METADATA_DISABLED: 'true', NO_COLOR: '1', ...env } })
  let out = '', err = ''
  child.stdout.on('data', (text) => { out += text })
  child.stderr.on('data', (text) => { err += text })
  child.on('exit', (code) => done({ code: code ?? 70, out, err }))
})

describe('wrong usage and configuration: 64', () => {
  test.concurrent.each<[string, readonly string[], RegExp]>([
    ['an unknown check', ['gate', 'infra/s3-objct-lock-days'], /no check is called infra\/s3-objct-lock-days\s+→ did you mean infra\/s3-object-lock-days/],
    ['an unknown phase', ['gate', '--phase', '8'], /--phase 8.*not a phase/],
    ['a range backwards', ['gate', '--phase', '4-2'], /not a phase or a range/],
    ['a check outside the phases', ['gate', '--phase', '0', 'infra/s3-object-lock-days'], /ask for none of these checks/],
    ['an unknown option', ['gate', '--fase', '3'], /unknown option '--fase'/],
    ['an unknown command', ['gaet'], /no check is called gaet/],
    ['no such target', ['gate', '-t', 'nope.json'], /nope.json: cannot be read \(ENOENT\)/],
    ['a target that is not JSON', ['gate', '-t', 'not-json.json'], /not-json.json: is not JSON/],
    ['a field that does not exist', ['gate', '-t', 'typo.json'], /typo.json: \/: has no field "nmaing"; did you mean "naming"\?/],
    ['a missing field', ['gate', '-t', 'missing.json'], /missing.json: \/: must have the field "name"/],
    ['a wrong kind', ['gate', '-t', 'kind.json'], /\/kind: must be one of live, staging, rehearsal \(got "prod"\)/],
    ['plain http', ['gate', '-t', 'http.json'], /http.json: \/api\/baseUrl: must be https \(got "http:\/\/api.eudaura.com"\)/],
    ['a variable without our prefix', ['gate', '-t', 'secret-env.json'], /\/database\/urlEnv: must be the name of an environment variable with the prefix VV_/],
    ['a malformed waiver', ['gate', '-t', 'bad-waiver.json'], /waivers.json: \/0\/check: no check has the id/],
    ['more than the target allows', ['gate', '-t', 'ok.json', '--allow', 'D'], /--allow D: the target allows A, B only/],
    ['a class that does not exist', ['gate', '-t', 'ok.json', '--allow', 'Z'], /--allow Z: is no probe class/],
    ['a report that does not exist', ['gate', '-t', 'ok.json', 'files/tf-validates', '--format', 'pdf'], /--format pdf: is no report/],
    ['not a run folder', ['judge', '.'], /is not a run folder/],
  ])('%s', async (_, args, want) => {
    const { code, err } = await run([...args, ...(args[0] === 'gate' && !args.includes('--out') ? ['--out', join(folder, `run-${Math.random()}`)] : [])])
    expect([code, err]).toEqual([64, expect.stringMatching(want)])
    expect(err).not.toMatch(/\n\s+at /) // no stack trace
  })
})

describe('could not look: 2, never a pass', () => {
  const keys = { AWS_ACCESS_KEY_ID: 'synthetic', AWS_SECRET_ACCESS_KEY: 'synthetic', AWS_REGION: 'us-east-1' }
  test.concurrent.each<[string, readonly string[], Record<string, string>, RegExp]>([
    ['no credentials', ['-t', 'ok.json', 'infra/s3-versioning-enabled', '-p', '4'], { AWS_REGION: 'us-east-1', HOME: '/nonexistent', AWS_CONFIG_FILE: '/nonexistent', AWS_SHARED_CREDENTIALS_FILE: '/nonexistent' }, /no AWS credentials/],
    ['no network', ['-t', 'ok.json', 'infra/s3-versioning-enabled', '-p', '4'], { ...keys, AWS_ENDPOINT_URL: 'https://127.0.0.1:1' }, /no connection \(ECONNREFUSED\)/],
    ['a host that does not exist', ['-t', 'ok.json', 'infra/kms-rotation-enabled', '-p', '4'], { ...keys, AWS_ENDPOINT_URL: 'https://nothing.invalid' }, /no connection \((ENOTFOUND|EAI_AGAIN)\)/],
    ['another region', ['-t', 'ok.json', 'infra/kms-rotation-enabled', '-p', '4'], { ...keys, AWS_REGION: 'eu-central-1', AWS_ENDPOINT_URL: 'https://127.0.0.1:1' }, /no connection|region eu-central-1/],
    ['a plan that is cut off', ['-t', 'plan-not-json.json', 'infra/s3-versioning-enabled', '-p', '3'], {}, /plan-cut\.json/],
    ['a plan of another format', ['-t', 'plan-foreign.json', 'infra/s3-versioning-enabled', '-p', '3'], {}, /9\.0/],
    ['a Terraform file with a syntax error', ['-t', 'hcl-broken.json', 'infra/s3-versioning-enabled', '-p', '3'], {}, /broken\.tf:/],
    ['no Terraform at all', ['-t', 'ok.json', 'infra/s3-versioning-enabled', '-p', '3'], {}, /does not say \/terraform/],
    ['a check that nobody built', ['-t', 'ok.json', 'db/schema-contract'], {}, /not built/],
  ])('%s', async (_, args, env, want) => {
    const out = join(folder, `run-${Math.random()}`)
    const result = await run(['gate', ...args, '--out', out], env)
    expect([result.code, flat(`${result.out}${result.err}`)]).toEqual([2, expect.stringMatching(want)])
    expect(result.out + result.err).not.toMatch(/\n\s+at |synthetic/)
    const results = JSON.parse(await readFile(join(out, 'results.json'), 'utf8'))
    expect(results.rows.map((row: { outcome: string }) => row.outcome)).toEqual(results.rows.map(() => 'unknown'))
  })
})

describe('AWS answers, but not as wished: 2', () => {
  const identity = (account: string) => `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/auditor</Arn><UserId>AIDA</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`
  const error = (code: string) => `<Error><Code>${code}</Code><Message>no</Message></Error>`
  const sts = (code: string) => `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`
  type Answer = readonly [status: number, body: string] | 'never'
  test.concurrent.each<[string, Answer, Answer, RegExp]>([
    ['another account', [200, identity('999999999999')], [200, ''], /credentials are for account 999999999999, the target says 111122223333/],
    ['expired credentials', [403, sts('ExpiredToken')], [403, error('ExpiredToken')], /does not accept the credentials \(ExpiredToken\)/],
    ['a wrong secret', [403, sts('SignatureDoesNotMatch')], [403, error('SignatureDoesNotMatch')], /does not accept the credentials \(SignatureDoesNotMatch\)/],
    ['throttling', [200, identity('111122223333')], [503, error('SlowDown')], /was throttled \(SlowDown/],
    ['429', [200, identity('111122223333')], [429, ''], /was throttled/],
    ['refused', [200, identity('111122223333')], [403, error('AccessDenied')], /may not s3:GetBucketLocation/],
    ['a broken gateway', [200, identity('111122223333')], [502, '<html>bad gateway</html>'], /answered 502/],
    ['HTML in place of an answer', [200, identity('111122223333')], [200, '<html><body>proxy login</body></html>'], /not from AWS: it has no request id/],
    ['no answer at all', [200, identity('111122223333')], 'never', /took more than|did not answer in time/],
  ])('%s', { timeout: 60_000 }, async (_, who, what, want) => {
    const server = createServer((request, response) => {
      const answer = request.method === 'POST' && !request.url!.includes('?') && request.url === '/' ? who : what
      if (answer === 'never') return
      response.writeHead(answer[0], { 'content-type': 'application/xml', ...(answer[1].includes('<html>') ? {} : { 'x-amz-request-id': '1', 'x-amzn-requestid': '1' }) }).end(answer[1])
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    try {
      const out = join(folder, `run-${Math.random()}`)
      const { code, out: text, err } = await run(['gate', '-t', 'bucket.json', 'infra/s3-versioning-enabled', '-p', '4', '--out', out],
        { AWS_ACCESS_KEY_ID: 'synthetic', AWS_SECRET_ACCESS_KEY: 'synthetic', AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
      expect([code, flat(`${text}${err}`)]).toEqual([2, expect.stringMatching(want)])
      expect(text + err).not.toMatch(/\n\s+at |synthetic/)
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })
})

test('a phase whose earlier phases were not judged is BLOCKED, with the command that settles it', async () => {
  const out = join(folder, 'blocked')
  const { code } = await run(['gate', '-t', 'ok.json', '-p', '1', '--out', out])
  const [phase] = JSON.parse(await readFile(join(out, 'results.json'), 'utf8')).phases
  expect([code, phase.verdict, phase.reasons[0].say]).toEqual([2, 'BLOCKED', expect.stringContaining('--phase 0')])
})

test('a finished run verifies, a changed one does not, a run judges again without its target', async () => {
  const out = join(folder, 'evidence')
  await run(['gate', '-t', 'ok.json', '-p', '0-1', '--out', out])
  expect(await readdir(out)).toEqual(expect.arrayContaining(['manifest.json', 'observations', 'report.html', 'results.json']))
  expect((await run(['verify', out])).code).toBe(0)
  const again = join(folder, 'again')
  expect((await run(['judge', out, '-p', '0-1', '--out', again])).code).toBe(2)
  expect((await run(['diff', out, again])).code).toBe(0)
  await writeFile(join(out, 'results.json'), '{}')
  expect(await run(['verify', out])).toMatchObject({ code: 1, out: expect.stringContaining('results.json was changed') })
  expect((await run(['judge', out])).code).toBe(64)
})

test('data on stdout, everything else on stderr', async () => {
  const { out } = await run(['gate', '-t', 'ok.json', 'db/schema-contract', '--json', '--out', join(folder, 'json')])
  expect(JSON.parse(out)).toMatchObject({ schemaVersion: 1, verdict: 'PARTIAL' })
  expect(JSON.parse((await run(['list', '--json'])).out)).toHaveLength(181)
  expect(JSON.parse((await run(['explain', 'infra/s3-object-lock-days', '--json'])).out)).toMatchObject({ id: 'infra/s3-object-lock-days' })
})
test('help and version: 0', async () => {
  for (const args of [['--help'], ['gate', '--help'], ['--version']]) expect((await run(args)).code).toBe(0)
})
