/** Writes results.json (checked against its schema) and the reports that were asked for, and prints the terminal report. */
import { relative } from 'node:path'
import type { Observation, RunResult } from '../kernel.ts'
import type { Folder } from '../folder.ts'
import { validator } from '../schema.ts'
import { usage } from '../usage.ts'

const formats = ['html'] as const

/** Before anything is observed: a misspelt report must not cost a run. */
export function checkFormats(asked: readonly string[]): void {
  const wrong = asked.find((format) => !(formats as readonly string[]).includes(format))
  if (wrong !== undefined) throw usage(`--format ${wrong}: is no report`, `reports: ${formats.join(', ')}`)
}

export async function writeReports(made: RunResult, folder: Folder, options: { format: readonly string[]; json?: boolean; verbose?: boolean }, observations: ReadonlyMap<string, Observation>): Promise<void> {
  const text = `${JSON.stringify(made, null, 1)}\n`
  await checkResult(text)
  await folder.write('results.json', text)
  if (options.format.includes('html')) {
    const { html } = await import('../report/html.ts')
    await folder.write('report.html', html(made, Object.fromEntries(observations)))
  }
  if (options.json) { process.stdout.write(text); return }
  const { terminal } = await import('../report/terminal.ts')
  const color = process.stdout.isTTY === true && !process.env.NO_COLOR
  process.stdout.write(terminal(made, { color, width: Math.min(process.stdout.columns ?? 100, 140), where: relative(process.cwd(), folder.path) || '.', verbose: options.verbose === true }))
}

async function checkResult(text: string): Promise<void> {
  const check = await validator('results')
  if (!check(JSON.parse(text))) throw new Error(`results.json does not follow its schema: ${check.errors![0]!.instancePath} ${check.errors![0]!.message}`)
}
