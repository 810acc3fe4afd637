/** A place in a source text, shared by the grammars of expressions, templates and bodies. */

import type { Node, NodeShape } from './node.ts'

export const word = /[\p{L}_][\p{L}\p{N}_-]*(?:::[\p{L}_][\p{L}\p{N}_-]*)*/uy
export const blank = /(?:[ \t]|\/\*[^]*?\*\/)*/y
const blankLines = /(?:\s|\/\*[^]*?\*\/|#[^\n]*|\/\/[^\n]*)*/y

export interface Cursor {
  readonly source: string
  at: number
  /** Moves over a sticky pattern, if it is next. */
  match(pattern: RegExp): RegExpExecArray | null
  /** Moves over blanks, newlines and comments. */
  skip(): void
  next(token: string): boolean
  /** Skips, then moves over the token, if it is next. */
  take(token: string): boolean
  need(token: string): void
  name(): string
  keyword(text: string): boolean
  /** A node that ends here. */
  made(start: number, node: NodeShape): Node
  fail(wanted: string): never
}

export function cursor(source: string): Cursor {
  const here: Cursor = {
    source, at: 0,
    match(pattern) {
      pattern.lastIndex = here.at
      const found = pattern.exec(source)
      if (found) here.at += found[0].length
      return found
    },
    skip() { here.match(blankLines) },
    next: token => source.startsWith(token, here.at),
    take(token) {
      here.skip()
      if (!here.next(token)) return false
      here.at += token.length
      return true
    },
    need(token) { if (!here.take(token)) here.fail(token) },
    name() {
      here.skip()
      return here.match(word)?.[0] ?? here.fail('a name')
    },
    keyword(text) {
      const start = here.at
      here.skip()
      if (here.match(word)?.[0] === text) return true
      here.at = start
      return false
    },
    made: (start, node) => ({ ...node, text: source.slice(start, here.at).trim() }) as Node,
    fail(wanted) {
      throw new Error(`line ${source.slice(0, here.at).split('\n').length}: expected ${wanted}`)
    },
  }
  return here
}
