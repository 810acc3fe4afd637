/** `visitgate gate` and `visitgate record`. */
import { isAbsolute, join, resolve } from 'node:path'
import { readFile, readdir } from 'node:fs/promises'
import { phaseNumbers, safetyClasses, type CheckId, type Line, type Mode, type Observation, type ObservationId, type Phase, type Row, type RunResult, type Safety, type Verdict, type Waiver } from '../kernel.ts'
import { phases } from '#plan/phases.ts'
import { exitCode, type Earlier } from '../decide.ts'
import { openFolder, pointLatest, readRun, sha256, type Folder, type RunContext } from '../folder.ts'
import { loadChecks, loadObservers, matchesId, required, selectLines, type Checks } from '../ledger.ts'
import { root } from '../paths.ts'
import { assessAll, result } from '../run.ts'
import { openSession } from '../session.ts'
import { recorded } from '../store.ts'
import { distance, type LoadedTarget } from '../target.ts'
import { usage } from '../usage.ts'
import { readWaivers } from '../waiver.ts'
import { openTarget, type Opened } from './open.ts'
import { progress } from './progress.ts'
import { checkFormats, writeReports } from './reports.ts'

export interface GateOptions { target?: string; phase?: string; check: readonly string[]; mode: Mode; allow?: readonly string[]; strict?: boolean; out?: string; format: readonly string[]; json?: boolean; verbose?: boolean }

/** Opens the target, makes the run folder, observes what the lines need, and cleans up in every case: also after Ctrl-C. */
async function observeInto<T>(options: { target?: string; allow?: readonly string[]; out?: string }, lines: readonly Line[], use: (run: Observed) => Promise<T>): Promise<T | 130> {
  const classes = allowed(options.allow)
  const show = progress()
  const abort = new AbortController()
  const stop = (signal: string) => () => { show.line(`${signal}: cleaning up`); abort.abort(new Error(signal)) }
  const signals = { SIGINT: stop('SIGINT'), SIGTERM: stop('SIGTERM'), SIGHUP: stop('SIGHUP') }
  for (const [signal, handler] of Object.entries(signals)) process.once(signal, handler)

  const [opened, checks, observers] = await Promise.all([openTarget(options.target, show.line), loadChecks(new Set(lines.map((line) => line.id))), loadObservers()])
  try {
    const { loaded } = opened
    const startedAt = new Date()
    const id = runName(startedAt, loaded.target.name)
    const out = options.out ?? join('runs', id)
    const waivers = await waiversOf(loaded, startedAt)
    const folder = await openFolder(out, { target: loaded.target, outputs: loaded.outputs, sha256: loaded.sha256, file: opened.spec, waivers, startedAt: startedAt.toISOString(), notes: [...opened.notes, ...elsewhere(opened.loaded.target)] })
    const writing: Promise<void>[] = []
    const session = await openSession({
      loaded, observers, signal: abort.signal, standIns: opened.standIns, ...classes, ...await before(loaded),
      onSeen: (observation) => { writing.push(folder.observation(observation)); show.tick() },
    })
    const rows = await assessAll(lines, checks, session.store, session.plan, { observers }).finally(async () => {
      for (const left of await session.close()) show.line(`still to be cleaned up, by a later start: ${left}`)
    })
    await Promise.all(writing)
    show.done()
    if (abort.signal.aborted) { show.line(`stopped: ${out} is marked incomplete and holds no verdict`); return 130 }
    return await use({ opened, checks, rows, folder, id, startedAt, waivers, seen: session.store.seen() })
  } finally {
    for (const [signal, handler] of Object.entries(signals)) process.removeListener(signal, handler)
    show.done()
    await opened.close()
  }
}
interface Observed {
  readonly opened: Opened; readonly checks: Checks; readonly rows: readonly Row[]; readonly folder: Folder; readonly id: string; readonly startedAt: Date
  readonly waivers: readonly Waiver[]; readonly seen: ReadonlyMap<ObservationId, Observation>
}

