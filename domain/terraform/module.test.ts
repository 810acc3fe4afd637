import { describe, expect, test } from 'vitest'
import { parseBody } from './body.ts'
import { buildModule } from './module.ts'
import type { Input, Module } from './module.ts'

const files = (given: Record<string, string>) => Object.entries(given).map(([path, source]) =>
  ({ path, body: path.endsWith('.json') ? JSON.parse(source) as unknown : parseBody(source) }))
const build = (given: string | Record<string, string>, more: Input = {}): Module =>
  buildModule({ hcl: files(typeof given === 'string' ? { 'main.tf': given } : given), ...more })
const values = (module: Module) => Object.fromEntries(module.resources.map(resource => [resource.address, resource.values]))
const outputs = (module: Module) => Object.fromEntries(module.outputs.map(({ name, value }) => [name, value]))

describe('resources', () => {
  test.each<[string, string, Record<string, unknown>]>([
    ['blocks are lists, nulls are dropped', 'resource "x_y" "z" {\n a = null\n b {\n c = null\n d = 1\n }\n b {}\n}', { 'x_y.z': { b: [{ d: 1 }, {}] } }],
    ['what is Terraform\'s own is not an attribute', 'resource "x_y" "z" {\n provider = x.w\n depends_on = [x_y.w]\n lifecycle {}\n a = 1\n}', { 'x_y.z': { a: 1 } }],
    ['documents are parsed', 'resource "x_y" "z" {\n policy = "{\\"a\\":1}"\n assume_role_policy = <<EOT\n{"b": 2}\nEOT\n container_definitions = jsonencode([null])\n}',
      { 'x_y.z': { policy: { a: 1 }, assume_role_policy: { b: 2 }, container_definitions: [null] } }],
    ['a document that is not JSON stays text', 'resource "x_y" "z" {\n policy = "not json"\n}', { 'x_y.z': { policy: 'not json' } }],
    ['secrets are hidden by name', 'resource "x_y" "z" {\n password = "p"\n token = null\n}', { 'x_y.z': { password: { unresolved: '(sensitive)' } } }],
    ['count', 'resource "x_y" "z" {\n count = 2\n a = count.index\n}', { 'x_y.z[0]': { a: 0 }, 'x_y.z[1]': { a: 1 } }],
    ['count 0', 'resource "x_y" "z" {\n count = false ? 1 : 0\n}', {}],
    ['count that nobody knows', 'resource "x_y" "z" {\n count = length(file("x"))\n a = count.index\n b = 1\n}', { 'x_y.z[*]': { a: { unresolved: 'count.index' }, b: 1 } }],
    ['count beyond reason', 'resource "x_y" "z" {\n count = 1e9\n}', { 'x_y.z[*]': {} }],
    ['for_each over a set', 'resource "x_y" "z" {\n for_each = toset(["b", "a"])\n a = each.value\n}', { 'x_y.z["a"]': { a: 'a' }, 'x_y.z["b"]': { a: 'b' } }],
    ['for_each over a map', 'resource "x_y" "z" {\n for_each = { k = { v = 1 } }\n a = "${each.key}${each.value.v}"\n}', { 'x_y.z["k"]': { a: 'k1' } }],
    ['for_each that nobody knows', 'resource "x_y" "z" {\n for_each = var.v\n a = each.key\n}\nvariable "v" {}', { 'x_y.z[*]': { a: { unresolved: 'each.key' } } }],
    ['for_each over another resource', 'resource "x_y" "w" {\n for_each = toset(["a"])\n}\nresource "x_y" "z" {\n for_each = x_y.w\n a = each.value.arn\n}',
      { 'x_y.w["a"]': {}, 'x_y.z["a"]': { a: '<x_y.w["a"].arn>' } }],
    ['dynamic blocks', 'resource "x_y" "z" {\n b {\n c = 0\n }\n dynamic "b" {\n for_each = [1, 2]\n content {\n c = b.value\n dynamic "d" {\n for_each = { k = b.key }\n iterator = it\n content {\n e = "${it.key}${it.value}"\n }\n }\n }\n }\n}',
      { 'x_y.z': { b: [{ c: 0 }, { c: 1, d: [{ e: 'k1' }] }, { c: 2, d: [{ e: 'k2' }] }] } }],
    ['dynamic over what nobody knows', 'variable "v" {}\nresource "x_y" "z" {\n dynamic "b" {\n for_each = var.v\n content {}\n }\n}',
      { 'x_y.z': { b: [{ unresolved: 'dynamic b over var.v', references: ['var.v'] }] } }],
    ['data sources', 'data "aws_caller_identity" "me" {}\nresource "x_y" "z" {\n a = data.aws_caller_identity.me.account_id\n}',
      { 'x_y.z': { a: '<data.aws_caller_identity.current.account_id>' }, 'data.aws_caller_identity.me': expect.anything() }],
  ])('%s', (_, source, wanted) => expect(values(build(source))).toEqual(wanted))

  test('file and lifecycle', () => {
    const [resource] = build({ 'infra/a.tf': 'resource "x_y" "z" {\n lifecycle {\n prevent_destroy = true\n ignore_changes = [tags, a[0].b]\n }\n}' }, { dir: 'infra' }).resources
    expect(resource).toEqual({ address: 'x_y.z', mode: 'managed', type: 'x_y', name: 'z', values: {}, file: 'infra/a.tf', lifecycle: { preventDestroy: true, ignoreChanges: ['tags', 'a[0].b'] } })
  })

  test('account and region from the target', () => {
    const key = { account: '111122223333', region: 'eu-west-1' }
    expect(values(build('resource "aws_kms_key" "k" {}', key))['aws_kms_key.k']).toMatchObject({ arn: 'arn:aws:kms:eu-west-1:111122223333:key/<aws_kms_key.k.key_id>', region: 'eu-west-1' })
  })

  test('region: of the resource, of its provider, handed to a module', () => {
    const module = build({
      'main.tf': `
variable "r" {
  default = "us-east-1"
}
provider "aws" {
  region = var.r
}
provider "aws" {
  alias  = "west"
  region = "us-west-2"
}
resource "aws_sns_topic" "a" {
  name = "a"
}
resource "aws_sns_topic" "b" {
  provider = aws.west
  name     = "b"
}
resource "aws_sns_topic" "c" {
  region = "eu-west-1"
  name   = "c"
}
module "inherits" {
  source = "./m"
}
module "given" {
  source    = "./m"
  providers = { aws = aws.west }
}`,
      'm/main.tf': 'resource "aws_sns_topic" "d" {\n name = "d"\n}',
    })
    expect(module.resources.map(({ values }) => String(values.arn).split(':')[3])).toEqual(['us-east-1', 'us-west-2', 'eu-west-1', 'us-east-1', 'us-west-2'])
  })
})

