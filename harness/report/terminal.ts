/** The report of a run in a terminal: what is wrong first, the verdict last, where the eye rests. */
import { styleText } from 'node:util'
import type { Claim, Row, RunResult } from '../kernel.ts'
import type { CheckView, Problem } from './problems.ts'
import { reasonOf } from './problems.ts'
import type { PhaseView, View } from './view.ts'
import { countsLine, nextStep, reasonLine, view } from './view.ts'
import type { Mark, Tone } from './words.ts'
import { allPrintable, difference, outcomeMarks, plural, shorten, showBoth, verdictMarks, whyWords } from './words.ts'

/** `where`: the run folder as the reader would type it. Without colour the report's own marks and lines are ASCII. */
export interface TerminalOptions { readonly color: boolean; readonly width: number; readonly where?: string; readonly verbose?: boolean }
type Style = Parameters<typeof styleText>[0]
interface Pen {
  paint(style: Style, text: string): string
  mark(mark: Mark): string
  /** Wrapped lines: the first begins with `head`, the others are indented as wide. Words that are too long stay whole. */
  lines(head: string, text: string, style?: Style): string[]
  value(text: string): string
  readonly width: number
  readonly color: boolean
  readonly verbose: boolean
}

const styles: Readonly<Record<Tone, Style>> = { bad: ['red', 'bold'], stop: ['magenta', 'bold'], open: ['yellow', 'bold'], cond: ['cyan', 'bold'], good: ['green', 'bold'], calm: ['gray'] }
const visible = (text: string): string => text.replace(/\u001b\[[0-9;]*m/g, '')
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

export function terminal(raw: RunResult, options: TerminalOptions): string {
  const result = allPrintable(raw) // nothing that was observed can steer the terminal
  const it = view(result, options.where)
  const pen = penOf(options)
  return [
    ...head(it, pen),
    ...it.problems.flatMap(problem => ['', ...(problem.kind === 'fail' ? failure(problem, pen) : unknown(problem, it, result, pen))]),
    ...(it.partial || pen.verbose ? settled(it, pen) : []),
    ...(it.partial ? [] : ['', ...phaseLines(it.phases, pen)]),
    ...waivers(it, pen), ...notes(it, result, pen),
    '', ...verdict(it, pen),
    '', ...pen.lines('', countsLine(it.counts)),
    ...(options.where === undefined ? [] : [`Report  ${options.where}/report.html`]),
    ...pen.lines('Next    ', oneLine(it.next)),
  ].map(line => line.trimEnd()).join('\n') + '\n'
}

function penOf({ color, width, verbose = false }: TerminalOptions): Pen {
  const paint = (style: Style, text: string) => (color ? styleText(style, text, { validateStream: false }) : text)
  return {
    paint, width, color, verbose,
    mark: mark => paint(styles[mark.tone], color ? mark.sign : mark.ascii),
    value: text => shorten(oneLine(text), verbose ? 2000 : 160, color ? '…' : '...'),
    lines(first, text, style) {
      const indent = ' '.repeat(visible(first).length)
      const room = Math.max(20, width - indent.length)
      const lines = ['']
      for (const word of oneLine(text).split(' ')) {
        const last = lines.at(-1)!
        if (last !== '' && last.length + 1 + word.length > room) lines.push(word)
        else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
      }
      return lines.map((line, index) => (index === 0 ? first : indent) + (style ? paint(style, line) : line))
    },
  }
}

function head(it: View, pen: Pen): string[] {
  const [target, scope, ...rest] = it.scope
  const brief = rest.filter(([label]) => !['Tool', 'Run', 'Target file'].includes(label))
  return [
    `${pen.paint('bold', 'Visitgate')}  ${oneLine(target![1])}  ${pen.paint('gray', oneLine(scope![1]))}`,
    ...(pen.verbose ? rest : brief).flatMap(([label, text]) => pen.lines(`  ${label.padEnd(12)} `, text, 'gray')),
  ]
}

function failure(problem: Problem, pen: Pen): string[] {
  return [
    ...problem.failing.flatMap(check => failingCheck(check, pen)),
    ...(problem.unknown.length > 0 ? pen.lines('    so not judged: ', names(problem.unknown, pen), 'gray') : []),
  ]
}

function failingCheck(check: CheckView, pen: Pen): string[] {
  const rows = check.rows.filter(row => row.outcome === 'fail')
  const waived = rows.filter(row => row.waived !== undefined)
  const findings = [...Map.groupBy(rows.flatMap(row => row.claims.filter(claim => claim.holds === false).map(claim => ({ claim, row }))), ({ claim }) => JSON.stringify(claim)).values()]
  const shown = pen.verbose ? findings : findings.slice(0, 8)
  return [
    `${pen.mark(outcomeMarks.fail)} ${pen.paint('bold', check.id)}  ${check.severity}${waived.length === rows.length ? ', waived' : ''}  ${pen.paint('gray', rows.map(row => row.source).join(', '))}`,
    ...pen.lines('  ', check.title),
    ...shown.flatMap(same => finding(same[0]!.claim, rows.length > 1 && same.length === 1 ? same[0]!.row : undefined, pen)),
    ...(findings.length > shown.length ? [pen.paint('gray', `    and ${findings.length - shown.length} more in the report`)] : []),
    ...(check.meta ? pen.lines(`    ${pen.paint('cyan', 'fix ')} `, check.meta.remedy.say) : []),
    ...(check.meta && pen.verbose ? [check.meta.remedy.terraform, check.meta.remedy.cli].flatMap(code => (code ?? '').split('\n').filter(Boolean).map(line => `        ${line}`)) : []),
  ]
}

/** `row` names the source where only one of several sources has this finding. */
function finding(claim: Claim, row: Row | undefined, pen: Pen): string[] {
  const shown = showBoth(claim.want, claim.got)
  const differs = difference(claim.want, claim.got)
  const text = differs === undefined ? `wanted ${pen.value(shown.want)}, got ${pen.value(shown.got)}` : pen.value(differs)
  const got = `${text}${claim.say ? ` (${claim.say})` : ''}${row ? ` [${row.source}]` : ''}`
  const at = oneLine(claim.at)
  return at.length < pen.width / 2 - 6 ? pen.lines(`    ${pen.paint('bold', at)}  `, got) : [...pen.lines('    ', at, 'bold'), ...pen.lines('      ', got)]
}

function unknown(problem: Problem, it: View, result: RunResult, pen: Pen): string[] {
  const next = pen.lines(`    ${pen.paint('cyan', 'next')} `, nextStep(result, problem))
  if (problem.key === 'not-built') {
    return [
      `${pen.mark(outcomeMarks.unknown)} ${pen.paint('bold', whyWords['not-built'])}  ${plural(problem.unknown.length, 'row')}`,
      ...it.suites.filter(suite => suite.notBuilt.length > 0).map(suite => `    ${suite.suite.padEnd(7)}${String(suite.notBuilt.length).padStart(4)}`),
      ...next,
    ]
  }
  return [
    `${pen.mark(outcomeMarks.unknown)} ${pen.paint('bold', oneLine(problem.title))}  ${plural(problem.unknown.length, 'row')}, ${problem.severity}`,
    ...problem.says.slice(0, pen.verbose ? undefined : 3).flatMap(say => pen.lines('    ', say)),
    ...(problem.says.length > 3 && !pen.verbose ? [pen.paint('gray', `    and ${plural(problem.says.length - 3, 'more reason', 'more reasons')} in the report`)] : []),
    ...pen.lines('    rows ', names(problem.unknown, pen), 'gray'),
    ...next,
  ]
}

const names = (rows: readonly Row[], pen: Pen): string => {
  const all = rows.map(row => `${row.id}@${row.source}`)
  const shown = pen.verbose ? all : all.slice(0, 6)
  return shown.join(', ') + (all.length > shown.length ? ` and ${all.length - shown.length} more` : '')
}

/** Rows that pass or do not apply; with their claims when asked in detail. */
function settled(it: View, pen: Pen): string[] {
  const rows = it.checks.flatMap(check => check.rows).filter(row => row.outcome === 'pass' || row.outcome === 'inapplicable')
  return rows.length === 0 ? [] : ['', ...rows.flatMap(row => [
    `${pen.mark(outcomeMarks[row.outcome])} ${row.id}  ${pen.paint('gray', `${row.source}${row.provenOn === 'twin' ? ', proven on staging' : ''}`)}`,
    ...(row.outcome === 'inapplicable' ? pen.lines('    ', reasonOf(row).say, 'gray') : []),
    ...(pen.verbose || rows.length === 1 ? row.claims.flatMap(claim => finding(claim, undefined, pen)) : []),
  ])]
}

/** One line each, never wrapped: the reason gives way. */
function phaseLines(phases: readonly PhaseView[], pen: Pen): string[] {
  const shown = phases.filter(phase => phase.verdict !== null)
  const [title, verdict] = [Math.max(0, ...shown.map(it => it.title.length)), Math.max(0, ...shown.map(it => it.verdict!.length))]
  return shown.map(phase => {
    const mark = verdictMarks[phase.verdict!]
    const head = `  ${phase.phase} ${oneLine(phase.title).padEnd(title)} `
    const word = `${pen.color ? mark.sign : mark.ascii} ${phase.verdict!.padEnd(verdict)}`
    const more = phase.reasons.length > 1 ? ` +${phase.reasons.length - 1}` : ''
    const room = pen.width - head.length - word.length - more.length - 2
    const reason = room < 8 ? '' : shorten(oneLine(phase.reasons[0]?.say ?? reasonLine(phase)), room, pen.color ? '…' : '...') + more
    return `${head}${pen.paint(styles[mark.tone], word)}  ${reason}`
  })
}

const waivers = (it: View, pen: Pen): string[] => (it.waivers.length === 0 ? [] : ['', ...it.waivers.flatMap(({ check, at, until, reason, owner, approvedBy }) =>
  pen.lines(`  ${pen.paint('cyan', 'waived')} `, `${check} (${at.join(', ')}) until ${until}: ${reason} Owner ${owner}, approved by ${approvedBy.join(', ')}`))])

function notes(it: View, result: RunResult, pen: Pen): string[] {
  const all = [...it.standIns.map(({ name, observations }) => `${name} answered instead of the real thing: ${observations.join(', ')}`), ...result.run.notes]
  const shown = pen.verbose ? all : all.slice(0, 4)
  return all.length === 0 ? [] : ['', ...shown.flatMap(note => pen.lines(`  ${pen.paint('gray', 'note')} `, note)),
    ...(all.length > shown.length ? [pen.paint('gray', `  and ${plural(all.length - shown.length, 'more note')} in the report`)] : [])]
}

function verdict(it: View, pen: Pen): string[] {
  const mark = verdictMarks[it.verdict]
  const [corner, across, side] = pen.color ? [['┌', '┐', '└', '┘'], '─', '│'] as const : [['+', '+', '+', '+'], '-', '|'] as const
  const inner = Math.max(24, Math.min(pen.width, 110) - 4)
  const title = `${pen.color ? mark.sign : mark.ascii} ${it.verdict}`
  const text = penOf({ color: pen.color, width: inner }).lines('', it.sentence)
  const frame = (line: string) => pen.paint(styles[mark.tone], line)
  const row = (line: string, painted = line) => `${frame(side)} ${painted}${' '.repeat(Math.max(0, inner - visible(line).length))} ${frame(side)}`
  return [
    frame(corner[0] + across.repeat(inner + 2) + corner[1]),
    row(title, pen.paint(styles[mark.tone], title)), ...text.map(line => row(line)),
    frame(corner[2] + across.repeat(inner + 2) + corner[3]),
  ]
}
