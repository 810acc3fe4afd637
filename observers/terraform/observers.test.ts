import { describe, expect, test } from 'vitest'
import * as keys from '#facts/keys.ts'
import * as recordings from '#facts/recordings.ts'
import * as repository from '#facts/repository.ts'
import * as roles from '#facts/roles.ts'
import * as terraform from '#facts/terraform.ts'
import type { Fact, Target } from '#harness/kernel.ts'
import { fakeAws, observerOf } from '#observers/fake-aws.ts'
import ofKeys from './keys.observer.ts'
import ofModule from './module.observer.ts'
import ofOwners from './owners.observer.ts'
import ofRecordings from './recordings.observer.ts'
import ofRoles from './roles.observer.ts'

const list = [...ofModule, ...ofRecordings, ...ofKeys, ...ofRoles, ...ofOwners]
/** What a fact is when Terraform's source, or its plan, is this. */
async function observe(fact: Fact<any>, hcl: string | null, more: { plan?: object; target?: Partial<Target>; files?: Record<string, string> } = {}): Promise<any> {
  const files = { ...(hcl === null ? {} : { 'infra/main.tf': hcl }), ...(more.plan === undefined ? {} : { 'plan.json': JSON.stringify(more.plan) }), ...more.files }
  const source = { ...(hcl === null ? {} : { dir: 'infra' }), ...(more.plan === undefined ? {} : { plan: 'plan.json' }) }
  const fake = fakeAws({}, { source: 'tfplan', files, target: { terraform: source, ...more.target } })
  const module = await fake.observe(observerOf(list, terraform.module))
  return fact === terraform.module ? module : fake.observe(observerOf(list, fact), { module })
}

const bucket = 'resource "random_id" "suffix" { byte_length = 4 }\nresource "aws_s3_bucket" "b" {\n  bucket = "telehealth-video-recordings-prod-${random_id.suffix.hex}"\n  object_lock_enabled = true\n}\n'
const plain = bucket.replace('  object_lock_enabled = true\n', '')
const name = 'telehealth-video-recordings-prod-<random_id.suffix.hex>'
/** A resource that configures the bucket. */
const beside = (type: string, body: string, of = 'b') => `resource "aws_s3_bucket_${type}" "${of}" {\n  bucket = aws_s3_bucket.${of}.id\n  ${body}\n}\n`
const nothing = { transitions: [], expireDays: null, expireDate: null, expireDeleteMarker: false, noncurrentDays: null, noncurrentNewer: null, abortUploadDays: null }
const rule = (body: string) => bucket + beside('lifecycle_configuration', `rule {\n id = "r"\n status = "Enabled"\n ${body}\n}`)
const on = { blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: true, restrictPublicBuckets: true }

