/**
 * Stores answer "what was observed of this fact in this source". Three kinds, one interface:
 * observing() looks, lazily and once; recorded() reads run folders; given() holds values for self-tests.
 */
import type { Fact, Look, Need, Observation, ObservationId, Observed, Observer, Safety, Source, Store, Target, Why } from './kernel.ts'
import { whyOf } from '#domain/unknown.ts'
import { seal, scrubber, type Scrubber, type Unsealed } from './seal.ts'
import type { Observers } from './ledger.ts'

/** Only a one-source fact answers for every source. */
export function idOf(need: Need<unknown>, source: Source): ObservationId {
  const { sources = [source] } = need as Fact<unknown>
  return `${need.fact}@${need.source ?? (sources.length === 1 ? sources[0]! : source)}`
}
const sourceOf = (id: ObservationId): Source => id.slice(id.lastIndexOf('@') + 1) as Source

export interface Observing extends Store { seen(): ReadonlyMap<ObservationId, Observation> }

export interface ObservingOptions {
  readonly observers: Observers
  readonly target: Target
  readonly allow: readonly Safety[]
  readonly scrub: Scrubber
  readonly now: () => Date
  readonly signal: AbortSignal
  readonly look: (observer: Observer, source: Source, signal: AbortSignal) => Look & { finish(): Promise<void> }
  /** Resolves to why nothing that was seen may count (wrong account or region), or null. Awaited before any probe and before anything is sealed. */
  readonly guard?: (store: Store, observer: Observer) => Promise<Why | null>
  readonly earlier?: Store
  readonly explain: (error: unknown, observer: Observer) => Why
  readonly standIns?: (observer: Observer) => string | undefined
  readonly onSeen?: (observation: Observation) => void
}

export function observing(options: ObservingOptions): Observing {
  const memo = new Map<ObservationId, Promise<Observation>>()
  const seen = new Map<ObservationId, Observation>()
  let probes: Promise<unknown> = Promise.resolve() // C, D, E: one at a time

  const get: Store['get'] = (need, source) => {
    if (need.earlier === true) return options.earlier?.get({ ...need, earlier: undefined } as unknown as Need<unknown>, source) ?? Promise.resolve(absent(need, source, notConfiguredBefore, options))
    const id = idOf(need, source)
    if (!memo.has(id)) memo.set(id, look(id, need as Fact<unknown>))
    return memo.get(id)!
  }

  const look = async (id: ObservationId, fact: Fact<unknown>): Promise<Observation> => {
    const observer = options.observers.get(id)
    const began = performance.now()
    const at = options.now()
    const result = observer === undefined
      ? { ok: false as const, why: noObserver(id) }
      : isProbe(observer) ? await (probes = probes.then(() => observe(observer, id))) as Observed<unknown> : await observe(observer, id)
    const made = { id, at, ms: performance.now() - began, version: observer?.fact.version ?? fact.version, target: options.target.name, safety: observer?.safety ?? 'A', ...standIn(observer) } as const
    const observation = sealed(made, result)
    seen.set(id, observation)
    options.onSeen?.(observation)
    return observation
  }
  const sealed = (made: Omit<Unsealed, 'seen'>, seen: Observed<unknown>): Observation => {
    try {
      return seal({ ...made, seen }, options.scrub)
    } catch (error) { // what is not data proves nothing
      return seal({ ...made, seen: no({ kind: 'crashed', say: (error as Error).message, next: 'let the observer return plain data', cause: made.id }) }, options.scrub)
    }
  }
  const standIn = (observer: Observer | undefined) => {
    const name = observer === undefined ? undefined : options.standIns?.(observer)
    return name === undefined ? {} : { standIn: name }
  }

  const observe = async (observer: Observer, id: ObservationId): Promise<Observed<unknown>> => {
    const source = sourceOf(id)
    if (!options.allow.includes(observer.safety)) return no({ kind: 'not-allowed', say: `it needs probes of class ${observer.safety}, which this target does not allow`, next: `add "${observer.safety}" to /allow in the target file`, cause: `class ${observer.safety}` })
    const guarded = source === 'live' ? options.guard?.(store, observer) : undefined
    if (isProbe(observer)) { const why = await guarded; if (why) return no(why) } // no write before we know where we are
    const given: Record<string, unknown> = {}
    const needs = Object.entries(observer.needs as Record<string, Need<unknown>>).filter(([, need]) => need.when === undefined || need.when === source)
    const observations = await Promise.all(needs.map(([, need]) => get(need, source)))
    for (const [index, [name, need]] of needs.entries()) {
      const needed = observations[index]!
      if (!needed.ok) return no({ kind: 'cause', say: `${need.fact} is not known: ${needed.why.say}`, next: needed.why.next, cause: needed.why.cause ?? need.fact })
      if (needed.value === null && need.orNull !== true) return no({ kind: 'cause', say: `${need.fact} is not there`, next: 'settle that first', cause: need.fact })
      given[name] = needed.value // frozen
    }
    const limit = AbortSignal.timeout(observer.seconds * 1000)
    const hands = options.look(observer, source, AbortSignal.any([limit, options.signal]))
    let result: Observed<unknown>
    try {
      result = { ok: true, value: await raced(observer.observe(given, hands), hands.signal) }
    } catch (error) {
      result = no(whyOf(error) ?? (limit.aborted ? timedOut(observer) : options.explain(error, observer)))
    } finally {
      await hands.finish()
    }
    const why = await guarded
    return why ? no(why) : result
  }

  const store: Observing = { get, seen: () => seen }
  return store
}

