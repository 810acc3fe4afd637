import { describe, expect, test } from 'vitest'
import { parseBody } from './body.ts'
import { buildModule } from './module.ts'
import { parseTemplate } from './template.ts'
import type { Value } from './value.ts'

const around = `
locals {
  k       = "key"
  nothing = null
  maps    = [{ a = 1 }, { b = 2 }]
  deep    = { list = [0, { "k.1" = "v" }] }
  known   = { a = "x", lost = md5("x") }
}
variable "unset" {}
resource "random_id" "r" {
  byte_length = 4
}
resource "aws_kms_key" "k" {}
resource "aws_kms_key" "other" {}
resource "aws_kms_key" "many" {
  count = 2
}
resource "aws_s3_bucket" "each" {
  for_each = toset(["a", "b"])
  bucket   = "bucket-\${each.key}"
}
`
const value = (expression: string): Value | undefined =>
  buildModule({ hcl: [{ path: 'main.tf', body: parseBody(`${around}output "o" {\n  value = ${expression}\n}\n`) }] }).outputs[0]?.value

// what Terraform 1.11.4 made of them: terraform apply, terraform output -json of jsonencode(expression)
test.each<[string, Value]>([
  ['{ a = 1, "b" = [true, null], (local.k) = "x" }', { a: 1, b: [true, null], key: 'x' }],
  ['merge({ a = 1, b = 1 }, { b = 2 }, null)', { a: 1, b: 2 }],
  ['merge(local.maps...)', { a: 1, b: 2 }],
  ['concat(["a"], [1], [])', ['a', 1]],
  ['flatten([["a", ["b"]], [], "c"])', ['a', 'b', 'c']],
  ['toset(["b", "a", "b"])', ['a', 'b']],
  ['tolist(toset(["z", "a"]))', ['a', 'z']],
  ['distinct(["b", "a", "b"])', ['b', 'a']],
  ['compact(["", "x", null])', ['x']],
  ['coalesce("", null, "x", "y")', 'x'],
  ['coalescelist([], ["a"])', ['a']],
  ['keys({ b = 1, a = 2 })', ['a', 'b']],
  ['values({ b = 1, a = 2 })', [2, 1]],
  ['lookup({ a = 1 }, "a", 2)', 1],
  ['lookup({ a = 1 }, "b", 2)', 2],
  ['length(["a", "b"])', 2],
  ['length({ a = 1 })', 1],
  ['length("héé")', 3],
  ['contains(["a", "b"], "b")', true],
  ['index(["a", "b"], "b")', 1],
  ['element(["a", "b"], 3)', 'b'],
  ['slice(["a", "b", "c"], 1, 2)', ['b']],
  ['reverse(["a", "b"])', ['b', 'a']],
  ['sort(["b", "a", "B"])', ['B', 'a', 'b']],
  ['zipmap(["a", "b"], [1, 2])', { a: 1, b: 2 }],
  ['one([])', null],
  ['one(["x"])', 'x'],
  ['range(3)', [0, 1, 2]],
  ['range(1, 4)', [1, 2, 3]],
  ['setunion(["b"], ["a"])', ['a', 'b']],
  ['setsubtract(["a", "b"], ["b"])', ['a']],
  ['setintersection(["a", "b"], ["b", "c"], ["b"])', ['b']],
  ['setproduct(["a", "b"], ["x", "y"])', [['a', 'x'], ['a', 'y'], ['b', 'x'], ['b', 'y']]],
  ['join(",", ["a", 1, true])', 'a,1,true'],
  ['split(",", "a,b,,c")', ['a', 'b', '', 'c']],
  ['format("%s-%03d-%v-%%", "a", 7, true)', 'a-007-true-%'],
  ['format("%q", "a\\"b")', '"a\\"b"'],
  ['formatlist("%s/*", ["a", "b"])', ['a/*', 'b/*']],
  ['replace("a-b-c", "-", "+")', 'a+b+c'],
  ['replace("a1b22", "/[0-9]+/", "#")', 'a#b#'],
  ['lower("AbC")', 'abc'],
  ['upper("abc")', 'ABC'],
  ['title("ab cd")', 'Ab Cd'],
  ['trimspace("  x ")', 'x'],
  ['trimprefix("alias/x", "alias/")', 'x'],
  ['trimsuffix("x/", "/")', 'x'],
  ['substr("hello", 1, 3)', 'ell'],
  ['substr("hello", 2, -1)', 'llo'],
  ['startswith("abc", "ab")', true],
  ['endswith("abc", "bc")', true],
  ['tostring(1.50)', '1.5'],
  ['tonumber("12")', 12],
  ['tobool("true")', true],
  ['min(3, 1, 2)', 1],
  ['max(3, 1, 2)', 3],
  ['sum([1, 2, 3])', 6],
  ['ceil(1.2)', 2],
  ['alltrue([true, false])', false],
  ['anytrue([true, false])', true],
  ['base64encode("é")', 'w6k='],
  ['jsondecode("{\\"a\\":[1,null]}")', { a: [1, null] }],
  ['try({ a = 1 }.b, "fallback")', 'fallback'],
  ['try(local.maps[5].x, local.maps[0].a, 9)', 1],
  ['can({ a = 1 }.b)', false],
  ['can({ a = 1 }.a)', true],
  ['true ? 1 : "a"', '1'],
  ['false ? "a" : 2', '2'],
  ['"x" != "" ? "y" : "z"', 'y'],
  ['"1" == 1', false],
  ['{ a = [1] } == { a = [1] }', true],
  ['1 + 2 * 3 - 4 / 2', 5],
  ['7 % 3', 1],
  ['-(2 + 1)', -3],
  ['2 > 1 && !(1 >= 2) || false', true],
  ['[for k, v in { b = 1, a = 2 } : "${k}${v}"]', ['a2', 'b1']],
  ['[for i, v in ["x", "y"] : "${i}:${v}" if v != "x"]', ['1:y']],
  ['{ for k, v in { a = 1, b = 2 } : upper(k) => v * 10 }', { A: 10, B: 20 }],
  ['{ for s in ["a", "b", "aa"] : substr(s, 0, 1) => s... }', { a: ['a', 'aa'], b: ['b'] }],
  ['[{ a = 1 }, { a = 2 }][*].a', [1, 2]],
  ['[{ a = { b = 1 } }, { a = { b = 2 } }].*.a.b', [1, 2]],
  ['local.nothing[*]', []],
  ['local.maps[1].b', 2],
  ['local.deep.list[1]["k.1"]', 'v'],
  ['local.deep.list.1', { 'k.1': 'v' }],
  ['"${local.k}-${1 + 1}-$${literal}-%%{x}"', 'key-2-${literal}-%{x}'],
  ['"${local.k}"', 'key'],
  ['"%{ if local.k == "key" }yes%{ else }no%{ endif }"', 'yes'],
  ['"%{ for x in ["a", "b"] ~} ${x}, %{ endfor ~}!"', 'a, b, !'],
  ['"a ${~ local.k ~} b"', 'akeyb'],
  ['<<-EOT\n    first ${local.k}\n      second "q" \\n\n    EOT', 'first key\n  second "q" \\n\n'],
  ['[\n  "a", # a comment, with ] in it\n  /* another */ "b",\n]', ['a', 'b']],
])('%s', (expression, wanted) => expect(value(expression)).toEqual(wanted))

