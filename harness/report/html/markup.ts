/** HTML that escapes by default: only what h`` itself made goes in unescaped. */
import { printable } from '../words.ts'

const made: unique symbol = Symbol('markup') // a symbol: no JSON that was observed can pretend to be markup
export interface Markup { readonly [made]: string }
export type Piece = Markup | string | number | null | undefined | false | readonly Piece[]

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const special = /[&<>"']/
const escape = (text: string): string => {
  const shown = printable(text)
  return special.test(shown) ? shown.replace(/[&<>"']/g, it => entities[it]!) : shown
}

export const text = (piece: Piece): string => {
  if (piece === null || piece === undefined || piece === false) return ''
  if (typeof piece === 'string') return escape(piece)
  if (typeof piece === 'number') return String(piece)
  return made in piece ? piece[made] : piece.map(text).join('')
}

/** Text between tags and in quoted attributes; never inside <style>, <script>, an unquoted attribute or a URL scheme. */
export const h = (parts: TemplateStringsArray, ...pieces: readonly Piece[]): Markup =>
  ({ [made]: parts.reduce((all, part, index) => all + text(pieces[index - 1]) + part) })

/** Element content, where quotes need no entity: JSON stays small. */
export const pre = (content: string): Markup => ({ [made]: printable(content).replace(/[&<>]/g, it => entities[it]!) })
/** The project's own constant text: the style sheet. */
export const verbatim = (content: string): Markup => ({ [made]: content })
