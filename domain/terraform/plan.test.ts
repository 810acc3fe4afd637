import { describe, expect, test } from 'vitest'
import { parseBody } from './body.ts'
import { buildModule } from './module.ts'

interface Instance {
  readonly address: string
  readonly after?: unknown
  readonly unknown?: unknown
  readonly sensitive?: unknown
  readonly actions?: string[]
  readonly expressions?: unknown
  readonly more?: object
}

const typeOf = (address: string) => address.replace(/^(module\.[^.]+\.)*/, '').replace(/^data\./, '').split('.')[0]
const nameOf = (address: string) => address.replace(/^(module\.[^.]+\.)*/, '').replace(/^data\./, '').split('.')[1]?.replace(/\[.*/, '')

const plan = (instances: readonly Instance[], more: object = {}) => ({
  format_version: '1.2', terraform_version: '1.11.4', planned_values: { outputs: {}, root_module: {} },
  resource_changes: instances.map(({ address, after = {}, unknown = {}, sensitive = {}, actions = ['create'], more: extra = {} }) => ({
    address, mode: /(^|\.)data\./.test(address) ? 'data' : 'managed', type: typeOf(address), name: nameOf(address),
    change: { actions, before: null, after, after_unknown: unknown, after_sensitive: sensitive }, ...extra,
  })),
  configuration: {
    provider_config: {},
    root_module: { resources: instances.filter(one => one.expressions !== undefined).map(one => ({ address: one.address, expressions: one.expressions })) },
  },
  ...more,
})
const first = (instances: readonly Instance[], hcl?: string) =>
  buildModule({ plan: plan(instances), ...(hcl !== undefined && { hcl: [{ path: 'main.tf', body: parseBody(hcl) }] }) }).resources[0]?.values

const key = 'arn:aws:kms:<data.aws_region.current.region>:<data.aws_caller_identity.current.account_id>:key/<aws_kms_key.k.key_id>'
const aKey: Instance = { address: 'aws_kms_key.k', unknown: { arn: true, key_id: true }, expressions: {} }
const aBucket: Instance = { address: 'aws_s3_bucket.b', unknown: { bucket: true, arn: true, id: true }, expressions: { bucket: { references: ['local.a', 'random_id.r.hex', 'random_id.r'] } } }

describe('what only apply knows, from the plan alone', () => {
  test.each<[string, Instance, readonly Instance[], unknown]>([
    ['one reference is joined', { address: 'x_y.z', unknown: { kms_master_key_id: true }, expressions: { kms_master_key_id: { references: ['aws_kms_key.k.arn', 'aws_kms_key.k'] } } }, [aKey], { kms_master_key_id: key }],
    ['in a nested block too', { address: 'x_y.z', after: { rule: [{ a: 1 }] }, unknown: { rule: [{ key_id: true }] }, expressions: { rule: [{ a: { constant_value: 1 }, key_id: { references: ['aws_kms_key.k.key_id', 'aws_kms_key.k'] } }] } }, [aKey],
      { rule: [{ a: 1, key_id: '<aws_kms_key.k.key_id>' }] }],
    ['a bucket without a name still has an identity', { address: 'x_y.z', unknown: { bucket: true }, expressions: { bucket: { references: ['aws_s3_bucket.b.id', 'aws_s3_bucket.b'] } } }, [aBucket], { bucket: '<aws_s3_bucket.b.bucket>' }],
    ['several references stay an expression', { address: 'x_y.z', unknown: { policy: true }, expressions: { policy: { references: ['aws_s3_bucket.b.arn', 'aws_s3_bucket.b', 'var.x'] } } }, [aBucket],
      { policy: { unresolved: 'x_y.policy: an expression of aws_s3_bucket.b.arn, var.x', references: ['aws_s3_bucket.b.arn', 'var.x'] } }],
    ['one reference in a document is not the document', { address: 'x_y.z', unknown: { policy: true }, expressions: { policy: { references: ['aws_s3_bucket.b.arn', 'aws_s3_bucket.b'] } } }, [aBucket],
      { policy: { unresolved: 'x_y.policy: an expression of aws_s3_bucket.b.arn', references: ['aws_s3_bucket.b.arn'] } }],
    ['a constant', { address: 'x_y.z', unknown: { a: true }, expressions: { a: { constant_value: 5 } } }, [], { a: 5 }],
    ['an expression without references', { address: 'x_y.z', unknown: { a: true }, expressions: { a: {} } }, [], { a: { unresolved: 'x_y.a: an expression of constants' } }],
    ['configured by nobody: the provider decides', { address: 'x_y.z', after: { b: 1 }, unknown: { a: true, c: [{ d: true }] }, expressions: { b: { constant_value: 1 } } }, [], { b: 1, c: [{}] }],
    ['no configuration at all: it cannot be told', { address: 'x_y.z', unknown: { a: true } }, [], { a: { unresolved: 'x_y.a: known after apply' } }],
    ['a key\'s ARN in a list of one', { address: 'x_y.z', after: { resources: [null] }, unknown: { resources: [true] }, expressions: { resources: { references: ['aws_kms_key.k.arn', 'aws_kms_key.k'] } } }, [aKey], { resources: [key] }],
    ['a bucket\'s ARN may have a path behind it', { address: 'x_y.z', after: { resources: [null] }, unknown: { resources: [true] }, expressions: { resources: { references: ['aws_s3_bucket.b.arn', 'aws_s3_bucket.b'] } } }, [aBucket],
      { resources: [{ unresolved: 'x_y.resources: an expression of aws_s3_bucket.b.arn', references: ['aws_s3_bucket.b.arn'] }] }],
    ['of two unknown items nobody can tell which is which', { address: 'x_y.z', after: { ids: [null, 'known', null] }, unknown: { ids: [true, false, true] }, expressions: { ids: { references: ['aws_kms_key.k.arn', 'aws_kms_key.k'] } } }, [aKey],
      { ids: [{ unresolved: 'x_y.ids: known after apply', references: ['aws_kms_key.k.arn'] }, 'known', { unresolved: 'x_y.ids: known after apply', references: ['aws_kms_key.k.arn'] }] }],
    ['blocks are matched by what is known of them', {
      address: 'x_y.z', after: { b: [{ n: 2 }, { n: 1 }] }, unknown: { b: [{ key_id: true }, { key_id: true }] },
      expressions: { b: [{ n: { constant_value: 1 }, key_id: { constant_value: 'one' } }, { n: { constant_value: 2 }, key_id: { constant_value: 'two' } }] },
    }, [], { b: [{ n: 2, key_id: 'two' }, { n: 1, key_id: 'one' }] }],
    ['a block that fits none', { address: 'x_y.z', after: { b: [{ n: 3 }] }, unknown: { b: [{ key_id: true }] }, expressions: { b: [{ n: { constant_value: 1 }, key_id: { constant_value: 'one' } }] } }, [],
      { b: [{ n: 3, key_id: { unresolved: 'x_y.key_id: known after apply' } }] }],
    ['an instance among several is not joined', { address: 'x_y.z', unknown: { key_id: true }, expressions: { key_id: { references: ['aws_kms_key.k[0].arn', 'aws_kms_key.k[0]', 'aws_kms_key.k'] } } },
      [{ ...aKey, address: 'aws_kms_key.k[0]' }, { ...aKey, address: 'aws_kms_key.k[1]' }], { key_id: { unresolved: 'x_y.key_id: an expression of aws_kms_key.k[0].arn', references: ['aws_kms_key.k[0].arn'] } }],
    ['a deferred policy document', { address: 'aws_iam_policy.p', after: { name: 'p' }, unknown: { policy: true, arn: true }, expressions: { policy: { references: ['data.aws_iam_policy_document.d.json', 'data.aws_iam_policy_document.d'] } } },
      [aKey, {
        address: 'data.aws_iam_policy_document.d', actions: ['read'], after: { statement: [{ actions: ['kms:Sign'], resources: [null] }] }, unknown: { json: true, statement: [{ actions: [false], resources: [true] }] },
        expressions: { statement: [{ actions: { constant_value: ['kms:Sign'] }, resources: { references: ['aws_kms_key.k.arn', 'aws_kms_key.k'] } }] },
      }],
      {
        name: 'p', arn: 'arn:aws:iam::<data.aws_caller_identity.current.account_id>:policy/p', id: 'arn:aws:iam::<data.aws_caller_identity.current.account_id>:policy/p',
        policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'kms:Sign', Resource: key }] },
      }],
  ])('%s', (_, instance, others, wanted) => expect(first([instance, ...others])).toEqual(wanted))

  test('through the variables and outputs of modules', () => {
    const module = buildModule({
      plan: plan([
        { address: 'aws_kms_key.k', unknown: { arn: true } },
        { address: 'module.m.x_y.z', unknown: { kms_key_arn: true }, more: { module_address: 'module.m' } },
        { address: 'x_y.out', unknown: { key_id: true } },
      ], {
        configuration: {
          root_module: {
            resources: [{ address: 'aws_kms_key.k', expressions: {} }, { address: 'x_y.out', expressions: { key_id: { references: ['module.m.key', 'module.m'] } } }],
            module_calls: {
              m: {
                expressions: { key: { references: ['aws_kms_key.k.arn', 'aws_kms_key.k'] } },
                module: { resources: [{ address: 'x_y.z', expressions: { kms_key_arn: { references: ['var.key'] } } }], outputs: { key: { expression: { references: ['var.key'] } } } },
              },
            },
          },
        },
      }),
    })
    expect(module.resources.map(({ address, values }) => [address, values.kms_key_arn ?? values.key_id])).toEqual([
      ['aws_kms_key.k', '<aws_kms_key.k.key_id>'], ['module.m.x_y.z', key], ['x_y.out', key],
    ])
  })
})