describe('modules', () => {
  test('nested, with inputs, outputs, count and for_each', () => {
    const module = build({
      'a/main.tf': `
module "one" {
  source = "./b"
  name   = "one"
}
module "two" {
  source   = "./b"
  for_each = toset(["x", "y"])
  name     = each.key
}
module "three" {
  source = "../c"
  count  = 2
  name   = "t\${count.index}"
}
output "one" { 
  value = module.one.arn 
}
output "two" { 
  value = { for k, m in module.two : k => m.arn } 
}
output "three" { 
  value = module.three[*].name 
}
output "third" { 
  value = module.three[1].name 
}`,
      'a/b/main.tf': 'variable "name" {}\nmodule "in" {\n source = "../../c"\n name = "in-${var.name}"\n}\noutput "arn" {\n value = module.in.arn\n}',
      'c/main.tf': 'variable "name" {}\nresource "aws_s3_bucket" "b" {\n bucket = var.name\n}\noutput "arn" {\n value = aws_s3_bucket.b.arn\n}\noutput "name" {\n value = var.name\n}',
    }, { dir: 'a' })
    expect(module.resources.map(({ address, values }) => [address, values.bucket])).toEqual([
      ['module.one.module.in.aws_s3_bucket.b', 'in-one'],
      ['module.two["x"].module.in.aws_s3_bucket.b', 'in-x'], ['module.two["y"].module.in.aws_s3_bucket.b', 'in-y'],
      ['module.three[0].aws_s3_bucket.b', 't0'], ['module.three[1].aws_s3_bucket.b', 't1'],
    ])
    expect(outputs(module)).toEqual({
      one: 'arn:aws:s3:::in-one', two: { x: 'arn:aws:s3:::in-x', y: 'arn:aws:s3:::in-y' }, three: ['t0', 't1'], third: 't1',
    })
  })

  test('a module whose source is not here: its outputs are Unresolved', () => {
    expect(outputs(build('module "m" {\n source = "terraform-aws-modules/s3-bucket/aws"\n}\noutput "o" {\n value = module.m.arn\n}')))
      .toEqual({ o: { unresolved: 'module.m.arn', references: ['module.m'] } })
  })

  test('a symbol names the module', () => {
    const module = build({ 'main.tf': 'module "m" {\n source = "./m"\n}', 'm/m.tf': 'resource "aws_kms_key" "k" {}' })
    expect(module.resources[0]?.values.key_id).toBe('<module.m.aws_kms_key.k.key_id>')
  })
})