/** Recordings of one or more runs; a later one answers where an earlier one has nothing. */
export function recorded(observations: ReadonlyMap<ObservationId, Observation>, checkFresh: (observation: Observation, fact: Fact<unknown>) => Why | null, target: Target): Store {
  return {
    get: async (need, source) => {
      const id = idOf(need, source)
      const observation = observations.get(id)
      if (observation === undefined) return absent(need, source, { kind: 'not-run', say: `${id} was not recorded`, next: 'record it: visitgate record', cause: id }, { target, now: () => new Date(0), scrub: scrubber() })
      const fact = need as Fact<unknown>
      const why: Why | null = fact.version !== undefined && observation.version !== fact.version
        ? { kind: 'stale', say: `${id} was recorded in shape ${observation.version}, the check reads shape ${fact.version}`, next: 'record it again: visitgate record', cause: id }
        : checkFresh(observation, fact)
      return why === null ? observation : absent(need, source, why, { target, now: () => new Date(observation.at), scrub: scrubber() })
    },
  }
}

/** Values by fact name or id, for tests of judges. What is not given is unknown. */
export function given(values: Readonly<Record<string, unknown>>, target: Target): Store {
  const scrub = scrubber(target.messaging === undefined ? [] : [target.messaging.from])
  return {
    get: async (need, source) => {
      const id = idOf(need, source)
      const key = id in values ? id : need.fact
      const seen: Observed<unknown> = key in values ? { ok: true, value: values[key] } : no({ kind: 'not-run', say: `${id} is not given`, next: 'give it', cause: id })
      return seal({ id, version: 1, at: new Date(0), ms: 0, target: target.name, safety: 'A', seen }, scrub)
    },
  }
}

const isProbe = (observer: Observer): boolean => observer.safety > 'B'
const no = (why: Why): Observed<never> => ({ ok: false, why })
const noObserver = (id: ObservationId): Why => ({ kind: 'not-built', say: `nothing observes ${id} yet`, next: 'write its observer', cause: id })
const timedOut = (observer: Observer): Why => ({ kind: 'timeout', say: `${observer.fact.fact} took more than ${observer.seconds} s`, next: 'check the network, then run again', cause: observer.fact.fact })
const notConfiguredBefore: Why = { kind: 'not-configured', say: 'the target names no earlier run', next: 'record one before the deployment (visitgate record) and name it in /before', cause: '/before' }
const absent = (need: Need<unknown>, source: Source, why: Why, { target, now, scrub }: Pick<ObservingOptions, 'target' | 'now' | 'scrub'>): Observation =>
  seal({ id: idOf(need, source), version: (need as Fact<unknown>).version ?? 0, at: now(), ms: 0, target: target.name, safety: 'A', seen: no(why) }, scrub)

/** An observer that ignores its signal must not hold the run. */
function raced<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    work.then(resolve, reject)
  })
}
