/**
 * Terraform's expression grammar, text to tree. https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
 * Our own, because getExpressionAst of @cdktf/hcl2json takes about 8 ms an expression and leaves escapes, heredocs and parentheses undone.
 */

import { blank, word } from './cursor.ts'
import { literal } from './node.ts'
import { heredoc, quoted } from './template.ts'
import type { Cursor } from './cursor.ts'
import type { Node } from './node.ts'

const levels = [['||'], ['&&'], ['==', '!='], ['<=', '>=', '<', '>'], ['+', '-'], ['*', '/', '%']]
const number = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y

export function expression(c: Cursor): Node {
  c.skip()
  const start = c.at
  const test = binary(c, 0)
  const end = c.at
  if (!c.take('?')) {
    c.at = end
    return test
  }
  const yes = expression(c)
  c.need(':')
  return c.made(start, { kind: 'conditional', test, yes, no: expression(c) })
}

function binary(c: Cursor, level: number): Node {
  const operators = levels[level]
  if (!operators) return unary(c)
  c.skip()
  const start = c.at
  let left = binary(c, level + 1)
  for (;;) {
    const end = c.at
    c.skip()
    const operator = operators.find(token => c.next(token))
    if (operator === undefined) {
      c.at = end
      return left
    }
    c.at += operator.length
    left = c.made(start, { kind: 'binary', operator, left, right: binary(c, level + 1) })
  }
}

function unary(c: Cursor): Node {
  c.skip()
  const start = c.at
  for (const operator of ['!', '-']) if (c.take(operator)) return c.made(start, { kind: 'unary', operator, of: unary(c) })
  return accessors(c, start, primary(c))
}

/** .name, [key], and the splats .* and [*]; after .* only names follow: the legacy form. */
function accessors(c: Cursor, start: number, root: Node, legacy = false): Node {
  let node = root
  for (;;) {
    const end = c.at
    c.match(blank)
    if (c.next('.*') || (!legacy && c.next('[*]'))) {
      const dotted = c.next('.')
      c.at += dotted ? 2 : 3
      const each = accessors(c, c.at, { kind: 'name', name: '*', text: '*' }, dotted)
      node = c.made(start, { kind: 'splat', of: node, each })
    } else if (c.next('.') && !c.next('...')) {
      c.at++
      const digits = c.match(/\d+/y)
      node = c.made(start, digits ? { kind: 'index', of: node, key: literal(Number(digits[0])) } : { kind: 'attribute', of: node, name: c.name() })
    } else if (!legacy && c.next('[')) {
      c.at++
      const key = expression(c)
      c.need(']')
      node = c.made(start, { kind: 'index', of: node, key })
    } else {
      c.at = end
      return node
    }
  }
}

function primary(c: Cursor): Node {
  const start = c.at
  const digits = c.match(number)
  if (digits) return c.made(start, { kind: 'literal', value: Number(digits[0]) })
  if (c.next('"')) return quoted(c)
  if (c.next('<<')) return heredoc(c)
  if (c.take('(')) {
    const node = expression(c)
    c.need(')')
    return node
  }
  if (c.next('[')) return list(c)
  if (c.next('{')) return object(c)
  const found = c.name()
  if (found === 'true' || found === 'false') return c.made(start, { kind: 'literal', value: found === 'true' })
  if (found === 'null') return c.made(start, { kind: 'literal', value: null })
  const end = c.at
  c.match(blank)
  if (!c.next('(')) {
    c.at = end
    return c.made(start, { kind: 'name', name: found })
  }
  c.at++
  const { items, spread } = until(c, ')', () => expression(c))
  return c.made(start, { kind: 'call', name: found, items, spread })
}

/** Items up to the closing bracket: separated by commas, in an object also by newlines. */
function until<T>(c: Cursor, close: string, item: () => T): { items: T[]; spread: boolean } {
  const items: T[] = []
  let spread = false
  while (!c.take(close)) {
    items.push(item())
    const end = c.at
    spread = c.take('...') || spread
    c.skip()
    const separated = c.take(',') || c.next(close) || (close === '}' && c.source.slice(end, c.at).includes('\n'))
    if (!separated) c.fail(`, or ${close}`)
  }
  return { items, spread }
}

function list(c: Cursor): Node {
  const start = c.at
  c.need('[')
  if (c.keyword('for')) return loop(c, start, ']')
  return c.made(start, { kind: 'list', items: until(c, ']', () => expression(c)).items })
}

function object(c: Cursor): Node {
  const start = c.at
  c.need('{')
  if (c.keyword('for')) return loop(c, start, '}')
  const { items } = until(c, '}', () => {
    c.skip()
    const from = c.at
    const bare = c.match(word)?.[0]
    c.match(blank)
    if (bare === undefined || !(c.next('=') || c.next(':'))) c.at = from // not a bare word as key
    const key = c.at === from ? expression(c) : literal(bare ?? '')
    if (!c.take('=')) c.need(':')
    return [key, expression(c)] as const
  })
  return c.made(start, { kind: 'object', entries: items })
}

/** Behind "for": names, in, what. */
export function loopHead(c: Cursor): { names: string[]; over: Node } {
  const names = [c.name()]
  if (c.take(',')) names.push(c.name())
  if (!c.keyword('in')) c.fail('in')
  return { names, over: expression(c) }
}

function loop(c: Cursor, start: number, close: string): Node {
  const head = loopHead(c)
  c.need(':')
  const first = expression(c)
  const keyed = c.take('=>')
  const body = keyed ? expression(c) : first
  const group = c.take('...')
  const when = c.keyword('if') ? expression(c) : undefined
  c.need(close)
  return c.made(start, { kind: 'for', ...head, ...(keyed && { key: first }), body, ...(when && { when }), group })
}
