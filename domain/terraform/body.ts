/**
 * A Terraform file in the shape that parse() of @cdktf/hcl2json gives: blocks are lists, labels nested objects, literals typed,
 * any other expression "${its source}". That parser (wasm) takes about 0.3 s of CPU to start and 10 ms a kilobyte, which is more
 * than all the rest of a gate; it stays the authority for files that this one does not understand (observers/terraform/read.ts).
 */

import { blank, cursor, word } from './cursor.ts'
import { expression } from './expression.ts'
import { quoted } from './template.ts'
import type { Cursor } from './cursor.ts'
import type { Node } from './node.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type Body = { [key: string]: Json }

/** Throws an Error with the line if the text is not HCL, or not HCL as we know it. */
export function parseBody(source: string): Body {
  const c = cursor(source.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'))
  const found = body(c)
  c.skip()
  if (c.at < c.source.length) c.fail('an argument or a block')
  return found
}

function body(c: Cursor): Body {
  const found: Body = {}
  const arguments_ = new Set<string>()
  for (;;) {
    c.skip()
    const name = c.match(word)?.[0]
    if (name === undefined) return found
    c.match(blank)
    if (c.next('=') && !c.next('==')) {
      c.at++
      if (Object.hasOwn(found, name)) c.fail(`${name} once: it is there already`)
      arguments_.add(name)
      found[name] = toJson(expression(c))
    } else {
      const labels: string[] = []
      while (!c.next('{')) {
        labels.push(c.next('"') ? label(c) : (c.match(word)?.[0] ?? c.fail('= or {')))
        c.match(blank)
      }
      c.at++
      if (arguments_.has(name)) c.fail(`no block ${name}: there is an argument of that name`)
      const inner = body(c)
      c.need('}')
      put(found, [name, ...labels], inner)
    }
    c.match(/(?:[ \t]|\/\*[^]*?\*\/)*(?:#[^\n]*|\/\/[^\n]*)?/y)
    if (c.at < c.source.length && !c.next('\n') && !c.next('}')) c.fail('the end of the line')
  }
}

function label(c: Cursor): string {
  const node = quoted(c)
  return node.kind === 'literal' ? String(node.value) : c.fail('a label without ${ }')
}

function put(into: Body, [name = '', ...labels]: readonly string[], block: Body): void {
  if (labels.length === 0) into[name] = [...((into[name] as Json[] | undefined) ?? []), block]
  else put((into[name] ??= {}) as Body, labels, block)
}

const escaped = (text: string): string => text.replace(/[$%](?=\{)/g, sign => sign + sign)

function toJson(node: Node): Json {
  switch (node.kind) {
    case 'literal': return typeof node.value === 'string' ? escaped(node.value) : node.value
    case 'list': return node.items.map(toJson)
    case 'template': return node.items.map(item => item.kind === 'literal' ? escaped(String(item.value)) : written(item)).join('')
    case 'object': return Object.fromEntries(node.entries.map(([key, value]) =>
      [key.kind === 'literal' || key.kind === 'template' ? String(toJson(key)) : `\${${key.text}}`, toJson(value)]))
    default: return written(node)
  }
}

/** A directive is source with escapes in it, and escapes are undone here: such a file is left to the other parser. */
function written(node: Node): string {
  if (!node.text.startsWith('%{')) return `\${${node.text}}`
  if (node.text.includes('\\')) throw new Error('an escape inside %{ }')
  return node.text
}
