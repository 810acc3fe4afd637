import { expect, test } from 'vitest'
import { parseBody } from './body.ts'

// the same as parse() of @cdktf/hcl2json gives; observers/terraform/read.test.ts compares the two on whole modules
test.each<[string, unknown]>([
  ['', {}],
  ['a = 1', { a: 1 }],
  ['a = "x"\nb = true\nc = null\nd = 1.5e3', { a: 'x', b: true, c: null, d: 1500 }],
  ['a = [1, "x", var.y]', { a: [1, 'x', '${var.y}'] }],
  ['a = { k = 1, "q.r" = var.x, t : 3, (local.a) = 2 }', { a: { k: 1, 'q.r': '${var.x}', t: 3, '${local.a}': 2 } }],
  ['a = "x$${y}-${var.z}\\n\\"q\\""', { a: 'x$${y}-${var.z}\n"q"' }],
  ['a = "plain $${literal} 100%"', { a: 'plain $${literal} 100%' }],
  ['a = "\\u00e9"', { a: 'é' }],
  ['a = merge(local.b, {\n  c = 1 # d\n})', { a: '${merge(local.b, {\n  c = 1 # d\n})}' }],
  ['a = <<EOT\nb ${c}\nEOT\nd = 1', { a: 'b ${c}\n', d: 1 }],
  ['a = <<-EOT\n    b\n      c\n  EOT\n', { a: 'b\n  c\n' }],
  ['a = <<EOT\nEOT\n', { a: '' }],
  ['x {}', { x: [{}] }],
  ['x { a = 1 }', { x: [{ a: 1 }] }],
  ['x {\n  a = 1\n}\nx {\n  a = 2\n}', { x: [{ a: 1 }, { a: 2 }] }],
  ['resource "t" "n" {\n  a = 1\n}', { resource: { t: { n: [{ a: 1 }] } } }],
  ['resource t n {\n}', { resource: { t: { n: [{}] } } }],
  ['provider "p" {}\nprovider "p" {\n  alias = "q"\n}', { provider: { p: [{}, { alias: 'q' }] } }],
  ['# c\n// d\n/* e\nf */ a = 1 # g\r\nb = 2', { a: 1, b: 2 }],
  ['\uFEFFa = 1', { a: 1 }],
])('%j', (source, wanted) => expect(parseBody(source)).toEqual(wanted))

test.each([
  ['resource "a" "b" {\n  x = \n}', 'line 3: expected a name'],
  ['resource "a" "b" {\n  x = 1\n  x = 2\n}', 'line 3: expected x once'],
  ['x = 1\nx {}', 'line 2: expected no block x'],
  ['resource "a" {\n  x = 1', 'line 2: expected }'],
  ['x = 1 y = 2', 'line 1: expected the end of the line'],
  ['x { a = 1, b = 2 }', 'line 1: expected the end of the line'],
  ['x "${y}" {}', 'expected a label without ${ }'],
  ['x = "abc\ny"', 'line 1: expected "'],
  ['x = <<EOT\nabc', 'expected the end of the heredoc'],
  ['}', 'line 1: expected an argument or a block'],
  ['x y', 'expected = or {'],
  // Phase 4 of the plan, as it stands there
  ['{\n  name  = "VIDEO_KMS_KEY_ID"\n  value = aws_kms_key.video_recordings.key_id\n},', 'line 1: expected an argument or a block'],
])('%j is not HCL', (source, said) => expect(() => parseBody(source)).toThrow(said))
