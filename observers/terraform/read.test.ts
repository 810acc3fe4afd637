import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parseBody } from '#domain/terraform/body.ts'
import { unknowns } from '#domain/terraform/value.ts'
import { readModule } from './read.ts'
import type { Module, Value } from '#domain/terraform/module.ts'
import type { Files, Source } from './read.ts'

const root = fileURLToPath(new URL('../../fixtures/terraform/', import.meta.url))
const text = (path: string) => readFile(`${root}${path}`, 'utf8')
const fixtures: Files = {
  file: path => readFile(`${root}${path}`).catch(() => null),
  files: async (dir, pattern) => (await readdir(`${root}${dir}`, { recursive: true })).filter(path => pattern.test(path)).map(path => `${dir}/${path}`),
}
const memory = (given: Record<string, string>): Files => ({
  file: async path => Object.hasOwn(given, path) ? new TextEncoder().encode(given[path]) : null,
  files: async (dir, pattern) => Object.keys(given).filter(path => (dir === '.' || path.startsWith(`${dir}/`)) && pattern.test(path)),
})

const read = (source: Source) => readModule(source, fixtures)
const values = (module: Module, address: string) => {
  const found = module.resources.find(resource => resource.address === address)
  if (!found) throw new Error(`no ${address} among ${module.resources.map(resource => resource.address).join(', ')}`)
  return found.values
}
const judged = /^aws_(s3|kms|iam)_/
const lost = (module: Module) => module.resources.filter(({ type }) => judged.test(type)).flatMap(({ address, values }) =>
  Object.entries(values).flatMap(([name, value]) => unknowns(value).map(({ unresolved }) => `${address}.${name}: ${unresolved}`)))

