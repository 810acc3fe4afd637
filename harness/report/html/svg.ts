/** What every picture is made of. */
import type { RunResult } from '../../kernel.ts'
import type { View } from '../view.ts'
import type { Markup } from './markup.ts'
import { h } from './markup.ts'

/** `width` in CSS pixels: 920 for the page and print, 340 for a phone. `view` is made of `result`. */
export type Draw = (result: RunResult, observations: Readonly<Record<string, unknown>>, width: number, view: View) => Markup | null
export interface Picture { readonly id: string; readonly title: string; readonly caption: string; readonly draw: Draw }

/** An SVG with its name and description for those who do not see it. */
export const svg = (id: string, width: number, height: number, title: string, description: string, content: Markup | readonly Markup[]): Markup => h`
<svg role="img" viewBox="-1 -1 ${width + 2} ${height + 2}" aria-labelledby="${id}-${width}-t ${id}-${width}-d"><title id="${id}-${width}-t">${title}</title><desc id="${id}-${width}-d">${description}</desc>
${content}</svg>`

/** The same picture twice: the style sheet shows the one that fits, and hides the other from screen readers too. */
export function both(draw: (width: number) => Markup | null): Markup | null {
  const wide = draw(920)
  const narrow = draw(340)
  return wide && narrow && h`<div class="wide">${wide}</div><div class="narrow">${narrow}</div>`
}

export const round = (n: number): number => Math.round(n * 10) / 10

/** Words of a label in lines of at most `max` characters. */
export function linesOf(label: string, max: number): string[] {
  const lines: string[] = []
  for (const word of label.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= max) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