describe('the bucket and its settings', () => {
  test.each<[string, Fact<any>, string, unknown]>([
    ['name, ARN and region', recordings.bucket, bucket, { name, arn: `arn:aws:s3:::${name}`, region: 'us-east-1' }],
    ['no such bucket', recordings.bucket, 'resource "aws_s3_bucket" "x" { bucket = "other" }', null],
    ['namesakes', recordings.namesakes, `${bucket}resource "aws_s3_bucket" "x" { bucket = "x-video-recordings-old" }\nresource "aws_s3_bucket" "y" { bucket = "y" }`, [name, 'x-video-recordings-old']],
    ['tags', recordings.tags, bucket.replace('object_lock', 'tags = { a = "b", c = 1 }\n object_lock'), { a: 'b', c: '1' }],
    ['no tags', recordings.tags, bucket, {}],
    ['Object Lock', recordings.objectLock, bucket, { enabled: true }],
    ['Object Lock by its configuration alone', recordings.objectLock, plain + beside('object_lock_configuration', ''), { enabled: true }],
    ['no Object Lock', recordings.objectLock, plain, null],
    ['default retention', recordings.defaultRetention, bucket + beside('object_lock_configuration', 'rule {\n default_retention {\n mode = "COMPLIANCE"\n days = 2557\n}\n}'), { mode: 'COMPLIANCE', days: 2557, years: null }],
    ['default retention in years', recordings.defaultRetention, bucket + beside('object_lock_configuration', 'rule {\n default_retention {\n mode = "GOVERNANCE"\n years = 7\n}\n}'), { mode: 'GOVERNANCE', days: null, years: 7 }],
    ['no default retention', recordings.defaultRetention, bucket, null],
    ['versioning', recordings.versioning, plain + beside('versioning', 'versioning_configuration { status = "Suspended" }'), { status: 'Suspended' }],
    ['versioning that Object Lock brings', recordings.versioning, bucket, { status: 'Enabled' }],
    ['never versioned', recordings.versioning, plain, null],
    ['versioning called Disabled', recordings.versioning, plain + beside('versioning', 'versioning_configuration { status = "Disabled" }'), null],
    ['encryption', recordings.encryption, `${bucket}resource "aws_kms_key" "k" {}\n${beside('server_side_encryption_configuration', 'rule {\n apply_server_side_encryption_by_default {\n kms_master_key_id = aws_kms_key.k.arn\n sse_algorithm = "aws:kms"\n}\n bucket_key_enabled = true\n}')}`, { algorithm: 'aws:kms', key: 'arn:aws:kms:us-east-1:111122223333:key/<aws_kms_key.k.key_id>', bucketKey: true }],
    ['encryption that S3 brings', recordings.encryption, bucket, { algorithm: 'AES256', key: null, bucketKey: false }],
    ['public access block', recordings.publicAccess, bucket + beside('public_access_block', 'block_public_acls = true\n block_public_policy = true\n ignore_public_acls = true\n restrict_public_buckets = true'), on],
    ['an argument left out', recordings.publicAccess, bucket + beside('public_access_block', 'block_public_acls = true\n block_public_policy = true\n ignore_public_acls = true'), { ...on, restrictPublicBuckets: false }],
    ['no public access block', recordings.publicAccess, bucket, null],
    ['ownership', recordings.ownership, bucket + beside('ownership_controls', 'rule { object_ownership = "BucketOwnerEnforced" }'), { rule: 'BucketOwnerEnforced', grants: [] }],
    ['ownership of a bucket that may be old', recordings.ownership, bucket, { rule: null, grants: [] }],
    ['a canned ACL', recordings.ownership, bucket + beside('acl', 'acl = "public-read"'), { rule: null, grants: ['canned ACL public-read'] }],
    ['no policy', recordings.policy, bucket, null],
    ['a policy whose parts hang on apply', recordings.policy, bucket + beside('policy', 'policy = jsonencode({ Statement = [{ Effect = "Deny", Resource = "${aws_s3_bucket.b.arn}/*" }] })'), { Statement: [{ Effect: 'Deny', Resource: `arn:aws:s3:::${name}/*` }] }],
    ['no lifecycle', recordings.lifecycle, bucket, null],
    ['no logging', recordings.logging, bucket, null],
    ['logging', recordings.logging, `${bucket}resource "aws_s3_bucket" "logs" { bucket = "logs" }\n${beside('logging', 'target_bucket = aws_s3_bucket.logs.id\n target_prefix = "x/"')}${beside('lifecycle_configuration', 'rule {\n id = "r"\n status = "Enabled"\n filter {}\n expiration { days = 30 }\n}', 'logs')}`,
      { name: 'logs', publicAccess: null, encryption: 'AES256', defaultRetention: false, keepDays: 30 }],
  ])('%s', async (_, fact, hcl, value) => expect(await observe(fact, hcl)).toEqual(value))
})

describe('lifecycle rules as S3 would tell them', () => {
  test.each([
    ['whole bucket, by an empty filter', 'filter {}', {}],
    ['whole bucket, by an empty prefix', 'filter { prefix = "" }', {}],
    ['a prefix', 'filter { prefix = "tmp/" }', { scope: 'prefix tmp/' }],
    ['a tag', 'filter {\n tag {\n key = "a"\n value = "b"\n}\n}', { scope: 'tag a=b' }],
    ['several', 'filter {\n and {\n prefix = "x"\n tags = { a = "b" }\n object_size_greater_than = 500\n}\n}', { scope: 'prefix x and tag a=b and larger than 500 bytes' }],
    ['a prefix beside the filter, as before', 'prefix = "tmp/"', { scope: 'prefix tmp/' }],
    ['expiration', 'filter {}\n expiration { days = 2557 }', { expireDays: 2557 }],
    ['expiration on a date', 'filter {}\n expiration { date = "2030-01-01T00:00:00Z" }', { expireDate: '2030-01-01T00:00:00.000Z' }],
    ['markers', 'filter {}\n expiration { expired_object_delete_marker = true }', { expireDeleteMarker: true }],
    ['old versions', 'filter {}\n noncurrent_version_expiration {\n noncurrent_days = 30\n newer_noncurrent_versions = 3\n}', { noncurrentDays: 30, noncurrentNewer: 3 }],
    ['uploads', 'filter {}\n abort_incomplete_multipart_upload { days_after_initiation = 7 }', { abortUploadDays: 7 }],
    ['transitions', 'filter {}\n transition {\n days = 90\n storage_class = "GLACIER"\n}\n transition {\n days = 0\n storage_class = "DEEP_ARCHIVE"\n}', { transitions: [{ days: 90, class: 'GLACIER' }, { days: 0, class: 'DEEP_ARCHIVE' }] }],
  ])('%s', async (_, body, shape) => expect(await observe(recordings.lifecycle, rule(body))).toEqual([{ id: 'r', enabled: true, scope: '', ...nothing, ...shape }]))
})

