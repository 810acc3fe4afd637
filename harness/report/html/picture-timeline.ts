/** The plan's own timeline (its table "Deployment timeline"), coloured by verdict: what is held up, and how much of the plan waits behind it. */
import type { Phase } from '../../kernel.ts'
import type { PhaseView, View } from '../view.ts'
import { verdictMarks } from '../words.ts'
import type { Markup } from './markup.ts'
import { h } from './markup.ts'
import type { Picture } from './svg.ts'
import { round, svg } from './svg.ts'

const unknownMinutes = 12 // drawn before time 0: the plan gives phase 0 no duration

export const timeline: Picture = {
  id: 'timeline', title: 'The planned timeline',
  caption: 'Durations are those of the plan. Its total of 2 h 10 min counts phases 5 and 6 one after the other; side by side the last phase ends at 2:00. Phase 0 has no planned duration.',
  draw: (_result, _observations, width, view) => (view.partial ? null : width < 600 ? narrow(view, width) : wide(view, width)),
}

/** Planned start in minutes after the code push: as early as the phases before it allow. */
function startOf(phase: Phase, phases: readonly PhaseView[]): number {
  return Math.max(0, ...phases[phase]!.after.map(it => startOf(it, phases) + (phases[it]!.minutes ?? 0)))
}
const clock = (minutes: number): string => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
const duration = (phase: PhaseView): string => (phase.minutes === null ? 'no planned duration' : `${phase.minutes} min`)
const describe = (view: View): string => view.phases.map(it =>
  `Phase ${it.phase}, ${it.title}: ${it.minutes === null ? duration(it) : `${clock(startOf(it.phase, view.phases))}, ${duration(it)}`}, ${it.verdict ?? 'not asked for'}.`).join(' ')

function scaleOf(view: View, left: number, right: number) {
  const bars = view.phases.map(it => {
    const start = it.minutes === null ? -unknownMinutes : startOf(it.phase, view.phases)
    return { ...it, start, end: it.minutes === null ? 0 : start + it.minutes }
  })
  const last = Math.max(...bars.map(bar => bar.end))
  return { bars, last, x: (minutes: number) => round(left + ((minutes + unknownMinutes) / (last + unknownMinutes)) * (right - left)) }
}
const ticks = (last: number, step: number): number[] => Array.from({ length: Math.floor(last / step) + 1 }, (_, index) => index * step)
const hatch = (id: string): Markup => h`<defs><pattern id="${id}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch calm" d="M0 0V6"/></pattern></defs>`

function wide(view: View, width: number): Markup {
  const { bars, last, x } = scaleOf(view, 215, width - 12)
  const row = 44
  const bottom = bars.length * row + 8
  const y = (phase: number) => phase * row + 8
  return svg('timeline', width, bottom + 24, 'The planned timeline', describe(view), [
    hatch('hatch-timeline-wide'),
    ...ticks(last, 15).map(tick => h`<path class="grid" d="M${x(tick)} 0V${bottom}"/><text class="s" x="${x(tick)}" y="${bottom + 18}" text-anchor="middle">${clock(tick)}</text>`),
    ...bars.flatMap(bar => bar.after.map(before => h`<path class="edge" d="M${x(bars[before]!.end)} ${y(before) + 28}V${y(bar.phase) + 16}H${x(bar.start)}"/>`)),
    ...bars.map(bar => {
      const mark = bar.verdict && verdictMarks[bar.verdict]
      const long = x(bar.end) - x(bar.start)
      return h`<g class="${mark?.tone ?? 'calm'}"><text x="0" y="${y(bar.phase) + 12}"><tspan class="s b">${bar.phase}</tspan>  ${bar.title}</text><text class="t" x="0" y="${y(bar.phase) + 29}">${mark?.sign ?? ''} ${bar.verdict ?? 'not asked'}</text>
<rect ${bar.minutes === null ? h`class="frame" fill="url(#hatch-timeline-wide)"` : h`class="${mark ? 'solid' : 'none'}"`} x="${x(bar.start)}" y="${y(bar.phase) + 4}" width="${long}" height="24" rx="4"/>
${bar.minutes === null ? h`<circle class="back" cx="${round((x(bar.start) + x(bar.end)) / 2)}" cy="${y(bar.phase) + 16}" r="9"/><text class="b" x="${round((x(bar.start) + x(bar.end)) / 2)}" y="${y(bar.phase) + 21}" text-anchor="middle">?</text>` : h`<text class="${mark ? 'on' : 's'}" x="${round(x(bar.start) + long / 2)}" y="${y(bar.phase) + 20}" text-anchor="middle">${bar.minutes} min</text>`}</g>
`
    }),
  ])
}

function narrow(view: View, width: number): Markup {
  const { bars, last, x } = scaleOf(view, 0, width)
  const row = 44
  const bottom = bars.length * row
  return svg('timeline', width, bottom + 20, 'The planned timeline', describe(view), [
    ...ticks(last, 30).map(tick => h`<path class="grid" d="M${x(tick)} 0V${bottom}"/><text class="s" x="${x(tick)}" y="${bottom + 15}" text-anchor="${tick === last ? 'end' : 'middle'}">${clock(tick)}</text>`),
    ...bars.map(bar => {
      const mark = bar.verdict && verdictMarks[bar.verdict]
      return h`<g class="${mark?.tone ?? 'calm'}"><text x="0" y="${bar.phase * row + 14}"><tspan class="s b">${bar.phase}</tspan> ${bar.title} <tspan class="t">${mark?.sign ?? ''} ${bar.verdict ?? 'not asked'}</tspan> <tspan class="s">${bar.minutes === null ? '?' : `${bar.minutes} min`}</tspan></text>
<rect class="${mark && bar.minutes !== null ? 'solid' : 'none'}" x="${x(bar.start)}" y="${bar.phase * row + 21}" width="${round(x(bar.end) - x(bar.start))}" height="12" rx="3"/></g>
`
    }),
  ])
}