describe('what only apply knows, from the source', () => {
  const bucket = { address: 'aws_s3_bucket_policy.p', unknown: { policy: true, bucket: true } }
  test.each<[string, Instance, string, unknown]>([
    ['symbolic', bucket, 'resource "aws_s3_bucket" "b" {\n bucket = "x-${random_id.r.hex}"\n}\nresource "random_id" "r" {}\nresource "aws_s3_bucket_policy" "p" {\n bucket = aws_s3_bucket.b.id\n policy = jsonencode({ R = "${aws_s3_bucket.b.arn}/*" })\n}',
      { bucket: 'x-<random_id.r.hex>', policy: { R: 'arn:aws:s3:::x-<random_id.r.hex>/*' } }],
    ['known values of the plan win', { address: 'x_y.z', after: { a: 'plan' }, unknown: { b: true } }, 'resource "x_y" "z" {\n a = "source"\n b = "${x_y.z2.c}"\n}\nresource "x_y" "z2" {\n c = 1\n}', { a: 'plan', b: 1 }],
    ['sets are sorted by the plan', { address: 'x_y.z', after: { s: ['a', null, 'c'] }, unknown: { s: [false, true, false] } }, 'resource "x_y" "z" {\n s = ["c", md5("x"), "a"]\n}', { s: ['a', { unresolved: 'md5("x")' }, 'c'] }],
    ['a set that does not fit', { address: 'x_y.z', after: { s: ['a', null] }, unknown: { s: [false, true] } }, 'resource "x_y" "z" {\n s = ["a"]\n}', { s: ['a', { unresolved: 'x_y.s: known after apply' }] }],
    ['blocks are matched by what is known of them', { address: 'x_y.z', after: { b: [{ n: 2 }, { n: 1 }] }, unknown: { b: [{ v: true }, { v: true }] } }, 'resource "x_y" "z" {\n b {\n n = 1\n v = "one"\n }\n b {\n n = 2\n v = "two"\n }\n}',
      { b: [{ n: 2, v: 'two' }, { n: 1, v: 'one' }] }],
    ['not in the source: the provider decides', { address: 'x_y.z', after: { a: 1 }, unknown: { b: true } }, 'resource "x_y" "z" {\n a = 1\n}', { a: 1 }],
    ['instances that only the plan knows', { address: 'x_y.z["k"]', unknown: { a: true } }, 'variable "v" {}\nresource "x_y" "z" {\n for_each = var.v\n a = "${each.key}-x"\n}', { a: 'k-x' }],
  ])('%s', (_, instance, hcl, wanted) => expect(first([instance], hcl)).toEqual(wanted))

  test('what the plan knows goes into the source', () => {
    const module = buildModule({
      plan: plan([{ address: 'random_id.r', after: { hex: 'f726edd7' }, actions: ['no-op'] }, { address: 'x_y.z', unknown: { arn: true } }], {
        variables: { v: { value: 'planned' } },
        prior_state: { values: { root_module: { resources: [{ address: 'data.aws_caller_identity.me', mode: 'data', type: 'aws_caller_identity', name: 'me', values: { account_id: '111122223333' } }] } } },
      }),
      hcl: [{ path: 'main.tf', body: parseBody('variable "v" {\n default = "source"\n}\ndata "aws_caller_identity" "me" {}\nresource "random_id" "r" {}\nresource "x_y" "z" {\n arn = "${data.aws_caller_identity.me.account_id}-${random_id.r.hex}-${var.v}"\n}') }],
    })
    expect(module.from).toBe('plan+hcl')
    expect(module.resources.find(({ address }) => address === 'x_y.z')?.values.arn).toBe('111122223333-f726edd7-planned')
  })
})