/** Observe, judge, decide, report. @returns the exit code */
export async function gate(options: GateOptions): Promise<number> {
  const asked = parsePhases(options.phase)
  const lines = select(await required(), asked, options.check, options.mode)
  checkFormats(options.format)
  return observeInto(options, lines, async ({ opened, checks, rows, folder, id, startedAt, waivers, seen }) => {
    const { target, sha256 } = opened.loaded
    const partial = options.check.length > 0
    const made = await result({
      lines, checks, rows, asked, partial, mode: options.mode, waivers, observations: seen, target: { name: target.name, kind: target.kind, sha256, file: opened.spec },
      id, startedAt, finishedAt: new Date(), factsFrom: [], notes: [...opened.notes, ...elsewhere(target)], earlier: await earlierRuns(join(folder.path, '..'), sha256, partial ? [] : asked, startedAt),
    })
    return finish(made, folder, options, seen)
  })
}

/** Writes what the run found, prints it, and only then says so with the exit code. */
export async function finish(made: RunResult, folder: Folder, options: Pick<GateOptions, 'format' | 'json' | 'strict' | 'verbose'>, observations: ReadonlyMap<string, Observation>): Promise<number> {
  await writeReports(made, folder, options, observations)
  await folder.finish(await previousManifest(folder.path))
  await pointLatest(folder.path)
  return exitCode(made.verdict, made.rows, options.strict === true)
}

/** Observe only, and keep what was seen. @returns 0, or 2 where something could not be observed */
export async function record(options: { target?: string; allow?: readonly string[]; check?: readonly string[]; out: string }): Promise<number> {
  const lines = select(await required(), phaseNumbers, options.check ?? [], 'rollout')
  return observeInto(options, lines, async ({ folder, seen }) => {
    await folder.finish(undefined)
    const unknown = [...seen.values()].filter((observation) => !observation.ok)
    process.stdout.write(`${options.out}: ${seen.size - unknown.length} facts recorded, ${unknown.length} could not be observed\n${unknown.map((one) => `  ${one.id}: ${one.ok ? '' : one.why.say}\n`).join('')}`)
    return unknown.length === 0 ? 0 : 2
  })
}

/** '0-4,6' → [0,1,2,3,4,6]. Throws a usage error for anything else. */
export function parsePhases(text: string | undefined): readonly Phase[] {
  if (text === undefined) return phaseNumbers
  const phases = text.split(',').flatMap((part) => {
    const [, from, to = from] = /^([0-7])(?:-([0-7]))?$/.exec(part.trim()) ?? []
    if (from === undefined || Number(to) < Number(from)) throw usage(`--phase ${text}: "${part}" is not a phase or a range of phases`, 'phases are 0 to 7, such as 0-4,6')
    return phaseNumbers.filter((phase) => phase >= Number(from) && phase <= Number(to))
  })
  return phaseNumbers.filter((phase) => phases.includes(phase))
}

/** The lines of this run. An id or glob that selects nothing is wrong usage: a typo must never be a green run. */
export function select(all: readonly Line[], asked: readonly Phase[], globs: readonly string[], mode: Mode): readonly Line[] {
  for (const glob of globs) {
    if (all.some((line) => matchesId(line.id, glob))) continue
    const near = all.map((line) => line.id).sort((a, b) => distance(glob, a) - distance(glob, b))[0] as CheckId
    throw usage(`no check is called ${glob}`, `did you mean ${near}? visitgate list shows all`)
  }
  const lines = selectLines(all, asked, globs).filter((line) => mode === 'rollout' || line.standing !== false)
  if (lines.length === 0) throw usage(`phases ${asked.join(', ')} ask for none of these checks`, 'leave --phase out, or choose other checks')
  return lines
}

/** A live target whose AWS is reached by another endpoint: a VPC endpoint, or not AWS at all. A reader must know. */
const elsewhere = (target: LoadedTarget['target']): readonly string[] => (target.kind === 'rehearsal' ? [] : Object.entries(process.env)
  .filter(([name, value]) => /^AWS_ENDPOINT_URL/.test(name) && value).map(([name, value]) => `AWS was reached at ${value!.replace(/\/\/[^@/]*@/, '//')} (${name})`))