const key = (body = '') => `resource "aws_kms_key" "k" {\n ${body}\n}\nresource "aws_kms_alias" "a" {\n name = "alias/telehealth-video-recordings-prod"\n target_key_id = aws_kms_key.k.key_id\n}\n`
const described = { alias: 'alias/telehealth-video-recordings-prod', id: '<aws_kms_key.k.key_id>', arn: 'arn:aws:kms:us-east-1:111122223333:key/<aws_kms_key.k.key_id>', state: 'Enabled', manager: 'CUSTOMER', spec: 'SYMMETRIC_DEFAULT', usage: 'ENCRYPT_DECRYPT', origin: 'AWS_KMS', multiRegion: false }
const task = (container: string) => `resource "aws_ecs_task_definition" "t" {\n family = "t"\n container_definitions = jsonencode([${container}])\n}\n`
describe('keys', () => {
  test.each<[string, Fact<any>, string, unknown]>([
    ['what KMS does by itself', keys.recordingsKey, key(), described],
    ['what is said', keys.recordingsKey, key('customer_master_key_spec = "RSA_2048"\n key_usage = "SIGN_VERIFY"\n is_enabled = false\n multi_region = true'), { ...described, spec: 'RSA_2048', usage: 'SIGN_VERIFY', state: 'Disabled', multiRegion: true }],
    ['no such alias', keys.recordingsKey, key().replace('recordings', 'other'), null],
    ['rotation', keys.rotation, key('enable_key_rotation = true\n rotation_period_in_days = 90'), { enabled: true, days: 90 }],
    ['rotation without a period', keys.rotation, key('enable_key_rotation = true'), { enabled: true, days: 365 }],
    ['no rotation', keys.rotation, key(), { enabled: false, days: null }],
    ['deletion windows', keys.deletionWindows, key('deletion_window_in_days = 7'), { recordings: 7, signing: null }],
    ['deletion windows that nobody wrote', keys.deletionWindows, key(), { recordings: null, signing: null }],
    ['the default policy of KMS', keys.recordingsKeyPolicy, key(), { Version: '2012-10-17', Statement: [{ Sid: 'Enable IAM User Permissions', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*' }] }],
    ['a policy of its own', keys.recordingsKeyPolicy, key('policy = jsonencode({ Statement = [] })'), { Statement: [] }],
    ['a policy apart', keys.recordingsKeyPolicy, `${key()}resource "aws_kms_key_policy" "p" {\n key_id = aws_kms_key.k.id\n policy = jsonencode({ Statement = [] })\n}`, { Statement: [] }],
    ['no grants', keys.recordingsGrants, key(), []],
    ['a grant', keys.recordingsGrants, `${key()}resource "aws_kms_grant" "g" {\n key_id = aws_kms_key.k.key_id\n grantee_principal = "arn:r"\n operations = ["Decrypt"]\n}`, [{ grantee: 'arn:r', operations: ['Decrypt'] }]],
    ['no task definition', keys.apiEnvironment, key(), null],
    ['an environment', keys.apiEnvironment, key() + task('{ name = "x", environment = [{ name = "KEY_ID", value = aws_kms_key.k.key_id }, { name = "ON", value = "true" }], secrets = [{ name = "TOKEN", valueFrom = "arn:s" }] }'), { KEY_ID: '<aws_kms_key.k.key_id>', ON: 'true', TOKEN: '«secret TOKEN»' }],
    ['that of the service\'s own container', keys.apiEnvironment, task('{ name = "api", environment = [{ name = "A", value = "1" }] }, { name = "sidecar", environment = [{ name = "B", value = "2" }] }'), { A: '1' }],
    ['that of the definition which the service runs', keys.apiEnvironment, `${task('{ name = "x" }')}resource "aws_ecs_task_definition" "u" {\n family = "u"\n container_definitions = jsonencode([{ name = "api", environment = [{ name = "A", value = "1" }] }])\n}\nresource "aws_ecs_service" "s" {\n name = "api"\n task_definition = aws_ecs_task_definition.u.arn\n}`, { A: '1' }],
  ])('%s', async (_, fact, hcl, value) => expect(await observe(fact, hcl)).toEqual(value))
})

const trust = 'assume_role_policy = jsonencode({ Statement = [{ Action = "sts:AssumeRole" }] })'
const role = (body = '') => `resource "aws_iam_role" "r" {\n name = "task"\n ${trust}\n ${body}\n}\n`
const policy = 'resource "aws_iam_policy" "p" {\n name = "video"\n policy = jsonencode({ Statement = [] })\n}\n'
const attach = 'resource "aws_iam_role_policy_attachment" "a" {\n role = aws_iam_role.r.name\n policy_arn = aws_iam_policy.p.arn\n}\n'
describe('the task role', () => {
  const whole = { name: 'task', arn: 'arn:aws:iam::111122223333:role/task', trust: { Statement: [{ Action: 'sts:AssumeRole' }] }, maxSessionSeconds: 3600, boundary: null }
  const none = { attached: [], inline: [] }
  const video = [{ name: 'video', document: { Statement: [] } }]
  test.each<[string, Fact<any>, string, unknown]>([
    ['what IAM does by itself', roles.taskRole, role(), whole],
    ['what is said', roles.taskRole, role('max_session_duration = 7200\n path = "/x/"'), { ...whole, maxSessionSeconds: 7200, arn: 'arn:aws:iam::111122223333:role/x/task' }],
    ['a boundary of the module', roles.taskRole, policy + role('permissions_boundary = aws_iam_policy.p.arn'), { ...whole, boundary: { Statement: [] } }],
    ['no such role', roles.taskRole, role().replace('"task"', '"other"'), null],
    ['no grants', roles.taskGrants, role(), none],
    ['attached', roles.taskGrants, role() + policy + attach, { ...none, attached: video }],
    ['attached to another', roles.taskGrants, `${role()}${policy}resource "aws_iam_role" "o" {\n name = "other"\n ${trust}\n}\n${attach.replace('aws_iam_role.r', 'aws_iam_role.o')}`, none],
    ['attached by a list of roles', roles.taskGrants, `${role()}${policy}resource "aws_iam_policy_attachment" "a" {\n name = "a"\n roles = [aws_iam_role.r.name]\n policy_arn = aws_iam_policy.p.arn\n}`, { ...none, attached: video }],
    ['attached by the role itself', roles.taskGrants, policy + role('managed_policy_arns = [aws_iam_policy.p.arn]'), { ...none, attached: video }],
    ['inline', roles.taskGrants, `${role()}resource "aws_iam_role_policy" "i" {\n name = "in"\n role = aws_iam_role.r.id\n policy = jsonencode({ Statement = [] })\n}`, { ...none, inline: [{ name: 'in', document: { Statement: [] } }] }],
    ['inline in the role itself', roles.taskGrants, role('inline_policy {\n name = "in"\n policy = jsonencode({ Statement = [] })\n}'), { ...none, inline: [{ name: 'in', document: { Statement: [] } }] }],
  ])('%s', async (_, fact, hcl, value) => expect(await observe(fact, hcl)).toEqual(value))
})

describe('what only apply will know', () => {
  test.each<[string, Fact<any>, string]>([
    ['a policy from elsewhere', recordings.policy, bucket + beside('policy', 'policy = data.external.p.result.policy') + 'data "external" "p" { program = ["x"] }'],
    ['a log bucket from elsewhere', recordings.logging, bucket + beside('logging', 'target_bucket = "elsewhere"\n target_prefix = ""')],
    ['a configuration that may be ours', recordings.lifecycle, `${bucket}data "external" "p" { program = ["x"] }\nresource "aws_s3_bucket_lifecycle_configuration" "l" {\n bucket = data.external.p.result.bucket\n}`],
    ['a policy of AWS', roles.taskGrants, role() + attach.replace('aws_iam_policy.p.arn', '"arn:aws:iam::aws:policy/AdministratorAccess"')],
    ['a key from elsewhere', keys.recordingsKey, key().replace('aws_kms_key.k.key_id', '"11111111-1111-1111-1111-111111111111"')],
    ['a role from elsewhere', roles.taskRole, 'data "aws_iam_role" "r" { name = "task" }'],
  ])('%s', async (_, fact, hcl) => await expect(observe(fact, hcl)).rejects.toMatchObject({ why: { kind: 'after-apply', next: expect.stringContaining('terraform.dir') } }))

  test('the parts of a policy stay, as { unresolved } alone', async () => {
    const seen = await observe(recordings.policy, `${bucket}data "external" "p" { program = ["x"] }\n${beside('policy', 'policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = data.external.p.result.arn } }] })')}`)
    expect(Object.keys(seen.Statement[0].Principal.AWS)).toEqual(['unresolved'])
  })
  test.each<[string, Fact<any>, string]>([
    ['recordings.bucket', recordings.tags, 'resource "aws_s3_bucket" "x" { bucket = "other" }'], ['keys.recordings', keys.rotation, key().replace('recordings', 'other')], ['roles.task', roles.taskGrants, role().replace('"task"', '"other"')],
  ])('what hangs on %s that is absent names it', async (cause, fact, hcl) => await expect(observe(fact, hcl)).rejects.toMatchObject({ why: { kind: 'cause', cause } }))
  test.each([
    ['two buckets of the planned name', recordings.bucket, bucket + 'resource "aws_s3_bucket" "c" { bucket = "telehealth-video-recordings-prod-00000000" }'],
    ['two configurations of one bucket', recordings.lifecycle, rule('filter {}') + beside('lifecycle_configuration', '').replace('"b" {', '"c" {')],
  ])('%s: none is chosen', async (_, fact, hcl) => await expect(observe(fact, hcl)).rejects.toMatchObject({ why: { kind: 'other-target' } }))
})

describe('a plan without its source', () => {
  const expressions = (references: string[]) => ({ bucket: { references } })
  const resource = (address: string, values: object) => ({ address, mode: 'managed', type: address.split('.')[0]!, name: address.split('.')[1]!, provider_name: 'registry.terraform.io/hashicorp/aws', schema_version: 0, values })
  const configured = (address: string, expressions: object) => ({ address, mode: 'managed', type: address.split('.')[0]!, name: address.split('.')[1]!, provider_config_key: 'aws', expressions, schema_version: 0 })
  const created = (address: string, after: object, unknown: object) => ({ address, mode: 'managed', type: address.split('.')[0]!, name: address.split('.')[1]!, provider_name: 'registry.terraform.io/hashicorp/aws', change: { actions: ['create'], before: null, after, after_unknown: unknown, before_sensitive: false, after_sensitive: {} } })
  const [b, v, p] = ['aws_s3_bucket.b', 'aws_s3_bucket_versioning.b', 'aws_s3_bucket_policy.b']
  const status = { versioning_configuration: [{ status: 'Enabled' }] }
  const plan = (tags: object) => ({
    format_version: '1.2', terraform_version: '1.11.4', planned_values: { root_module: { resources: [resource(b, { region: 'us-east-1', tags }), resource(v, status), resource(p, {})] } },
    resource_changes: [created(b, { tags }, { bucket: true, id: true, arn: true }), created(v, status, { bucket: true }), created(p, {}, { bucket: true, policy: true })],
    configuration: { provider_config: { aws: { name: 'aws', full_name: 'registry.terraform.io/hashicorp/aws', expressions: { region: { constant_value: 'us-east-1' } } } }, root_module: { resources: [
      configured(b, { bucket: { references: ['random_id.suffix.hex', 'random_id.suffix'] } }), configured(v, expressions([`${b}.id`, b])), configured(p, { ...expressions([`${b}.id`, b]), policy: { references: [`${b}.arn`, b] } }),
    ] } },
  })
  const ours = plan({ Name: 'telehealth-video-recordings-prod' })
  test('what is joined by references is known', async () => {
    expect(await observe(recordings.versioning, null, { plan: ours })).toEqual({ status: 'Enabled' })
    expect(await observe(recordings.tags, null, { plan: ours })).toEqual({ Name: 'telehealth-video-recordings-prod' })
    expect(await observe(recordings.ownership, null, { plan: ours })).toEqual({ rule: 'BucketOwnerEnforced', grants: [] }) // a new bucket
  })
  test.each<[string, Fact<any>, object, string]>([
    ['the name', recordings.bucket, ours, 'after-apply'], ['namesakes', recordings.namesakes, ours, 'after-apply'], ['the policy', recordings.policy, ours, 'after-apply'],
    ['which bucket is ours', recordings.versioning, plan({ Name: 'other' }), 'after-apply'], ['whether references hold', terraform.validation, ours, 'not-configured'],
  ])('%s is not', async (_, fact, given, kind) => await expect(observe(fact, null, { plan: given })).rejects.toMatchObject({ why: { kind } }))
})

describe('the module', () => {
  test.each<[string, string | null, object, RegExp]>([
    ['nothing is named', null, {}, /\/terraform/],
    ['a syntax error', 'resource "aws_s3_bucket" {', {}, /infra\/main\.tf:1/],
    ['a plan that is no plan', null, { plan: {} }, /plan\.json/],
  ])('%s: one line that says where', async (_, hcl, more, where) => {
    const failed = await observe(terraform.module, hcl, more).catch((error: unknown) => error)
    expect(failed).toMatchObject({ why: { kind: 'not-configured', next: expect.any(String) } })
    expect((failed as Error).message).toMatch(where)
  })
  test('an absolute folder', async () => {
    const files = { '/infra/main.tf': bucket, 'plan.json': '{}' }
    const fake = fakeAws({}, { source: 'tfplan', files, target: { terraform: { dir: '/infra' } } })
    expect((await fake.observe(observerOf(list, terraform.module))).resources).toHaveLength(2)
  })
  test('secrets in the environment of a container are kept as aliases', async () => {
    const files = { 'infra/main.tf': task('{ name = "api", environment = [{ name = "DB_PASSWORD", value = "correct-horse" }, { name = "VIDEO_KMS_KEY_ID", value = "1234-abcd-key" }] }') }
    const fake = fakeAws({}, { source: 'tfplan', files, target: { terraform: { dir: 'infra' } } })
    const module = await fake.observe(observerOf(list, terraform.module))
    expect(JSON.stringify(fake.kept(module))).not.toContain('correct-horse')
    expect(fake.kept(await fake.observe(observerOf(list, keys.apiEnvironment), { module }))).toEqual({ DB_PASSWORD: '«DB_PASSWORD»', VIDEO_KMS_KEY_ID: '1234-abcd-key' })
  })
  test('references that lead nowhere', async () => {
    expect(await observe(terraform.validation, `${role()}${attach}`)).toEqual({ by: 'resolver', references: 2, problems: [{ at: 'aws_iam_role_policy_attachment.a', say: 'aws_iam_policy.p is not defined' }] })
  })
})

describe('a second owner', () => {
  test.each([
    ['none', bucket + key() + policy, []],
    ['another bucket of the recordings name', `${bucket}resource "aws_s3_bucket" "second" {\n bucket = "video-recordings-2"\n}`, [{ file: 'infra/main.tf', line: 6, command: 'aws_s3_bucket.second makes another bucket of the recordings name: video-recordings-2' }]],
    ['an alias twice', key() + key().replace(/"a"/, '"z"').replace(/resource "aws_kms_key" "k" {[^}]*}/, ''), [{ file: 'infra/main.tf', line: 9, command: 'aws_kms_alias.z makes the alias alias/telehealth-video-recordings-prod again' }]],
    ['a command in a provisioner', `${bucket}resource "terraform_data" "x" {\n provisioner "local-exec" {\n command = "aws s3api put-bucket-policy --bucket x"\n }\n}`, [{ file: 'infra/main.tf', line: 8, command: 'aws s3api put-bucket-policy --bucket x"' }]],
  ])('%s', async (_, hcl, found) => {
    const seen = await observe(repository.owners, hcl)
    expect(seen.found).toEqual(found)
    expect(seen.scanned).toBeGreaterThan(1)
  })
})
