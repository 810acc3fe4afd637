/** Look: all I/O of one observer. It grants what the observer declared and nothing else. */
import { readFile, readdir } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve } from 'node:path'
import type { Look, Observer, Source, Undo } from './kernel.ts'
import type { Plan } from '#plan/expect.ts'
import { readsOnly } from '#domain/permissions.ts'
import { unknown } from '#domain/unknown.ts'
import { whyAws, type Aws } from './aws.ts'
import type { Journal } from './journal.ts'
import type { Scrubber } from './seal.ts'

export interface Instruments {
  readonly plan: Plan
  readonly aws: Aws
  readonly journal: Journal
  readonly scrub: Scrubber
  readonly now: () => Date
  readonly base: string // folder that relative paths of the target start from
}

const failed = (error: unknown, call: string): never => {
  const why = whyAws(error, call)
  throw why.kind === 'crashed' ? error : Object.assign(error instanceof Error ? error : new Error(String(error)), { why })
}

/** @returns what one run's observers share: read-only AWS answers are memoised, so two facts from one call cost one call. */
export function lookFor(with_: Instruments): (observer: Observer, source: Source, signal: AbortSignal) => Look & { finish(): Promise<void> } {
  const memo = new Map<string, Promise<unknown>>()
  const at = (path: string) => (isAbsolute(path) ? path : resolve(with_.base, path))

  return (observer, source, signal) => {
    const owed: Undo[] = []
    const may = (call: string) => {
      if (!observer.calls.includes(call)) throw unknown('crashed', `${observer.fact.fact} calls ${call} without declaring it`, 'declare it in the observer: the auditor policy is derived from there')
      if (observer.safety <= 'B' && !readsOnly(call)) throw unknown('crashed', `${observer.fact.fact} is of class ${observer.safety} and may not call ${call}`, 'raise its class')
    }
    const look: Look & { finish(): Promise<void> } = {
      target: with_.plan.target, plan: with_.plan, source, signal,
      get now() { return with_.now() },
      async aws(call, input, as = 'auditor') {
        may(call)
        const send = () => with_.aws.send(call, input, as, signal).catch((error) => failed(error, call))
        if (as !== 'auditor' || !readsOnly(call)) return send()
        const key = `${call} ${JSON.stringify(input)}`
        if (!memo.has(key)) memo.set(key, send())
        return memo.get(key)!
      },
      region: () => with_.aws.region(),
      async pages(call, input, items) {
        const all: unknown[] = []
        for (let next: object | undefined = {}; next !== undefined;) {
          const page: Record<string, any> = await look.aws(call, { ...input, ...next })
          all.push(...(page[items] ?? []))
          next = nextPage(page)
        }
        return all
      },
      http: (request) => fetch(request, { signal }),
      async file(path) {
        return readFile(at(path)).catch((error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
          throw unknown(error.code === 'EACCES' || error.code === 'EPERM' ? 'denied' : 'unreachable', `${path} cannot be read (${error.code})`, 'make it readable', path)
        })
      },
      async files(dir, pattern) {
        const folder = at(dir)
        const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
          throw unknown('not-configured', `${dir} cannot be listed (${error.code})`, 'correct the folder in the target file', dir)
        })
        return names.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
          .filter((name) => !/(^|\/)(node_modules|\.git|\.terraform)\//.test(name) && pattern.test(name)).sort().map((name) => join(dir, name))
      },
      async run(program, args, cwd) {
        const { $ } = await import('zx')
        const result = await $({ nothrow: true, quiet: true, signal, ...(cwd === undefined ? {} : { cwd: at(cwd) }) })`${program} ${args}`
        return { code: result.exitCode ?? 127, stdout: with_.scrub.text(result.stdout), stderr: with_.scrub.text(result.stderr) }
      },
      secret(env) {
        const value = process.env[env]
        if (value === undefined || value === '') throw unknown('not-configured', `the environment variable ${env} is not set`, `set ${env}`, env)
        with_.scrub.conceal(value, env)
        return value
      },
      conceal: with_.scrub.conceal,
      async undo(step) {
        if (observer.safety < 'C') throw unknown('crashed', `${observer.fact.fact} is of class ${observer.safety} and writes`, 'raise its class')
        may(step.call)
        owed.push(step)
        await with_.journal.owe(step)
      },
      async finish() { await settle(owed.splice(0).reverse(), with_) },
    }
    return look
  }
}

/** Pays clean-ups; what does not go through stays in the journal for the next start. Returns what is still owed. */
export async function settle(steps: readonly Undo[], { aws, journal }: Pick<Instruments, 'aws' | 'journal'>): Promise<readonly Undo[]> {
  const left: Undo[] = []
  for (const step of steps) {
    const wait = step.notBefore === undefined ? 0 : Date.parse(step.notBefore) - Date.now()
    if (wait > 5_000) { left.push(step); continue } // a later start pays it: nobody waits for a lock to lapse
    if (wait > 0) await new Promise((done) => setTimeout(done, wait)) // the lock's own date is the event
    try {
      await aws.send(step.call, step.input, step.as, AbortSignal.timeout(10_000))
      await journal.paid(step)
    } catch (error) {
      const gone = error instanceof Error && /NoSuch|NotFound/.test(error.name)
      if (gone) await journal.paid(step)
      else left.push(step)
    }
  }
  return left
}

/** The service's own continuation token, or undefined at the end. */
function nextPage(page: Record<string, any>): object | undefined {
  if (page.NextToken) return { NextToken: page.NextToken }
  if (page.nextToken) return { nextToken: page.nextToken }
  if (page.NextMarker && (page.Truncated ?? page.IsTruncated ?? true)) return { Marker: page.NextMarker }
  if (page.IsTruncated && page.NextKeyMarker !== undefined) return { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
  if (page.IsTruncated && page.Marker) return { Marker: page.Marker }
  if (page.ContinuationToken && page.Buckets) return { ContinuationToken: page.ContinuationToken }
  return undefined
}
