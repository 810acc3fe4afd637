/** A run folder: results.json, observations/, reports, manifest.json. A recorded run, a shard, a phase of CI and the "before" baseline are all this. */
import { createHash } from 'node:crypto'
import { mkdir, readFile, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Observation, ObservationId, RunResult, Target, Waiver } from './kernel.ts'
import { unseal } from './seal.ts'
import { usage } from './usage.ts'

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')
const nameOf = (id: ObservationId): string => `${id}.json`

/** Written first and removed last: while it is there the run has not finished, and nothing in the folder is a verdict. */
const incomplete = 'INCOMPLETE'

/** What `judge` needs beside the observations to judge again without the target. Never a secret: targets name them only. */
export interface RunContext { readonly target: Target; readonly outputs: Readonly<Record<string, unknown>>; readonly sha256: string; readonly file: string; readonly waivers: readonly Waiver[]; readonly startedAt: string; readonly notes: readonly string[] }

export interface Folder {
  readonly path: string
  observation(observation: Observation): Promise<void>
  write(name: string, content: string): Promise<void>
  /** manifest.json with the SHA-256 of each file, chained to the previous run's; then the folder is complete. */
  finish(previous: string | undefined): Promise<void>
}

/** @param path is made; it may exist only when it is empty. */
export async function openFolder(path: string, context: RunContext): Promise<Folder> {
  await mkdir(join(path, 'observations'), { recursive: true })
  if ((await readdir(path)).some((name) => name !== 'observations')) throw usage(`${path}: is not empty`, 'choose another --out, or remove it')
  await writeFile(join(path, incomplete), 'This run has not finished. Nothing in this folder is a verdict.\n')
  const written = new Map<string, Promise<string>>() // what was meant to be written, hashed before the disk had it
  const write = async (name: string, content: string) => {
    const done = writeFile(join(path, name), content).then(() => sha256(content))
    written.set(name, done)
    await done
  }
  await write('context.json', `${JSON.stringify(context, null, 1)}\n`)
  return {
    path, write,
    observation: (observation) => write(`observations/${nameOf(observation.id)}`, `${JSON.stringify(observation, null, 1)}\n`),
    async finish(previous) {
      const files = await Promise.all([...written].sort(([a], [b]) => a.localeCompare(b)).map(async ([name, hash]) => [name, await hash] as const))
      await writeFile(join(path, 'manifest.json'), `${JSON.stringify({ schemaVersion: 1, previous: previous ?? null, files: Object.fromEntries(files) }, null, 1)}\n`)
      await rm(join(path, incomplete))
    },
  }
}

/** `runs/latest` names the newest finished run. Windows without the right to make links goes without. */
export async function pointLatest(path: string): Promise<void> {
  const link = join(dirname(path), 'latest')
  await rm(`${link}.new`, { force: true })
  await symlink(basename(path), `${link}.new`, 'dir').then(() => rename(`${link}.new`, link)).catch(() => {})
}

export interface ReadRun { readonly context: RunContext; readonly observations: ReadonlyMap<ObservationId, Observation>; readonly complete: boolean; readonly result: RunResult | undefined; readonly problems: readonly string[] }

/** Reads a run folder back and verifies its hashes; `problems` lists what does not hold. Throws a usage error when it is no run folder. */
export async function readRun(path: string): Promise<ReadRun> {
  const text = (name: string) => readFile(join(path, name), 'utf8')
  const context = await text('context.json').then((json) => JSON.parse(json) as RunContext, (error: Error) => {
    throw usage(`${path}: is not a run folder (${error.message.split('\n')[0]})`, 'give the folder of a run, such as runs/latest')
  })
  const names = await readdir(join(path, 'observations'))
  const problems: string[] = []
  const observations = new Map<ObservationId, Observation>()
  for (const name of names.sort()) {
    try {
      const observation = unseal(JSON.parse(await text(join('observations', name))))
      if (nameOf(observation.id) !== name) throw new Error(`says it is ${observation.id}`)
      observations.set(observation.id, observation)
    } catch (error) {
      problems.push(`observations/${name}: ${(error as Error).message}`)
    }
  }
  const complete = !(await readdir(path)).includes(incomplete)
  const result = await text('results.json').then((json) => JSON.parse(json) as RunResult, () => undefined)
  if (complete) problems.push(...await wrongHashes(path), ...(result === undefined ? [] : otherThan(result, observations)))
  else problems.push('the run did not finish')
  return { context, observations, complete, problems, result }
}

/** What results.json rests on must be what lies beside it. */
const otherThan = (result: RunResult, observations: ReadonlyMap<ObservationId, Observation>): string[] =>
  (Object.entries(result.observations ?? {}) as [ObservationId, { sha256: string }][]).filter(([id, { sha256: hash }]) => !observations.has(id) || sha256(`${JSON.stringify(observations.get(id), null, 1)}\n`) !== hash).map(([id]) => `observations/${nameOf(id)} is not what results.json rests on`)

async function wrongHashes(path: string): Promise<string[]> {
  const manifest = await readFile(join(path, 'manifest.json'), 'utf8').then((json) => JSON.parse(json) as { files: Record<string, string> }, () => undefined)
  if (manifest === undefined) return ['manifest.json is missing or not JSON']
  const listed = new Set(Object.keys(manifest.files))
  const present = (await readdir(path, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1).replaceAll('\\', '/'))
  const changed = await Promise.all([...listed].map(async (name) => {
    const data = await readFile(join(path, name)).catch(() => undefined)
    if (data === undefined) return `${name} is missing`
    return sha256(data) === manifest.files[name] ? '' : `${name} was changed after the run`
  }))
  return [...changed.filter(Boolean), ...present.filter((name) => name !== 'manifest.json' && !listed.has(name)).map((name) => `${name} was added after the run`)]
}
