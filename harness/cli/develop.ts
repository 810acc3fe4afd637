/** Commands for those who work on the project: test, bench, new, docs. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { checksPage } from '../checks-page.ts'
import { phaseNumbers, type CheckId } from '../kernel.ts'
import { loadChecks, required } from '../ledger.ts'
import { root } from '../paths.ts'
import { generateValidators } from '../schema.ts'
import { usage } from '../usage.ts'
import { select } from './gate.ts'

const node = (file: string, args: readonly string[]): Promise<number> => new Promise((done) => {
  const child = spawn(process.execPath, [root(file), ...args], { stdio: 'inherit', cwd: root() })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  child.on('exit', (code) => done(code ?? 70))
})

/** Types, generated pages, then every Vitest project. With arguments: only Vitest, with these. */
export async function test(args: readonly string[]): Promise<number> {
  if (args.length > 0) return node('node_modules/vitest/vitest.mjs', ['run', ...args])
  const steps: readonly [string, () => Promise<number>][] = [
    ['types', () => node('node_modules/typescript/bin/tsc', ['--noEmit'])],
    ['generated files', () => docs({ check: true })],
    ['tests', () => node('node_modules/vitest/vitest.mjs', ['run'])],
  ]
  for (const [name, step] of steps) {
    const code = await step()
    if (code !== 0) { process.stderr.write(`${name} failed\n`); return 1 }
  }
  return 0
}

export const bench = (): Promise<number> => node('bench/bench.ts', [])

/** Writes what is generated (checks.md, the compiled schemas), or with `check` fails where it is not what its source says. */
export async function docs(options: { check?: boolean }): Promise<number> {
  const pages = { 'checks.md': checksPage(await required(), await loadChecks()), 'harness/validators.gen.mjs': await generateValidators() }
  let stale = 0
  for (const [name, page] of Object.entries(pages)) {
    if (!options.check) await writeFile(root(name), page)
    else if (await readFile(root(name), 'utf8').catch(() => '') !== page) {
      process.stderr.write(`${name} is not what its source says\n  → npx visitgate docs\n`)
      stale = 1
    }
  }
  return stale
}

/** The skeleton of a required check that nobody has built yet. */
export async function newCheck(id: string): Promise<number> {
  const lines = select(await required(), phaseNumbers, [id], 'rollout').filter((line) => line.id === id)
  const file = root('suites', `${id}.check.ts`)
  if (lines.length === 0) throw usage(`${id}: is not the id of one check`, 'visitgate list shows the ids')
  if (existsSync(file)) throw usage(`suites/${id}.check.ts: is there already`, 'edit it')
  const [line] = lines
  const requirements = (JSON.parse(await readFile(root('plan/requirements.json'), 'utf8')) as { id: string; checks: CheckId[] }[]).filter(({ checks }) => checks.includes(id as CheckId)).map((requirement) => requirement.id)
  const imports = [['{ equal }', 'harness/claim'], ['{ check }', 'harness/fact'], ['* as noun', 'facts/noun']].map(([what, where]) => `import ${what} from '#${where}.ts'`)
  await writeFile(file, `${imports.join('\n')}

export default check({
  title: ${JSON.stringify(line!.title)},
  why: 'One sentence.',
  phases: ${JSON.stringify(lines.flatMap((one) => one.phases).sort())}, severity: '${line!.severity}', basis: 'plan',${line!.standing === false ? ' standing: false,' : ''}
  requirements: ${JSON.stringify(requirements)}, hipaa: [], controls: [],
  remedy: { say: 'What to do.' },
  needs: { thing: noun.thing },
  judge: ({ thing }, plan) => [equal('Field', thing.field, plan.noun.field)],
  faults: { 'thing-wrong': ({ thing }) => { thing.field = 'wrong' } },
})
`)
  process.stdout.write(`suites/${id}.check.ts: next, its fact in facts/, its observer in observers/, and its fault in fixtures/faults/\n`)
  return 0
}