describe('sensitive values never appear', () => {
  const secret = 'hunter2hunter2'
  const hcl = `resource "x_y" "z" {\n a = "${secret}"\n}\noutput "o" {\n value = "${secret}"\n sensitive = true\n}\nvariable "v" {\n sensitive = true\n}`
  const given = plan([
    { address: 'x_y.z', after: { a: secret, b: [{ c: secret, d: 1 }], e: [secret, 'x'], f: null }, unknown: { g: true }, sensitive: { a: true, b: [{ c: true }], e: [true, false], f: true, g: true } },
    { address: 'x_y.all', after: { a: secret }, sensitive: true },
  ], {
    variables: { v: { value: secret } }, planned_values: { outputs: { o: { sensitive: true, value: secret } } },
    configuration: { root_module: { resources: [{ address: 'x_y.z', expressions: { g: { constant_value: secret } } }], variables: { v: { sensitive: true } } } },
  })
  test.each([['from the plan', given, undefined], ['from the source', given, hcl], ['from the source alone', undefined, 'variable "v" {\n sensitive = true\n default = "hunter2hunter2"\n}\noutput "o" {\n value = var.v\n sensitive = true\n}']])('%s', (_, plan, source) => {
    const module = buildModule({ ...(plan && { plan }), ...(source !== undefined && { hcl: [{ path: 'main.tf', body: parseBody(source) }] }) })
    expect(JSON.stringify(module)).not.toContain(secret)
    expect(JSON.stringify(module)).toContain('(sensitive)')
  })
  test('its place stays', () => {
    const hidden = { unresolved: '(sensitive)' }
    expect(first([{ address: 'x_y.z', after: { a: 's', b: [{ c: 's', d: 1 }], e: ['s', 'x'], f: null }, sensitive: { a: true, b: [{ c: true }], e: [true, false], f: true } }]))
      .toEqual({ a: hidden, b: [{ c: hidden, d: 1 }], e: [hidden, 'x'] })
  })
})

