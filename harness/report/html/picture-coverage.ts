/** How much of the ledger was judged: one bar per suite, one part per outcome; what nobody has built yet is hatched. */
import type { Outcome } from '../../kernel.ts'
import type { Counts, View } from '../view.ts'
import { outcomeMarks } from '../words.ts'
import type { Tone } from '../words.ts'
import type { Markup } from './markup.ts'
import { h } from './markup.ts'
import type { Picture } from './svg.ts'
import { round, svg } from './svg.ts'

export const coverage: Picture = {
  id: 'coverage', title: 'What was judged',
  caption: 'Every required row of the ledger, by suite. A row is one check looked at in one place. What is not built yet counts as unknown, never as a pass.',
  draw: (_result, _observations, width, view) => (view.suites.length === 0 ? null : width < 600 ? narrow(view, width) : wide(view, width)),
}

interface Part { readonly name: Outcome | 'not built'; readonly tone: Tone; readonly sign: string; readonly count: number }
const partsOf = (counts: Counts): Part[] => [
  ...(['fail', 'unknown', 'pass', 'inapplicable'] as const).map(name => ({ name, ...outcomeMarks[name], count: name === 'unknown' ? counts.unknown - counts.notBuilt : counts[name] })),
  { name: 'not built', tone: 'calm', sign: '', count: counts.notBuilt },
]
const totalOf = (counts: Counts): number => partsOf(counts).reduce((sum, part) => sum + part.count, 0)
const say = (counts: Counts): string => partsOf(counts).filter(part => part.count > 0).map(part => `${part.count} ${part.name}`).join(', ')
const describe = (view: View): string => view.suites.map(({ suite, counts }) => `${suite}: ${say(counts)}.`).join(' ')

function bar(counts: Counts, x: number, y: number, height: number, perRow: number, pattern: string): Markup[] {
  let left = x
  return partsOf(counts).filter(part => part.count > 0).map(part => {
    const width = round(Math.max(4, part.count * perRow))
    const at = left
    left = round(left + width + 1.5)
    const label = String(part.count)
    const hatched = part.name === 'not built'
    return h`<g class="${part.tone}"><rect ${hatched ? h`class="frame" fill="url(#${pattern})"` : h`class="solid"`} x="${at}" y="${y}" width="${width}" height="${height}" rx="3"/>${width >= label.length * 8 + 6 && height > 16 && !hatched
      ? h`<text class="on" x="${round(at + width / 2)}" y="${y + height / 2 + 4}" text-anchor="middle">${label}</text>` : ''}</g>`
  })
}
const defs = (id: string): Markup => h`<defs><pattern id="${id}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch calm" d="M0 0V6" stroke-opacity=".45"/></pattern></defs>`

/** Only the parts that occur: their colour, mark and word. */
function legend(view: View, y: number, step: number, pattern: string): Markup[] {
  return partsOf(view.counts).filter(part => part.count > 0).map((part, index) => h`<g class="${part.tone}"><rect ${part.name === 'not built' ? h`class="frame" fill="url(#${pattern})"` : h`class="solid"`} x="${index * step}" y="${y}" width="16" height="16" rx="3"/>
<text class="on" x="${index * step + 8}" y="${y + 12.5}" text-anchor="middle">${part.sign}</text><text class="s" x="${index * step + 22}" y="${y + 12.5}">${part.name}</text></g>`)
}
const largest = (view: View): number => Math.max(1, ...view.suites.map(({ counts }) => totalOf(counts)))

function wide(view: View, width: number): Markup {
  const row = 34
  const room = width - 70 - 290
  return svg('coverage', width, 34 + view.suites.length * row, 'What was judged, by suite', describe(view), [
    defs('hatch-coverage-wide'), ...legend(view, 0, 112, 'hatch-coverage-wide'),
    ...view.suites.map(({ suite, counts }, index) => {
      const y = 34 + index * row
      const perRow = (room - 8) / largest(view)
      return h`<text x="0" y="${y + 17}">${suite}</text>${bar(counts, 70, y, 24, perRow, 'hatch-coverage-wide')}
<text class="s" x="${round(70 + partsOf(counts).filter(part => part.count > 0).reduce((sum, part) => sum + Math.max(4, part.count * perRow) + 1.5, 0) + 8)}" y="${y + 17}"><tspan class="b">${totalOf(counts)}</tspan>: ${say(counts)}</text>`
    }),
  ])
}

function narrow(view: View, width: number): Markup {
  const row = 42
  return svg('coverage', width, view.suites.length * row, 'What was judged, by suite', describe(view), [
    defs('hatch-coverage-narrow'),
    ...view.suites.map(({ suite, counts }, index) => h`<text x="0" y="${index * row + 13}">${suite} <tspan class="s">${say(counts)}</tspan></text>${bar(counts, 0, index * row + 19, 14, (width - 8) / largest(view), 'hatch-coverage-narrow')}`),
  ])
}
