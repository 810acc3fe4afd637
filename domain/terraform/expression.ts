/**
 * Terraform's expression language: text to tree. https://developer.hashicorp.com/terraform/language/expressions
 * Our own parser, because getExpressionAst of @cdktf/hcl2json takes about 8 ms an expression and leaves escapes, heredocs and
 * parentheses undone. Files have been through HashiCorp's own parser before, so what comes here is valid.
 */

export type Node = { readonly text: string } & (
  | { readonly kind: 'literal'; readonly value: null | boolean | number | string }
  | { readonly kind: 'template' | 'list'; readonly items: readonly Node[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [Node, Node])[] }
  | { readonly kind: 'name'; readonly name: string } // root of a traversal; '*' is the element of a splat
  | { readonly kind: 'attribute'; readonly of: Node; readonly name: string }
  | { readonly kind: 'index'; readonly of: Node; readonly key: Node }
  | { readonly kind: 'splat'; readonly of: Node; readonly each: Node }
  | { readonly kind: 'call'; readonly name: string; readonly items: readonly Node[]; readonly spread: boolean }
  | { readonly kind: 'for'; readonly names: readonly string[]; readonly over: Node; readonly key?: Node; readonly body: Node; readonly when?: Node; readonly group: boolean }
  | { readonly kind: 'conditional'; readonly test: Node; readonly yes: Node; readonly no: Node }
  | { readonly kind: 'unary'; readonly operator: string; readonly of: Node }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Node; readonly right: Node })

type Shape<N> = N extends Node ? Omit<N, 'text'> : never

