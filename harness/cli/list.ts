/** `visitgate list` and `visitgate explain`. */
import { readFile } from 'node:fs/promises'
import type { CheckId } from '../kernel.ts'
import { loadChecks, matchesId, required } from '../ledger.ts'
import { root } from '../paths.ts'
import { select } from './gate.ts'
import { phaseNumbers } from '../kernel.ts'

export async function list(globs: readonly string[], options: { json?: boolean }): Promise<number> {
  const lines = select(await required(), phaseNumbers, globs, 'rollout')
  const checks = await loadChecks(new Set(lines.map((line) => line.id)))
  const ids = [...new Set(lines.map((line) => line.id))].map((id) => {
    const own = lines.filter((line) => line.id === id)
    return { id, title: own[0]!.title, severity: own[0]!.severity, phases: own.flatMap((line) => line.phases).sort(), sources: own.map((line) => line.source), built: checks.has(id) }
  })
  if (options.json) process.stdout.write(`${JSON.stringify(ids, null, 1)}\n`)
  else {
    const wide = Math.max(...ids.map(({ id }) => id.length))
    for (const { id, title, severity, phases, built } of ids) process.stdout.write(`${id.padEnd(wide)}  ${phases.join(',').padEnd(7)} ${severity.padEnd(7)}  ${built ? '' : '(not built) '}${title}\n`)
    process.stdout.write(`${ids.length} checks, ${ids.filter(({ built }) => built).length} built\n`)
  }
  return 0
}

export async function explain(id: string, options: { json?: boolean }): Promise<number> {
  const lines = select(await required(), phaseNumbers, [id], 'rollout').filter((line) => matchesId(line.id, id))
  const one = lines[0]!.id as CheckId
  const check = (await loadChecks(new Set([one]))).get(one)
  const crosswalk = (JSON.parse(await readFile(root('plan/crosswalk.json'), 'utf8')) as Record<string, object>)[one]
  const requirements = (JSON.parse(await readFile(root('plan/requirements.json'), 'utf8')) as { id: string; statement: string; mistake?: string; checks: string[] }[]).filter((requirement) => requirement.checks.includes(one))
  const meta = check === undefined ? undefined : { ...check, needs: Object.values(check.needs as Record<string, { fact: string }>).map((need) => need.fact), faults: Object.keys(check.faults), judge: undefined }
  if (options.json) { process.stdout.write(`${JSON.stringify({ id: one, lines, check: meta, crosswalk, requirements }, null, 1)}\n`); return 0 }
  const text = [
    `${one}: ${lines[0]!.title}`,
    ...lines.filter((line) => line.id === one).map((line) => `  phase ${line.phases.join(', ')} looks at ${line.source}; a failure is a ${line.severity}`),
    ...(check === undefined ? ['  not built yet: every row of it is unknown'] : [
      `  why        ${check.why}`,
      `  facts      ${meta!.needs.join(', ')}`,
      `  faults     ${meta!.faults.join(', ')}`,
      `  remedy     ${check.remedy.say}`,
      ...(check.remedy.terraform === undefined ? [] : ['', ...check.remedy.terraform.split('\n').map((line) => `    ${line}`), '']),
      ...(check.remedy.cli === undefined ? [] : ['', ...check.remedy.cli.split('\n').map((line) => `    ${line}`), '']),
      `  HIPAA      ${check.hipaa.join(', ')}; NIST 800-53 ${check.controls.join(', ')}`,
    ]),
    ...(crosswalk === undefined ? [] : [`  elsewhere  ${JSON.stringify(crosswalk)}`]),
    ...requirements.flatMap(({ id, statement, mistake }) => [`  ${id}      ${statement}`, ...(mistake === undefined ? [] : [`             the plan's mistake: ${mistake}`])]),
  ]
  process.stdout.write(`${text.join('\n')}\n`)
  return 0
}
