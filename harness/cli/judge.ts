/** `visitgate judge`, `verify` and `diff`: what can be said of runs without touching the target. */
import { type Mode, type Observation, type ObservationId, type RunResult } from '../kernel.ts'
import { makePlan } from '#plan/expect.ts'
import { openFolder, readRun } from '../folder.ts'
import { loadChecks, required } from '../ledger.ts'
import { assessAll, result } from '../run.ts'
import { recorded } from '../store.ts'
import { usage } from '../usage.ts'
import { finish, parsePhases, select } from './gate.ts'

export async function judge(paths: readonly string[], options: { phase?: string; check?: readonly string[]; mode: Mode; strict?: boolean; out?: string; format: readonly string[]; json?: boolean; verbose?: boolean }): Promise<number> {
  const runs = await Promise.all(paths.map(readRun))
  const broken = runs.flatMap((run, index) => run.problems.map((problem) => `${paths[index]}: ${problem}`))
  if (broken.length > 0) throw usage(broken.join('\n'), 'evidence that does not hold together is not judged; record it again')
  const first = runs[0]!.context
  const other = runs.findIndex((run) => run.context.sha256 !== first.sha256)
  if (other > 0) throw usage(`${paths[other]}: was recorded on another target than ${paths[0]}`, 'judge the runs of one deployment together')

  const observations = merge(runs.map((run) => run.observations))
  const asked = parsePhases(options.phase)
  const globs = options.check ?? []
  const lines = select(await required(), asked, globs, options.mode)
  const checks = await loadChecks(new Set(lines.map((line) => line.id)))
  const startedAt = new Date()
  const stale = (observation: Observation, fact: { freshHours: number }) => {
    const hours = (startedAt.getTime() - Date.parse(observation.at)) / 3_600_000
    return fact.freshHours !== undefined && hours > fact.freshHours
      ? { kind: 'stale' as const, say: `${observation.id} is ${Math.round(hours)} hours old, at most ${fact.freshHours} prove anything`, next: 'record it again: visitgate record', cause: observation.id } : null
  }
  const plan = makePlan(first.target, first.outputs, first.startedAt)
  const rows = await assessAll(lines, checks, recorded(observations, stale, first.target), plan)
  const made = await result({
    lines, checks, rows, asked, partial: globs.length > 0, mode: options.mode, waivers: first.waivers, observations,
    target: { name: first.target.name, kind: first.target.kind, sha256: first.sha256, file: first.file }, id: `judged-${startedAt.toISOString()}`, startedAt, finishedAt: new Date(), factsFrom: paths, notes: first.notes,
  })
  const out = options.out ?? `runs/${startedAt.toISOString().replaceAll(':', '')}-judged`
  const folder = await openFolder(out, first)
  await Promise.all([...observations.values()].map(folder.observation))
  return finish(made, folder, options, observations)
}

/** Of two observations of one fact the newer counts; but one that succeeded is never covered by a shard that did not look. */
function merge(all: readonly ReadonlyMap<ObservationId, Observation>[]): ReadonlyMap<ObservationId, Observation> {
  const merged = new Map<ObservationId, Observation>()
  for (const [id, observation] of all.flatMap((one) => [...one])) {
    const other = merged.get(id)
    const notRun = !observation.ok && (observation.why.kind === 'not-run' || observation.why.kind === 'not-allowed')
    if (other === undefined || (!notRun && observation.at >= other.at)) merged.set(id, observation)
  }
  return merged
}

/** 0 holds, 1 does not, 2 could not look. */
export async function verify(path: string): Promise<number> {
  const run = await readRun(path)
  if (run.problems.length === 0) {
    process.stdout.write(`${path}: ${run.observations.size} observations, and every file is as the manifest says; it is not signed yet, so this shows no change by accident, not by intent\n`)
    return 0
  }
  process.stdout.write(`${run.problems.map((problem) => `${path}: ${problem}`).join('\n')}\n`)
  return run.complete ? 1 : 2
}

/** 0 same outcomes, 1 different. */
export async function diff(before: string, after: string, options: { json?: boolean }): Promise<number> {
  const [one, other] = await Promise.all([before, after].map(async (path) => {
    const run = await readRun(path)
    if (run.result === undefined) throw usage(`${path}: holds no results.json`, 'judge it first: visitgate judge')
    return new Map(run.result.rows.map((row) => [`${row.id}@${row.source}`, row] as const))
  })) as [Map<string, RunResult['rows'][number]>, Map<string, RunResult['rows'][number]>]
  const changes = [...new Set([...one.keys(), ...other.keys()])].sort().flatMap((id) => {
    const [was, is] = [one.get(id)?.outcome ?? 'not looked at', other.get(id)?.outcome ?? 'not looked at']
    return was === is ? [] : [{ id, was, is }]
  })
  process.stdout.write(options.json ? `${JSON.stringify(changes, null, 1)}\n` : changes.map(({ id, was, is }) => `${id}: ${was} → ${is}\n`).join('') || 'the same outcomes\n')
  return changes.length === 0 ? 0 : 1
}
