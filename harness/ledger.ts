/** The closed ledger: every required (check, source) is known before anything is observed and gives exactly one row. */
import { readdir, readFile } from 'node:fs/promises'
import { matchesGlob } from 'node:path'
import { pathToFileURL } from 'node:url'
import { suites, type Check, type CheckId, type Line, type Observer, type Phase } from './kernel.ts'
import { unknown } from '#domain/unknown.ts'
import { root } from './paths.ts'

export type Checks = ReadonlyMap<CheckId, Check>
export type Observers = ReadonlyMap<string, Observer> // by `${fact}@${source}`

export const required = async (): Promise<readonly Line[]> => JSON.parse(await readFile(root('plan/required.json'), 'utf8'))

/** All check files under suites/, by id = path. Only the suites named, when some are. */
export async function loadChecks(ids?: ReadonlySet<string>): Promise<Checks> {
  const found = await Promise.all(suites.map(async (suite) => {
    const names = (await readdir(root('suites', suite)).catch(() => [])).filter((name) => name.endsWith('.check.ts'))
    return names.map((name) => ({ id: `${suite}/${name.slice(0, -'.check.ts'.length)}` as CheckId, file: root('suites', suite, name) }))
  }))
  const wanted = found.flat().filter(({ id }) => ids === undefined || ids.has(id)).sort((a, b) => a.id.localeCompare(b.id))
  return new Map(await Promise.all(wanted.map(async ({ id, file }) => [id, await loadCheck(file)] as const)))
}

/** A file that does not load must not silence the others: its rows are unknown, and say why. */
async function loadCheck(file: string): Promise<Check> {
  try {
    return (await import(pathToFileURL(file).href)).default as Check
  } catch (error) {
    const why = unknown('crashed', `the check file does not load: ${(error as Error).message.split('\n')[0]!.replaceAll(root(), '')}`, 'correct it')
    return { title: 'A check file that does not load', why: 'It does not load.', phases: [], severity: 'blocker', basis: 'practice', requirements: [], hipaa: [], controls: [], remedy: { say: why.why.next }, needs: {}, judge: () => { throw why }, faults: {} }
  }
}

/** All observers under observers/<instrument>/: one observer a fact and source. */
export async function loadObservers(): Promise<Observers> {
  const files = (await readdir(root('observers'), { recursive: true })).filter((name) => name.endsWith('.observer.ts')).sort()
  const all = (await Promise.all(files.map(async (name) => (await import(pathToFileURL(root('observers', name)).href)).default as readonly Observer[]))).flat()
  const map = new Map<string, Observer>()
  for (const observer of all) {
    for (const source of observer.sources) {
      const id = `${observer.fact.fact}@${source}`
      if (map.has(id)) throw new Error(`two observers make ${id}: keep one`)
      map.set(id, observer)
    }
  }
  return map
}

/** Lines that a run looks at: those of the phases asked for, narrowed by globs over ids (`infra/s3-*`, or a suite's name). */
export function selectLines(lines: readonly Line[], asked: readonly Phase[], globs: readonly string[]): readonly Line[] {
  return lines.filter((line) => line.phases.some((phase) => asked.includes(phase)) && (globs.length === 0 || globs.some((glob) => matchesId(line.id, glob))))
}
export const matchesId = (id: string, glob: string): boolean => id === glob || matchesGlob(id, glob) || id.startsWith(`${glob}/`)