const key = (name: string) => `arn:aws:kms:<data.aws_region.current.region>:<data.aws_caller_identity.current.account_id>:key/<aws_kms_key.${name}.key_id>`

describe('symbols: what apply will name', () => {
  test.each<[string, Value]>([
    ['random_id.r.hex', '<random_id.r.hex>'],
    ['"b-${random_id.r.hex}"', 'b-<random_id.r.hex>'],
    ['aws_kms_key.k.arn', key('k')],
    ['"${aws_kms_key.k.arn}/*"', `${key('k')}/*`],
    ['aws_kms_key.many[1].key_id', '<aws_kms_key.many[1].key_id>'],
    ['aws_kms_key.many[*].key_id', ['<aws_kms_key.many[0].key_id>', '<aws_kms_key.many[1].key_id>']],
    ['[for b in aws_s3_bucket.each : b.arn]', ['arn:aws:s3:::bucket-a', 'arn:aws:s3:::bucket-b']],
    ['aws_s3_bucket.each["b"].id', 'bucket-b'],
    ['values(aws_s3_bucket.each)[*].bucket', ['bucket-a', 'bucket-b']],
    ['{ for k, b in aws_s3_bucket.each : k => b.id }', { a: 'bucket-a', b: 'bucket-b' }],
    // a symbol is never empty, and equal to itself
    ['aws_kms_key.k.arn != "" ? "set" : "empty"', 'set'],
    ['aws_kms_key.k.arn == null', false],
    ['aws_kms_key.k.key_id == aws_kms_key.k.key_id', true],
    ['coalesce("", random_id.r.hex, "x")', '<random_id.r.hex>'],
    ['compact(["", random_id.r.hex])', ['<random_id.r.hex>']],
    ['join(",", [random_id.r.hex, "x"])', '<random_id.r.hex>,x'],
    ['format("%s/*", random_id.r.hex)', '<random_id.r.hex>/*'],
    ['contains([random_id.r.hex], random_id.r.hex)', true],
    ['jsonencode({ a = random_id.r.hex })', { a: '<random_id.r.hex>' }],
    ['jsondecode(jsonencode({ a = random_id.r.hex })).a', '<random_id.r.hex>'],
  ])('%s', (expression, wanted) => expect(value(expression)).toEqual(wanted))
})