const allowed = (classes: readonly string[] | undefined): { allow?: readonly Safety[] } => {
  if (classes === undefined) return {}
  const wrong = classes.find((one) => !(safetyClasses as readonly string[]).includes(one))
  if (wrong !== undefined) throw usage(`--allow ${wrong}: is no probe class`, 'classes are A, B, C, D and E (see README, Safety)')
  return { allow: classes as readonly Safety[] }
}

const before = async (loaded: LoadedTarget) => {
  if (loaded.target.before === undefined) return {}
  const run = await readRun(isAbsolute(loaded.target.before) ? loaded.target.before : resolve(loaded.base, loaded.target.before))
  if (run.problems.length > 0) throw usage(`/before ${loaded.target.before}: ${run.problems[0]}`, 'record it again')
  return { before: recorded(run.observations, () => null, loaded.target) }
}

async function waiversOf(loaded: LoadedTarget, now: Date): Promise<readonly Waiver[]> {
  const file = loaded.target.waivers
  if (file === undefined) return []
  const text = await readFile(isAbsolute(file) ? file : resolve(loaded.base, file), 'utf8').catch((error: NodeJS.ErrnoException) => { throw usage(`${file}: the waivers cannot be read (${error.code})`, 'correct /waivers in the target file') })
  const [lines, never] = await Promise.all([required(), readFile(root('plan/never-waive.json'), 'utf8')])
  let document: unknown
  try { document = JSON.parse(text) } catch (error) { throw usage(`${file}: is not JSON: ${(error as Error).message}`, 'correct the file') }
  return readWaivers(document, file, lines, JSON.parse(never) as string[], now)
}

/**
 * A dependency outside this run counts only from the newest verified run of the same deployment, at most 24 hours old.
 * Looks no further than it must: newest first, by what the folder says of itself, and hashes only what would count.
 */
export async function earlierRuns(runs: string, target: string, asked: readonly Phase[], now: Date): Promise<Earlier> {
  const wanted = new Set(phases.filter(({ phase }) => asked.includes(phase)).flatMap(({ after }) => after).filter((phase) => !asked.includes(phase)))
  const found = new Map<Phase, { verdict: Verdict; say: string }>()
  if (wanted.size === 0) return () => undefined
  const json = async (...path: string[]) => readFile(join(runs, ...path), 'utf8').then(JSON.parse, () => undefined)
  const contexts = await Promise.all((await readdir(runs).catch(() => [])).filter((name) => name !== 'latest').map(async (name) => ({ name, context: await json(name, 'context.json') as RunContext | undefined })))
  const age = (context: RunContext) => now.getTime() - Date.parse(context.startedAt)
  const same = contexts.filter(({ context }) => context?.sha256 === target && age(context) >= 0 && age(context) < 24 * 3_600_000)
  for (const { name } of same.sort((a, b) => b.context!.startedAt.localeCompare(a.context!.startedAt))) {
    if ([...wanted].every((phase) => found.has(phase))) break
    const result = await json(name, 'results.json') as RunResult | undefined
    if (result?.mode !== 'rollout' || !result.phases.some(({ phase }) => wanted.has(phase) && !found.has(phase))) continue
    if ((await readRun(join(runs, name)).catch(() => undefined))?.problems.length !== 0) break // no older verdict may stand in for one that cannot be trusted
    for (const { phase, verdict } of result.phases) if (!found.has(phase)) found.set(phase, { verdict, say: name })
  }
  return (phase) => found.get(phase)
}

async function previousManifest(path: string): Promise<string | undefined> {
  const latest = join(path, '..', 'latest', 'manifest.json')
  return readFile(latest).then((data) => sha256(data), () => undefined)
}

const runName = (at: Date, target: string): string => `${at.toISOString().replaceAll(':', '').replace(/\.(\d+)Z$/, '.$1Z')}-${target}`