test('changes and drift', () => {
  const module = buildModule({
    plan: plan([
      { address: 'aws_s3_bucket.b', actions: ['delete', 'create'], more: { action_reason: 'replace_because_cannot_update' } },
      { address: 'x_y.gone', actions: ['delete'] }, { address: 'x_y.left', actions: ['forget'] }, { address: 'x_y.same', actions: ['no-op'] },
      { address: 'x_y.same', actions: ['delete'], more: { deposed: 'abcd1234' } }, { address: 'data.x_y.d', actions: ['read'] },
    ], { resource_drift: [{ address: 'x_y.same', type: 'x_y', change: { actions: ['update'], replace_paths: [['a', 0, 'b'], ['c']] } }] }),
  })
  expect(module.changes).toEqual([
    { address: 'aws_s3_bucket.b', type: 'aws_s3_bucket', actions: ['delete', 'create'], replacePaths: [], reason: 'replace_because_cannot_update' },
    { address: 'x_y.gone', type: 'x_y', actions: ['delete'], replacePaths: [] },
    { address: 'x_y.left', type: 'x_y', actions: ['forget'], replacePaths: [] },
    { address: 'x_y.same', type: 'x_y', actions: ['delete'], replacePaths: [], reason: 'deposed abcd1234' },
  ])
  expect(module.drift).toEqual([{ address: 'x_y.same', type: 'x_y', actions: ['update'], replacePaths: ['a[0].b', 'c'] }])
  expect(module.resources.map(({ address }) => address)).toEqual(['aws_s3_bucket.b', 'x_y.same', 'data.x_y.d'])
  expect(module).toMatchObject({ from: 'plan', terraformVersion: '1.11.4', variables: null, providers: null, backend: undefined, references: null, conditionals: null })
})

test.each<[string, unknown, string]>([
  ['not an object', [], 'is not a JSON object: print it with `terraform show -json <planfile>`'],
  ['no version', {}, 'has no format_version'],
  ['another major version', { ...plan([]), format_version: '2.0' }, 'has format_version 2.0, 1.x is read here'],
  ['a state', { format_version: '1.0', values: {} }, 'this is a state, not a plan'],
  ['an incomplete plan', { ...plan([]), errored: true }, 'is incomplete'],
  ['cut', { ...plan([]), resource_changes: [{ address: 'a.b' }] }, '/resource_changes/0 has no address or no change'],
])('no plan: %s', (_, given, said) => expect(() => buildModule({ plan: given })).toThrow(said))