describe('the plan as it stands', () => {
  const account = '<data.aws_caller_identity.current.account_id>'
  const bucket = 'arn:aws:s3:::telehealth-video-recordings-prod-<random_id.suffix.hex>'

  test('from its source: every policy, with symbols for what apply will name', async () => {
    const module = await read({ dir: 'as-planned' })
    expect(module.from).toBe('hcl')
    expect(lost(module)).toEqual([])
    expect(values(module, 'aws_s3_bucket_policy.video_recordings').policy).toEqual({
      Version: '2012-10-17', Statement: [
        { Sid: 'DenyInsecureConnections', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [bucket, `${bucket}/*`], Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
        { Sid: 'HIPAACompliance', Effect: 'Deny', Principal: '*', Action: 's3:DeleteObject', Resource: `${bucket}/*` },
      ],
    })
    expect(values(module, 'aws_iam_policy.video_visits').policy).toMatchObject({
      Statement: [
        { Action: expect.arrayContaining(['connect:StartWebRTCContact']), Resource: '*' }, { Action: expect.arrayContaining(['chime:ListMeetings']), Resource: '*' },
        { Action: ['s3:PutObject', 's3:GetObject', 's3:ListBucket'], Resource: [bucket, `${bucket}/*`] },
        { Action: expect.arrayContaining(['kms:Encrypt']), Resource: `arn:aws:kms:us-east-1:${account}:key/<aws_kms_key.video_recordings.key_id>` },
        { Action: 'sns:Publish', Resource: `arn:aws:sns:us-east-1:${account}:telehealth-ses-notifications-prod` },
      ],
    })
    expect(values(module, 'aws_iam_role_policy_attachment.ecs_task_video_visits')).toEqual({
      role: 'telehealth-ecs-task-role-prod', policy_arn: `arn:aws:iam::${account}:policy/telehealth-video-visits-policy-prod`,
    })
  })

  test('its mistakes that only the source shows', async () => {
    const module = await read({ dir: 'as-planned' })
    expect(module.variables?.map(({ name, usedIn, validations }) => [name, usedIn, validations])).toEqual([['connect_instance_id', 1, 0], ['connect_video_queue_id', 0, 0]])
    expect(module.conditionals?.filter(({ noop }) => noop)).toEqual([
      { where: 'as-planned/app-runner.tf: local.video_environment', text: 'var.connect_instance_id != "" ? var.connect_instance_id : ""', noop: true },
    ])
    expect(module.backend).toBeNull()
    expect(module.providers?.map(({ name, locked }) => [name, locked])).toEqual([['aws', undefined], ['random', undefined]])
    expect(module.references?.filter(({ resolved }) => !resolved)).toEqual([])
    expect(JSON.stringify(values(module, 'aws_apprunner_service.api'))).toContain('VIDEO_KMS_KEY_ID')
    expect(JSON.stringify(values(module, 'aws_ecs_task_definition.api'))).not.toContain('VIDEO_KMS_KEY_ID')
  })

  test('from the plan JSON alone: what it cannot know is Unresolved, what it refers to is joined', async () => {
    const module = await read({ plan: 'as-planned/plan.json' })
    expect(module.from).toBe('plan')
    expect(values(module, 'aws_s3_bucket_policy.video_recordings')).toMatchObject({
      bucket: '<aws_s3_bucket.video_recordings.bucket>', policy: { unresolved: expect.any(String), references: ['aws_s3_bucket.video_recordings.arn'] },
    })
    expect(values(module, 'aws_s3_bucket.video_recordings')).toMatchObject({ id: '<aws_s3_bucket.video_recordings.bucket>', bucket: { unresolved: expect.any(String) } })
    expect(values(module, 'aws_s3_bucket_server_side_encryption_configuration.video_recordings').rule).toEqual([
      { apply_server_side_encryption_by_default: [{ kms_master_key_id: values(module, 'aws_kms_key.video_recordings').arn, sse_algorithm: 'aws:kms' }], bucket_key_enabled: true },
    ])
    const after = { unresolved: expect.any(String), references: ['aws_s3_bucket.video_recordings.arn'] }
    expect(values(module, 'aws_iam_policy.video_visits').policy).toMatchObject({
      Statement: [{ Resource: '*' }, { Resource: '*' }, { Resource: [after, after] }, { Resource: values(module, 'aws_kms_key.video_recordings').arn }, { Resource: values(module, 'aws_sns_topic.ses_notifications').arn }],
    })
    expect(values(module, 'aws_iam_role_policy_attachment.ecs_task_video_visits').policy_arn).toBe(values(module, 'aws_iam_policy.video_visits').arn)
    expect(module.changes?.length).toBe(15)
  })

  test('from both: nothing that is judged stays unknown', async () => {
    const module = await read({ dir: 'as-planned', plan: 'as-planned/plan.json' })
    expect(module.from).toBe('plan+hcl')
    expect(lost(module)).toEqual([])
    expect(values(module, 'aws_s3_bucket.video_recordings')).toMatchObject({ force_destroy: false, arn: bucket })
  })

  test('what the plan knows, the source alone says too', async () => {
    const plan = JSON.parse(await text('as-planned/plan.json')) as { resource_changes: { address: string; change: { after: Record<string, unknown> } }[] }
    const planned = new Map(plan.resource_changes.map(({ address, change }) => [address, change.after]))
    const both = (await read({ dir: 'as-planned' })).resources.filter(({ address }) => planned.has(address))
    expect(both.length).toBe(16)
    for (const { address, values } of both) expect(differences(values, planned.get(address), address)).toEqual([])
  })

  // state.json is what Terraform 1.11.4 printed after it had applied the plan
  test('what the source says is what came out of apply', async () => {
    const state = JSON.parse(await text('as-planned/state.json')) as { values: { root_module: { resources: { address: string; values: Record<string, unknown> }[] } } }
    const applied = new Map(state.values.root_module.resources.map(resource => [resource.address, resource.values]))
    const named = (value: Value): Value => JSON.parse(JSON.stringify(value).replace(/<([^<>]+)\.(\w+)>/g, (_, address: string, name: string) => String(applied.get(address)?.[name]))) as Value
    const module = await read({ dir: 'as-planned', account: '000000000000' })
    const both = module.resources.filter(({ address, type }) => applied.has(address) && type !== 'aws_ecs_task_definition')
    expect(both.length).toBe(15)
    for (const { address, values } of both) expect(differences(named(values), applied.get(address), address)).toEqual([])
  })
})

describe('the hardened module', () => {
  test('nothing of S3, KMS and IAM is unknown, no reference dangles', async () => {
    const module = await read({ dir: 'hardened' })
    expect(module.resources.filter(({ type }) => judged.test(type)).length).toBeGreaterThan(40)
    expect(lost(module)).toEqual([])
    expect(module.references?.length).toBeGreaterThan(150)
    expect(module.references?.filter(({ resolved }) => !resolved)).toEqual([])
    expect(module.variables?.filter(({ usedIn, validations }) => usedIn === 0 || validations === 0)).toEqual([])
    expect(module.conditionals?.filter(({ noop }) => noop)).toEqual([])
    expect(module.providers).toEqual(['aws', 'random'].map(name => ({ name, source: `hashicorp/${name}`, version: expect.stringMatching(/^~> /), locked: expect.stringMatching(/^\d+\.\d+\.\d+$/) })))
    expect(module.backend).toMatchObject({ type: 's3', values: { encrypt: true, use_lockfile: true } })
    expect(module.outputs.map(({ name }) => name).sort()).toEqual([
      'video_recordings_bucket_arn', 'video_recordings_bucket_name', 'video_recordings_kms_key_arn', 'video_recordings_kms_key_id',
    ])
    expect(module.resources.filter(({ type }) => type === 'aws_s3_bucket' || type === 'aws_kms_key').filter(({ lifecycle }) => !lifecycle?.preventDestroy)).toEqual([])
  })

  const bucket = (name: string) => `module.${name}.aws_s3_bucket_policy.video_recordings`
  const sids = (policy: Value | undefined) => (policy as unknown as { Statement: { Sid: string }[] }).Statement.map(({ Sid }) => Sid)
  test.each<[string, string[]]>([
    ['recordings', ['DenyInsecureTransport', 'DenyConfigChanges', 'DenyWrongAlgorithm', 'DenyWrongKey', 'DenyUnnamedKey', 'DenyCustomerKey', 'AllowMediaPipelines', 'DenyDelete', 'DenyShortRetention', 'DenyGovernance', 'DenyBypass']],
    ['replica', ['DenyInsecureTransport', 'DenyConfigChanges', 'DenyWrongAlgorithm', 'DenyWrongKey', 'DenyUnnamedKey', 'DenyCustomerKey', 'DenyDelete', 'DenyShortRetention', 'DenyGovernance', 'DenyBypass']],
    ['canary', ['DenyInsecureTransport', 'DenyConfigChanges', 'DenyWrongAlgorithm', 'DenyWrongKey', 'DenyUnnamedKey', 'DenyCustomerKey']],
  ])('policy of the %s bucket', async (name, wanted) => {
    const module = await read({ dir: 'hardened' })
    expect(sids(values(module, bucket(name)).policy)).toEqual(wanted)
    expect(values(module, `module.${name}.aws_s3_bucket_object_lock_configuration.video_recordings`).rule)
      .toEqual([{ default_retention: [{ mode: 'COMPLIANCE', days: name === 'canary' ? 1 : 2557 }] }])
    expect(values(module, `module.${name}.aws_s3_bucket.video_recordings`).region).toBe(name === 'replica' ? 'us-west-2' : 'us-east-1')
  })

  /*
   * plans/hardened-first-apply.json: printed by Terraform 1.11.4 and provider 5.100.0 from this module, with two changes that the
   * machine forced: that provider version, and terraform_data.suffix.id in the place of random_id.suffix.hex.
   */
  test('its first-apply plan with the source beside it: nothing is unknown', async () => {
    const module = await read({ dir: 'hardened', plan: 'plans/hardened-first-apply.json' })
    expect(lost(module)).toEqual([])
    expect(module.resources.filter(({ mode }) => mode === 'managed').length).toBe(59)
    expect(values(module, 'aws_iam_role.break_glass').arn).toBe('arn:aws:iam::111122223333:role/telehealth-break-glass-prod') // the plan has read the account
  })
})

/** Where `ours` says something else than what Terraform printed. Sets are sorted there, numbers may be text; what is not printed is not known. */
function differences(ours: Value | undefined, printed: unknown, at: string): string[] {
  if (printed === null || printed === undefined || ours === undefined) return []
  if (typeof printed === 'string' && typeof ours === 'object' && /^[[{]/.test(printed)) return differences(ours, JSON.parse(printed), at)
  if (Array.isArray(printed) || Array.isArray(ours)) {
    const [left, right] = [[ours].flat() as Value[], [printed].flat()]
    const unmatched = left.filter(item => !right.some(other => differences(item, other, at).length === 0))
    return left.length === right.length && unmatched.length === 0 ? [] : [`${at}: ${JSON.stringify(ours)} is ${JSON.stringify(printed)}`]
  }
  if (typeof ours === 'object' && ours !== null && typeof printed === 'object') {
    return Object.entries(ours).flatMap(([name, value]) => differences(value as Value, (printed as Record<string, unknown>)[name], `${at}.${name}`))
  }
  return String(ours) === String(printed) ? [] : [`${at}: ${JSON.stringify(ours)} is ${JSON.stringify(printed)}`]
}

test('differences() sees one', () => {
  expect(differences({ a: [{ b: 1 }], c: { d: 'x' } }, { a: [{ b: '1' }], c: '{"d":"x"}', e: 2 }, '')).toEqual([])
  for (const other of [{ a: [{ b: 2 }] }, { a: [] }, { c: '{"d":"y"}' }]) expect(differences({ a: [{ b: 1 }], c: { d: 'x' } }, other, '')).toHaveLength(1)
})

test('a plan that replaces the bucket says so, and why', async () => {
  const { changes, drift } = await read({ plan: 'plans/replaces-the-bucket.json' })
  expect(changes?.find(({ address }) => address === 'aws_s3_bucket.video_recordings')).toEqual({
    address: 'aws_s3_bucket.video_recordings', type: 'aws_s3_bucket', actions: ['delete', 'create'], replacePaths: ['bucket'], reason: 'replace_because_cannot_update',
  })
  expect(changes?.map(({ actions }) => actions.join()).sort()).toEqual([...Array(11).fill('delete,create'), 'update'])
  expect(drift?.map(({ address }) => address)).toContain('aws_iam_role.ecs_task_role')
})

test('our parser and HashiCorp\'s read the same', async () => {
  const { parse } = await import('@cdktf/hcl2json')
  const plain = (value: unknown): unknown => typeof value === 'string' ? value.replace(/\s+/g, ' ') : Array.isArray(value) ? value.map(plain)
    : typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [plain(key), plain(inner)])) : value
  const paths = (await fixtures.files('.', /\.(tf|tfvars|lock\.hcl)$/)).toSorted()
  expect(paths.length).toBeGreaterThan(18)
  for (const path of paths) expect([path, plain(parseBody(await text(path)))]).toEqual([path, plain(await parse(path, await text(path)))])
})

describe('reading', () => {
  const source = 'variable "a" {}\nvariable "b" {}\nvariable "c" {}\nvariable "d" {}\noutput "o" {\n  value = [var.a, var.b, var.c, var.d]\n}\n'
  test('values from .tfvars files, in Terraform\'s order; files of other directories are left alone', async () => {
    const module = await readModule({ dir: './infra/' }, memory({
      'infra/main.tf': source, 'infra/terraform.tfvars': 'a = 1\nb = 1\nc = 1\nd = 1', 'infra/terraform.tfvars.json': '{"b": 2, "c": 2, "d": 2}',
      'infra/a.auto.tfvars': 'c = 3\nd = 3', 'infra/b.auto.tfvars.json': '{"d": 4}', 'infra/staging.tfvars': 'a = 9', 'infra/unused/x.tf': 'this is not read',
    }))
    expect(module.outputs[0]?.value).toEqual([1, 2, 3, 4])
  })
  test.each([
    ['names relative to the directory', async (): Promise<readonly string[]> => ['main.tf', 'main.tf.bak']],
    ['names as file() takes them', async () => ['infra/main.tf', 'infra/m/m.tf']],
  ])('a listing of %s', async (_, files) => {
    const module = await readModule({ dir: 'infra' }, { ...memory({ 'infra/main.tf': 'output "o" {\n value = 1\n}' }), files: async (_, pattern) => pattern.test('x.tf') ? files() : [] })
    expect(module.outputs).toEqual([{ name: 'o', value: 1 }])
  })
  test('modules beside and above the directory', async () => {
    const module = await readModule({ dir: 'live/prod' }, memory({ 'live/prod/main.tf': 'module "m" {\n  source = "../../modules/m"\n}', 'modules/m/m.tf': 'resource "x_y" "z" {}' }))
    expect(module.resources).toEqual([{ address: 'module.m.x_y.z', mode: 'managed', type: 'x_y', name: 'z', values: {}, file: 'modules/m/m.tf' }])
  })
  // ours does not understand it, HashiCorp's parser does
  test('a file that our parser leaves to the other', async () => {
    const odd = 'output "o" {\n  value = "x%{ if true }a\\tb%{ endif }"\n}'
    expect(() => parseBody(odd)).toThrow('an escape inside')
    expect((await readModule({ dir: '.' }, memory({ 'main.tf': odd }))).outputs).toEqual([{ name: 'o', value: 'xa\tb' }])
  })

  test.each<[string, Source, Record<string, string>, string | RegExp]>([
    ['no such directory', { dir: 'infra' }, {}, 'infra: no Terraform files (*.tf, *.tf.json) there: correct terraform.dir in the target file'],
    ['no such module', { dir: 'infra' }, { 'infra/main.tf': 'module "m" {\n  source = "./m"\n}' }, 'infra/m: no Terraform files (*.tf, *.tf.json) there: correct the source of the module'],
    ['no such plan', { plan: 'plan.json' }, {}, 'plan.json: no such file: write it with `terraform show -json <planfile> > plan.json`'],
    ['a plan that is not JSON', { plan: 'plan.bin' }, { 'plan.bin': 'PK' }, 'plan.bin: not JSON'],
    ['a plan of another format', { plan: 'plan.json' }, { 'plan.json': '{"format_version":"2.0"}' }, 'plan.json: the Terraform plan has format_version 2.0'],
    ['a syntax error', { dir: 'infra' }, { 'infra/a.tf': 'locals {}', 'infra/b.tf': 'resource "a" "b" {\n  x =\n}' }, /^infra\/b\.tf:2: Invalid expression; .* Correct it; terraform validate names the same place$/],
    ['the Phase 4 block as the plan has it', { dir: '.' }, { 'app-runner.tf': '{\n  name = "X"\n},' }, /^app-runner\.tf:1: /],
    ['a .tf.json that is not JSON', { dir: '.' }, { 'a.tf.json': '{' }, 'a.tf.json: not JSON'],
    ['a cycle', { dir: 'infra' }, { 'infra/a.tf': 'locals {\n  a = local.a\n}\noutput "o" {\n  value = local.a\n}' }, 'infra: infra: a cycle: local.a -> local.a'],
  ])('%s', async (_, given, files, said) => expect(readModule(given, memory(files))).rejects.toThrow(said))
})
