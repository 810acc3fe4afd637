/** Makers for the nouns of the kernel: facts, checks, observers. They add nothing at run time but a place for the types. */
import type { Check, Fact, Need, Needs, Observed, Observer, Source } from './kernel.ts'

/**
 * A typed name for something that can be known.
 * @param name dotted, noun first: 'recordings.objectLock'
 * @param version raise it whenever the shape of T changes: older recordings are then unknown
 * @param freshHours how long an observation may prove anything (infrastructure 24 h, load 7 days, prices 90 days)
 */
export const fact = <T>(name: string, sources: readonly [Source, ...Source[]], options: { version?: number; freshHours?: number } = {}): Fact<T> =>
  ({ fact: name, sources, version: options.version ?? 1, freshHours: options.freshHours ?? 24 })

/** The fact, where "looked, not there" is an answer that the judge wants to see itself. */
export const orNull = <V>(need: Need<V>): Need<V | null> => ({ ...need, orNull: true })
/** The fact, where its absence is another check's finding: null makes this check unknown with that cause, so that one fault reads as one problem. */
export const beside = <V>(need: Need<V>): Need<V> => ({ ...need, beside: true })
/** The fact as { ok, value } or { ok: false, why }: the judge judges what it has, and claims notKnown for what it has not. */
export const observed = <V>(need: Need<V>): Need<Observed<V>> => ({ ...need, observed: true }) as Need<Observed<V>>
/** The fact as the "before" run recorded it (target.before). */
export const earlier = <V>(need: Need<V>): Need<V> => ({ ...need, earlier: true })
/** The fact, looked at in this source whatever the row's source is. */
export const from = <V>(source: Source, need: Need<V>): Need<V> => ({ ...need, source })
/** The fact, only in rows of this source; in the others the judge is given undefined. */
export const when = <V>(source: Source, need: Need<V>): Need<V | undefined> => ({ ...need, when: source })

export const check = <N extends Needs>(it: Check<N>): Check<N> => it
export const observer = <T, N extends Needs>(it: Observer<T, N>): Observer<T, N> => it