test.each<[string, Record<string, string>, string]>([
  ['locals in a circle', { 'main.tf': 'locals {\n a = local.b\n b = local.a\n}\noutput "o" {\n value = local.a\n}' }, 'a cycle: local.a -> local.b -> local.a'],
  ['resources in a circle', { 'main.tf': 'resource "x_y" "a" {\n v = x_y.b.arn\n}\nresource "x_y" "b" {\n v = x_y.a.arn\n}' }, 'a cycle: x_y.a -> x_y.b -> x_y.a'],
  ['a circle through a module', { 'main.tf': 'module "m" {\n source = "./m"\n in = module.m.out\n}', 'm/m.tf': 'variable "in" {}\noutput "out" {\n value = var.in\n}\nresource "x_y" "a" {\n v = var.in\n}' },
    'a cycle: module.m.var.in -> module.m.output.out -> module.m.var.in'],
  ['modules in a circle', { 'main.tf': 'module "a" {\n source = "./a"\n}', 'a/a.tf': 'module "b" {\n source = "../b"\n}', 'b/b.tf': 'module "a" {\n source = "../a"\n}' }, 'modules in a circle:  -> a -> b -> a'],
  ['a module in itself', { 'main.tf': 'module "a" {\n source = "./"\n}' }, 'a module cannot contain itself'],
  ['two declarations', { 'a.tf': 'resource "x_y" "z" {}', 'b.tf': 'resource "x_y" "z" {}' }, 'b.tf: resource x_y.z is declared twice (first in a.tf)'],
])('%s is an error', (_, given, said) => expect(() => build(given)).toThrow(said))

test('override files come last', () => {
  expect(values(build({ 'a_override.tf': 'resource "x_y" "z" {\n a = 2\n}', 'main.tf': 'resource "x_y" "z" {\n a = 1\n b = 1\n}' }))).toEqual({ 'x_y.z': { a: 2, b: 1 } })
})

test('the JSON syntax of Terraform', () => {
  expect(values(build({
    'main.tf.json': JSON.stringify({
      locals: { n: 'x' },
      resource: { aws_s3_bucket_versioning: { v: { bucket: '${local.n}', versioning_configuration: { status: 'Enabled' }, tags: { a: 'b' } } } },
    }),
  }))).toEqual({ 'aws_s3_bucket_versioning.v': { bucket: 'x', versioning_configuration: [{ status: 'Enabled' }], tags: { a: 'b' } } })
})

describe('variables', () => {
  test('default, given value, type, sensitivity, use', () => {
    const module = build(`
variable "unused" {
  default = ""
}
variable "used" {
  type = number
  validation {
    condition     = var.used > 0
    error_message = "x"
  }
}
variable "secret" {
  sensitive = true
  default   = "s3cret"
}
variable "object" {
  type    = object({ a = string, b = optional(number, 3), c = optional(string), d = optional(list(object({ e = optional(bool, true) }))) })
  default = { a = 1, d = [{}] }
}
output "a" { 
  value = [var.used, var.used + 1] 
}
output "b" { 
  value = "x\${var.used}" 
}
output "c" { 
  value = var.secret 
}
output "d" { 
  value = var.object 
}`, { variables: { used: '7', secret: 'given' } })
    expect(module.variables).toEqual([
      { name: 'unused', file: 'main.tf', sensitive: false, validations: 0, usedIn: 0, default: '' },
      { name: 'used', file: 'main.tf', sensitive: false, validations: 1, usedIn: 2 + 1, value: '7' },
      { name: 'secret', file: 'main.tf', sensitive: true, validations: 0, usedIn: 1, default: { unresolved: '(sensitive)' }, value: { unresolved: '(sensitive)' } },
      { name: 'object', file: 'main.tf', sensitive: false, validations: 0, usedIn: 1, default: { a: 1, d: [{}] } },
    ])
    expect(outputs(module)).toEqual({ a: [7, 8], b: 'x7', c: { unresolved: '(sensitive)' }, d: { a: '1', b: 3, d: [{ e: true }] } })
    expect(JSON.stringify(module)).not.toMatch(/s3cret|given/)
  })
})