const levels = [['||'], ['&&'], ['==', '!='], ['<=', '>=', '<', '>'], ['+', '-'], ['*', '/', '%']]
const word = /[\p{L}_][\p{L}\p{N}_-]*(?:::[\p{L}_][\p{L}\p{N}_-]*)*/uy
const number = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const blank = /(?:[ \t]|\/\*[^]*?\*\/)*/y
const blankLines = /(?:\s|\/\*[^]*?\*\/|#[^\n]*|\/\/[^\n]*)*/y
const heredoc = /<<(-?)([\p{L}_][\p{L}\p{N}_-]*)\r?\n([^]*?)\n[ \t]*\2(?=\s|$)/uy
const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' }

const known = new Map<string, Node>()

/** A string of hcl2json: literal text with ${ } and %{ } in it, escapes already undone. A lone ${x} is x itself. Throws on a syntax error. */
export function parseTemplate(source: string): Node {
  const before = known.get(source)
  if (before) return before
  const node = /[$%]\{/.test(source) ? parser(source).whole() : { kind: 'literal' as const, value: source, text: source }
  known.set(source, node)
  return node
}

/** Any value of hcl2json: strings are templates, arrays and objects hold more of them. */
export function toNode(json: unknown): Node {
  if (typeof json === 'string') return parseTemplate(json)
  if (Array.isArray(json)) return { kind: 'list', items: json.map(toNode), text: '[…]' }
  if (typeof json !== 'object' || json === null) return { kind: 'literal', value: (json ?? null) as null, text: String(json) }
  return { kind: 'object', entries: Object.entries(json).map(([key, value]) => [toNode(key), toNode(value)]), text: '{…}' }
}

function parser(source: string) {
  let at = 0
  const fail = (wanted: string): never => {
    throw new Error(`expected ${wanted} at character ${at + 1} of ${JSON.stringify(source.slice(0, 200))}`)
  }
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at
    const found = pattern.exec(source)
    if (found) at += found[0].length
    return found
  }
  const skip = () => match(blankLines)
  const next = (token: string) => source.startsWith(token, at)
  const take = (token: string) => {
    skip()
    if (!next(token)) return false
    at += token.length
    return true
  }
  const need = (token: string) => take(token) || fail(token)
  const name = () => (skip(), match(word)?.[0] ?? fail('a name'))
  const keyword = (text: string) => {
    const start = at
    skip()
    if (match(word)?.[0] === text) return true
    at = start
    return false
  }
  const made = (start: number, node: Shape<Node>) => ({ ...node, text: source.slice(start, at).trim() }) as Node
  const literal = (value: string): Node => ({ kind: 'literal', value, text: JSON.stringify(value) })

  function expression(): Node {
    skip()
    const start = at
    const test = binary(0)
    if (!take('?')) return test
    const yes = expression()
    need(':')
    return made(start, { kind: 'conditional', test, yes, no: expression() })
  }

  function binary(level: number): Node {
    const operators = levels[level]
    if (!operators) return unary()
    skip()
    const start = at
    let left = binary(level + 1)
    for (;;) {
      const end = at
      skip()
      const operator = operators.find(token => next(token))
      if (operator === undefined) {
        at = end
        return left
      }
      at += operator.length
      left = made(start, { kind: 'binary', operator, left, right: binary(level + 1) })
    }
  }

  function unary(): Node {
    skip()
    const start = at
    for (const operator of ['!', '-']) if (take(operator)) return made(start, { kind: 'unary', operator, of: unary() })
    return accessors(start, primary())
  }

  function accessors(start: number, root: Node, legacy = false): Node {
    let node = root
    for (;;) {
      const end = at
      match(blank)
      if (next('.*') || (!legacy && next('[*]'))) {
        const dotted = source[at] === '.'
        at += dotted ? 2 : 3
        const from = at
        const each = accessors(from, { kind: 'name', name: '*', text: '*' }, dotted)
        node = made(start, { kind: 'splat', of: node, each })
      } else if (next('.') && !next('...')) {
        at++
        const digits = match(/\d+/y)
        node = digits ? made(start, { kind: 'index', of: node, key: { kind: 'literal', value: Number(digits[0]), text: digits[0] } })
          : made(start, { kind: 'attribute', of: node, name: name() })
      } else if (!legacy && next('[')) {
        at++
        const key = expression()
        need(']')
        node = made(start, { kind: 'index', of: node, key })
      } else {
        at = end
        return node
      }
    }
  }

  function primary(): Node {
    const start = at
    const digits = match(number)
    if (digits) return made(start, { kind: 'literal', value: Number(digits[0]) })
    if (next('"')) {
      at++
      const node = template('"')
      at++
      return { ...node, text: source.slice(start, at) }
    }
    const doc = match(heredoc)
    if (doc) return { ...parser(`${doc[1] ? outdent(doc[3] ?? '') : doc[3]}\n`).whole(), text: source.slice(start, at) }
    if (take('(')) {
      const node = expression()
      need(')')
      return node
    }
    if (next('[')) return list()
    if (next('{')) return object()
    const found = name()
    if (found === 'true' || found === 'false') return made(start, { kind: 'literal', value: found === 'true' })
    if (found === 'null') return made(start, { kind: 'literal', value: null })
    match(blank)
    if (!next('(')) {
      at = start + found.length
      return made(start, { kind: 'name', name: found })
    }
    at++
    const { items, spread } = until(')', expression)
    return made(start, { kind: 'call', name: found, items, spread })
  }

  function until<T>(close: string, item: () => T): { items: T[]; spread: boolean } {
    const items: T[] = []
    let spread = false
    while (!take(close)) {
      items.push(item())
      spread = take('...') || spread
      skip()
      if (!take(',') && !next(close) && close !== '}') fail(close)
    }
    return { items, spread }
  }

  function list(): Node {
    const start = at
    need('[')
    if (keyword('for')) return loop(start, ']')
    return made(start, { kind: 'list', items: until(']', expression).items })
  }

  function object(): Node {
    const start = at
    need('{')
    if (keyword('for')) return loop(start, '}')
    const { items } = until('}', () => {
      skip()
      const from = at
      const bare = match(word)?.[0]
      skip()
      if (bare === undefined || !(next('=') || next(':'))) at = from // not a bare word as key
      const key = at === from ? expression() : literal(bare ?? '')
      if (!take('=')) need(':')
      return [key, expression()] as const
    })
    return made(start, { kind: 'object', entries: items })
  }

  function loop(start: number, close: string): Node {
    const names = [name()]
    if (take(',')) names.push(name())
    if (!keyword('in')) fail('in')
    const over = expression()
    need(':')
    const first = expression()
    const keyed = take('=>')
    const body = keyed ? expression() : first
    const group = take('...')
    const when = keyword('if') ? expression() : undefined
    need(close)
    return made(start, { kind: 'for', names, over, ...(keyed && { key: first }), body, ...(when && { when }), group })
  }

  /** Literal text and ${ } %{ } up to the closing quote, the end, or a directive that closes this part. */
  function template(quote: '"' | ''): Node {
    const start = at
    const items: Node[] = []
    let text = ''
    const push = (node: Node) => {
      if (text !== '') items.push(literal(text))
      text = ''
      items.push(node)
    }
    while (at < source.length && !(quote && next(quote)) && !/^%\{~?\s*(else|endif|endfor)\b/.test(source.slice(at, at + 20))) {
      if (next('$${') || next('%%{')) {
        text += source[at] + '{'
        at += 3
      } else if (next('${')) {
        at += next('${~') ? 3 : 2
        push(expression())
        take('~')
        need('}')
      } else if (next('%{')) push(directive(quote))
      else if (quote && next('\\')) text += escape()
      else text += source[at++]
    }
    if (items.length === 0) return made(start, { kind: 'literal', value: text })
    if (text === '' && items.length === 1 && items[0]) return items[0]
    if (text !== '') items.push(literal(text))
    return made(start, { kind: 'template', items })
  }

  function escape(): string {
    const unicode = match(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/y)
    if (unicode) return String.fromCodePoint(parseInt(unicode[1] ?? unicode[2] ?? '', 16))
    at += 2
    return escapes[source[at - 1] ?? ''] ?? fail('an escape sequence')
  }

  function directive(quote: '"' | ''): Node {
    const start = at
    const open = () => (need('%{'), take('~'))
    const shut = () => (take('~'), need('}'))
    open()
    if (keyword('if')) {
      const test = expression()
      shut()
      const yes = template(quote)
      open()
      let no = literal('')
      if (keyword('else')) {
        shut()
        no = template(quote)
        open()
      }
      if (!keyword('endif')) fail('endif')
      shut()
      return made(start, { kind: 'conditional', test, yes, no })
    }
    if (!keyword('for')) fail('if or for')
    const names = [name()]
    if (take(',')) names.push(name())
    if (!keyword('in')) fail('in')
    const over = expression()
    shut()
    const body = template(quote)
    open()
    if (!keyword('endfor')) fail('endfor')
    shut()
    const each = made(start, { kind: 'for', names, over, body, group: false })
    return made(start, { kind: 'call', name: 'join', items: [literal(''), each], spread: false })
  }

  return {
    whole(): Node {
      const node = template('')
      if (at < source.length) fail('the end')
      return node
    },
  }
}

function outdent(text: string): string {
  const lines = text.split('\n')
  const indent = Math.min(...lines.filter(line => line.trim() !== '').map(line => line.length - line.trimStart().length))
  return lines.map(line => line.slice(indent)).join('\n')
}

/** The nodes directly below a node. */
export function children(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'literal': case 'name': return []
    case 'template': case 'list': case 'call': return node.items
    case 'object': return node.entries.flat()
    case 'attribute': case 'unary': return [node.of]
    case 'index': return [node.of, node.key]
    case 'splat': return [node.of, node.each]
    case 'for': return [node.over, ...(node.key ? [node.key] : []), node.body, ...(node.when ? [node.when] : [])]
    case 'conditional': return [node.test, node.yes, node.no]
    case 'binary': return [node.left, node.right]
  }
}