describe('what cannot be known is Unresolved, with its source and what it refers to', () => {
  test.each<[string, string, string[]?]>([
    ['file("policy.json")', 'file("policy.json")'],
    ['templatefile("t.json", { a = 1 })', 'templatefile("t.json", { a = 1 })'],
    ['"x-${md5("a")}"', 'x-${md5("a")}'],
    ['var.unset', 'var.unset', ['var.unset']],
    ['"${var.unset}/x"', '${var.unset}/x', ['var.unset']],
    ['var.unset ? 1 : 2', 'var.unset ? 1 : 2', ['var.unset']],
    ['local.known.lost', 'md5("x")'],
    ['local.absent', 'local.absent', ['local.absent']],
    ['aws_sns_topic.absent.arn', 'aws_sns_topic.absent.arn', ['aws_sns_topic.absent']],
    ['aws_kms_key.k.policy', 'aws_kms_key.k.policy', ['aws_kms_key.k.policy']],
    ['upper(random_id.r.hex)', 'upper(random_id.r.hex)'],
    ['length(random_id.r.hex)', 'length(random_id.r.hex)'],
    ['aws_kms_key.k.key_id == aws_kms_key.other.key_id', 'aws_kms_key.k.key_id == aws_kms_key.other.key_id'],
    ['random_id.r.hex == "f726edd7"', 'random_id.r.hex == "f726edd7"'],
    ['contains(["x"], random_id.r.hex)', 'contains(["x"], random_id.r.hex)'],
    ['{ (var.unset) = 1 }', '{…}', ['var.unset']],
    ['[for x in var.unset : x]', '[for x in var.unset : x]', ['var.unset']],
    ['[1, 2][5]', '[1, 2][5]'],
    ['range(2000)', 'range(2000)'],
    ['merge({ a = 1 }, var.unset)', 'merge({ a = 1 }, var.unset)', ['var.unset']],
    ['nosuchfunction(1)', 'nosuchfunction(1)'],
  ])('%s', (expression, unresolved, references) =>
    expect(value(expression)).toEqual({ unresolved, ...(references && { references }) }))

  test.each<[string, Value]>([
    ['[1, md5("x")]', [1, { unresolved: 'md5("x")' }]],
    ['merge({ a = md5("x") }, { b = 1 })', { a: { unresolved: 'md5("x")' }, b: 1 }],
    ['{ a = md5("x"), b = 2 }.b', 2],
    ['false && md5("x") == "y"', false],
    ['true || var.unset', true],
    ['var.unset ? "same" : "same"', 'same'],
    ['length([var.unset])', 1],
    ['sensitive("s")', { unresolved: '(sensitive)' }],
  ])('only the part that hangs on it: %s', (expression, wanted) => expect(value(expression)).toEqual(wanted))

  // no default stands in for what is merely unknown; an error is what try() is for
  test.each<[string, Value]>([
    ['try(md5("x"), "fallback")', { unresolved: 'md5("x")' }],
    ['try(var.unset, "fallback")', { unresolved: 'var.unset', references: ['var.unset'] }],
    ['try(flatten([{}.a]), [])', []],
    ['try({}.a ? "x" : "y", "z")', 'z'],
    ['can(md5("x"))', { unresolved: 'can(md5("x"))' }],
  ])('try and can: %s', (expression, wanted) => expect(value(expression)).toEqual(wanted))

  test('long source is cut', () => {
    const found = value(`md5("${'x'.repeat(1000)}")`) as { unresolved: string }
    expect(found.unresolved).toMatch(/^md5\("x+…$/)
    expect(found.unresolved.length).toBeLessThan(310)
  })
})

test.each([
  ['${', 'expected a name'], ['${a', 'expected }'], ['${[1 2]}', 'expected , or ]'], ['${{ a = 1 b = 2 }}', 'expected , or }'],
  ['${"abc}', 'expected "'], ['${(1}', 'expected )'], ['${f(1}', 'expected , or )'], ['${a ? b}', 'expected :'],
  ['%{ if a }x', 'expected %{'], ['${[for x y : z]}', 'expected in'], ['${"\\q"}', 'expected an escape sequence'],
])('%s is no expression', (source, said) => expect(() => parseTemplate(source)).toThrow(said))