describe('what the source says', () => {
  test('references', () => {
    const { references } = build({
      'main.tf': `
locals {
  a = var.v
}
variable "v" {}
resource "x_y" "z" {
  for_each   = local.gone
  name       = "\${local.a}-\${each.key}-\${count.index}"
  list       = [for i in data.x_y.d : i.id if i.ok == var.nope]
  key        = x_y.absent[local.a].arn
  depends_on = [module.m]
  provider   = x.alias
  dynamic "b" {
    for_each = module.m.out
    content {
      c = b.value
      d = module.m.typo
    }
  }
  lifecycle {
    ignore_changes = [tags]
  }
}
data "x_y" "d" {}
module "m" {
  source = "./m"
  in     = path.module
}`,
      'm/m.tf': 'variable "in" {}\noutput "out" {\n value = var.in\n}',
    })
    expect(references?.map(({ from, to, resolved }) => `${from} -> ${to}${resolved ? '' : ' ?'}`).sort()).toEqual([
      'local.a -> var.v',
      'module.m -> path.module',
      'module.m.output.out -> module.m.var.in',
      'x_y.z -> count.index ?', // it has for_each, not count
      'x_y.z -> data.x_y.d',
      'x_y.z -> local.a',
      'x_y.z -> local.gone ?',
      'x_y.z -> module.m',
      'x_y.z -> module.m.out',
      'x_y.z -> module.m.typo ?',
      'x_y.z -> var.nope ?',
      'x_y.z -> x_y.absent ?',
    ])
  })

  test.each<[string, boolean]>([
    ['var.x != "" ? var.x : ""', true], ['var.x == "" ? "" : var.x', true], ['"" != var.x ? var.x : ""', true], ['var.x == "" ? var.x : ""', true], ['var.c ? 1 : 1', true],
    ['var.x != "" ? var.x : "default"', false], ['var.c ? 1 : 2', false], ['var.n > 0 ? var.n : 0', false],
  ])('%s: decides nothing: %s', (text, noop) => {
    expect(build({ 'infra/a.tf': `output "o" {\n value = "a\${${text}}"\n}` }, { dir: 'infra' }).conditionals).toEqual([{ where: 'infra/a.tf: output.o', text, noop }])
  })

  test('providers, with the versions that are locked', () => {
    const lock = 'provider "registry.terraform.io/hashicorp/aws" {\n  version     = "6.28.0"\n  constraints = "~> 6.28"\n  hashes = [\n    "h1:x",\n  ]\n}\n'
    const source = 'terraform {\n required_providers {\n aws = {\n source = "hashicorp/aws"\n version = "~> 6.28"\n }\n old = "~> 1.0"\n }\n}\nresource "random_id" "r" {}'
    expect(build(source, { lock }).providers).toEqual([
      { name: 'aws', source: 'hashicorp/aws', version: '~> 6.28', locked: '6.28.0' }, { name: 'old', version: '~> 1.0' }, { name: 'random' },
    ])
  })

  test.each<[string, Module['backend']]>([
    ['locals {}', null],
    ['terraform {\n backend "s3" {\n bucket = "b"\n encrypt = true\n secret_key = "x"\n }\n}', { type: 's3', values: { bucket: 'b', encrypt: true, secret_key: { unresolved: '(sensitive)' } } }],
    ['terraform {\n cloud {\n organization = "o"\n }\n}', { type: 'cloud', values: { organization: 'o' } }],
  ])('backend of %j', (source, wanted) => expect(build(source).backend).toEqual(wanted))
})

test('nothing given is no module', () => expect(() => buildModule({})).toThrow('set terraform.plan or terraform.dir'))
