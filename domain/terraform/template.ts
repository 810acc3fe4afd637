/** Strings with ${ } and %{ } in them. https://developer.hashicorp.com/terraform/language/expressions/strings */

import { cursor } from './cursor.ts'
import { expression, loopHead } from './expression.ts'
import { literal } from './node.ts'
import type { Cursor } from './cursor.ts'
import type { Node } from './node.ts'

const heredocs = /<<(-?)([\p{L}_][\p{L}\p{N}_-]*)[ \t]*\r?\n([^]*?\n)??[ \t]*\2(?=\s|$)/uy
const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' }

const known = new Map<string, Node>()

/** A string of hcl2json: escapes are undone, ${ } and %{ } are not. A lone ${x} is x itself. Throws on a syntax error. */
export function parseTemplate(source: string): Node {
  const before = known.get(source)
  if (before) return before
  const node = /[$%]\{/.test(source) ? whole(source) : literal(source, source)
  known.set(source, node)
  return node
}

/** Any value of hcl2json: strings are templates, arrays and objects hold more of them. */
export function toNode(json: unknown): Node {
  if (typeof json === 'string') return parseTemplate(json)
  if (Array.isArray(json)) return { kind: 'list', items: json.map(toNode), text: '[…]' }
  if (typeof json !== 'object' || json === null) return literal((json ?? null) as null | boolean | number, String(json))
  return { kind: 'object', entries: Object.entries(json).map(([key, value]) => [toNode(key), toNode(value)]), text: '{…}' }
}

function whole(source: string): Node {
  const c = cursor(source)
  const node = template(c, '')
  if (c.at < source.length) c.fail('the end')
  return node
}

export function quoted(c: Cursor): Node {
  const start = c.at
  c.need('"')
  const node = template(c, '"')
  if (!c.next('"')) c.fail('"')
  c.at++
  return c.made(start, node)
}

export function heredoc(c: Cursor): Node {
  const start = c.at
  const found = c.match(heredocs)
  if (!found) return c.fail('the end of the heredoc')
  const body = found[3] ?? ''
  return c.made(start, whole(found[1] ? outdent(body) : body))
}

function outdent(text: string): string {
  const lines = text.split('\n')
  const indents = lines.filter(line => line.trim() !== '').map(line => line.length - line.trimStart().length)
  return lines.map(line => line.slice(Math.min(...indents))).join('\n')
}

/** Literal text and ${ } %{ } up to the closing quote, the end, or a directive that closes this part. */
function template(c: Cursor, quote: '"' | ''): Node {
  const start = c.at
  const items: Node[] = []
  let text = ''
  const push = (node: Node) => {
    if (text !== '') items.push(literal(text))
    text = ''
    items.push(node)
  }
  while (c.at < c.source.length && !(quote && c.next(quote)) && !closes(c)) {
    if (c.next('$${') || c.next('%%{')) {
      text += `${c.source[c.at]}{`
      c.at += 3
    } else if (c.next('${')) {
      if (c.next('${~')) text = text.trimEnd()
      c.at += c.next('${~') ? 3 : 2
      push(expression(c))
      shut(c)
    } else if (c.next('%{')) {
      if (c.next('%{~')) text = text.trimEnd()
      push(directive(c, quote))
    } else if (quote && c.next('\\')) text += escape(c)
    else if (quote && c.next('\n')) c.fail('"')
    else text += c.source[c.at++]
  }
  if (c.next('%{~')) text = text.trimEnd()
  if (items.length === 0) return c.made(start, { kind: 'literal', value: text })
  if (text === '' && items.length === 1 && items[0]) return items[0]
  if (text !== '') items.push(literal(text))
  return c.made(start, { kind: 'template', items })
}

const closes = (c: Cursor): boolean => c.next('%{') && /^%\{~?\s*(else|endif|endfor)\b/.test(c.source.slice(c.at, c.at + 40))

function escape(c: Cursor): string {
  const unicode = c.match(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/y)
  if (unicode) return String.fromCodePoint(parseInt(unicode[1] ?? unicode[2] ?? '', 16))
  c.at += 2
  return escapes[c.source[c.at - 1] ?? ''] ?? c.fail('an escape sequence')
}

/** "}", or "~}", which takes the white space behind it along. */
function shut(c: Cursor): void {
  const trims = c.take('~')
  c.need('}')
  if (trims) c.match(/\s*/y)
}

function open(c: Cursor, wanted: string): boolean {
  const start = c.at
  c.need('%{')
  c.take('~')
  const found = c.keyword(wanted)
  if (!found) c.at = start
  return found
}

function directive(c: Cursor, quote: '"' | ''): Node {
  const start = c.at
  if (open(c, 'if')) {
    const test = expression(c)
    shut(c)
    const yes = template(c, quote)
    let no = literal('')
    if (open(c, 'else')) {
      shut(c)
      no = template(c, quote)
    }
    if (!open(c, 'endif')) c.fail('endif')
    shut(c)
    return c.made(start, { kind: 'conditional', test, yes, no })
  }
  if (!open(c, 'for')) c.fail('if or for')
  const head = loopHead(c)
  shut(c)
  const body = template(c, quote)
  if (!open(c, 'endfor')) c.fail('endfor')
  shut(c)
  const each = c.made(start, { kind: 'for', ...head, body, group: false })
  return c.made(start, { kind: 'call', name: 'join', items: [literal(''), each], spread: false })
}
