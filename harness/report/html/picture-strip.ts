/** The phases as a graph of what waits for what, each with its verdict. */
import type { Phase } from '../../kernel.ts'
import type { PhaseView, View } from '../view.ts'
import { verdictMarks } from '../words.ts'
import type { Markup } from './markup.ts'
import { h } from './markup.ts'
import { linesOf, round, svg } from './svg.ts'

interface Node extends PhaseView { readonly x: number; readonly y: number } // centre
const size = { width: 114, height: 96, gap: 16 }

/** Null for a partial run: it decides no phase. */
export const strip = (view: View, width: number): Markup | null => (view.partial ? null : width < 600 ? upright(view, width) : across(view, width))

export const describe = (view: View): string =>
  view.phases.map(it => `Phase ${it.phase}, ${it.title}: ${it.verdict ?? 'not asked for'}${it.after.length > 0 ? `, after ${it.after.join(' and ')}` : ''}.`).join(' ')
const depthOf = (phase: Phase, phases: readonly PhaseView[]): number => Math.max(-1, ...phases[phase]!.after.map(it => depthOf(it, phases))) + 1

/** Columns by depth in the graph; phases of equal depth stand above each other. */
function across(view: View, width: number): Markup {
  const columns = Object.values(Object.groupBy(view.phases, it => depthOf(it.phase, view.phases))) as PhaseView[][]
  const step = (width - size.width) / (columns.length - 1)
  const tallest = Math.max(...columns.map(column => column.length))
  const height = tallest * size.height + (tallest - 1) * size.gap
  const nodes = columns.flatMap((column, index) => column.map((phase, row): Node => ({
    ...phase, x: size.width / 2 + index * step, y: height / 2 + (row - (column.length - 1) / 2) * (size.height + size.gap),
  })))
  const edges = nodes.flatMap(to => to.after.map(before => {
    const from = nodes.find(it => it.phase === before)!
    const [x1, x2] = [round(from.x + size.width / 2), round(to.x - size.width / 2 - 6)]
    const middle = round((x1 + x2) / 2)
    return h`<path class="edge" d="M${x1} ${from.y}C${middle} ${from.y} ${middle} ${to.y} ${x2} ${to.y}"/><path class="head" d="M${x2} ${to.y - 4}l6 4-6 4z"/>`
  }))
  return svg('strip', width, height, 'The phases and what each waits for', describe(view), [...edges, ...nodes.map(box)])
}

function box(node: Node): Markup {
  const [left, top] = [round(node.x - size.width / 2), round(node.y - size.height / 2)]
  const mark = node.verdict && verdictMarks[node.verdict]
  const verdict = linesOf(node.verdict ?? 'not asked', 12)
  return h`<g class="${mark?.tone ?? 'calm'}"><rect class="${mark ? 'box' : 'none'}" x="${left}" y="${top}" width="${size.width}" height="${size.height}" rx="9"/>
<text class="s b" x="${left + 11}" y="${top + 20}">${node.phase}</text><text class="t" x="${left + size.width - 11}" y="${top + 20}" text-anchor="end">${mark?.sign ?? ''}</text>
${linesOf(node.title, 15).map((line, index) => h`<text x="${left + 11}" y="${top + 39 + index * 16}">${line}</text>`)}
${verdict.map((line, index) => h`<text class="t" x="${left + 11}" y="${top + size.height - 10 - (verdict.length - 1 - index) * 14}">${line}</text>`)}</g>
`
}

/** One phase under the other; an edge that passes a phase by bends to a side, left for even phases, right for odd ones. */
function upright(view: View, width: number): Markup {
  const step = 54
  const at = (phase: Phase) => 20 + phase * step
  const edges = view.phases.flatMap(to => to.after.map(before => (to.phase - before === 1
    ? h`<path class="edge" d="M30 ${at(before) + 15}V${at(to.phase) - 15}"/>`
    : to.phase % 2 === 0
      ? h`<path class="edge" d="M16 ${at(before) + 6}C-4 ${at(before) + 26} -4 ${at(to.phase) - 26} 16 ${at(to.phase) - 6}"/>`
      : h`<path class="edge" d="M44 ${at(before) + 6}C56 ${at(before) + 26} 56 ${at(to.phase) - 26} 44 ${at(to.phase) - 6}"/>`)))
  return svg('strip', width, 40 + 7 * step, 'The phases and what each waits for', describe(view), [...edges, ...view.phases.map(it => {
    const mark = it.verdict && verdictMarks[it.verdict]
    return h`<g class="${mark?.tone ?? 'calm'}"><circle class="${mark ? 'box' : 'none'}" cx="30" cy="${at(it.phase)}" r="15"/><text class="t" x="30" y="${at(it.phase) + 5}" text-anchor="middle">${mark?.sign ?? it.phase}</text>
<text x="66" y="${at(it.phase) - 3}"><tspan class="s b">${it.phase}</tspan> ${it.title}</text><text class="t" x="66" y="${at(it.phase) + 14}">${it.verdict ?? 'not asked'}</text></g>
`
  })])
}
