/** Claims: where, wanted, got, holds. A judge returns them also when they hold, so that a report shows what was compared. */
import type { Found } from '#domain/iam/found.ts'
import type { Claim, Each, Observed, Trial, Why } from './kernel.ts'
import { isDeepStrictEqual } from 'node:util'

const claim = (at: string, want: unknown, got: unknown, holds: boolean | Why, say?: string): Claim => ({ at, want, got: got ?? null, holds, ...(say === undefined ? {} : { say }) })

export const equal = (at: string, got: unknown, want: unknown, say?: string): Claim => claim(at, want, got, isDeepStrictEqual(got, want), say)
/** What was looked at where nothing can be wrong: it says so, and that is all it says. */
export const stated = (at: string, got: unknown): Claim => claim(at, 'looked at', got, true)
/** A bound in the unit that `at` names; null (not set) never holds. */
export const atLeast = (at: string, got: number | null | undefined, want: number, say?: string): Claim => claim(at, `at least ${want}`, got, typeof got === 'number' && got >= want, say)
export const atMost = (at: string, got: number | null | undefined, want: number, say?: string): Claim => claim(at, `at most ${want}`, got, typeof got === 'number' && got <= want, say)
export const oneOf = (at: string, got: unknown, want: readonly unknown[], say?: string): Claim => claim(at, want.length === 1 ? want[0] : `one of ${want.join(', ')}`, got, want.includes(got), say)
export const matches = (at: string, got: string | null | undefined, want: RegExp, say?: string): Claim => claim(at, String(want), got, typeof got === 'string' && want.test(got), say)
/** A condition that has no simpler form; want says it in words. */
export const holds = (at: string, condition: boolean, want: string, got: unknown, say?: string): Claim => claim(at, want, got, condition, say)
/** The list must be empty; what is in it is what was got. */
export const none = (at: string, found: readonly unknown[], say?: string): Claim => claim(at, 'none', found.length === 0 ? 'none' : found, found.length === 0, say)
/** None, as far as is known: what cannot be ruled out makes it unknown, unless something is found for sure. */
export const noneOf = (at: string, { sure, unsure }: Found, say?: string): Claim => (sure.length === 0 && unsure.length > 0 ? notKnown(at, 'none', afterApply(`not known yet: ${unsure.slice(0, 3).join('; ')}`, at)) : none(at, sure, say))
/** The same members, in any order. */
export const sameSet = (at: string, got: readonly string[], want: readonly string[], say?: string): Claim =>
  claim(at, [...want].sort(), [...got].sort(), isDeepStrictEqual([...new Set(got)].sort(), [...new Set(want)].sort()), say)
/** What could not be known: the row is unknown unless another claim fails. */
export const notKnown = (at: string, want: unknown, why: Why): Claim => claim(at, want, null, why)

/** A verdict that hangs on a value which only apply gives. */
export const afterApply = (say: string, cause: string): Why => ({ kind: 'after-apply', say, next: 'give the Terraform source beside the plan (terraform.dir), or judge again after apply', cause })

/** One group of claims per expected key; an absent key fails, a key that could not be observed is unknown. */
export function forEach<T>(keys: readonly string[], observed: Each<T>, judge: (value: T, key: string) => readonly Claim[]): Claim[] {
  return keys.flatMap((key): readonly Claim[] => {
    const one: Observed<T> | undefined = observed[key]
    if (one === undefined) return [claim(key, 'observed', null, false)]
    return one.ok ? judge(one.value, key) : [notKnown(key, 'observed', one.why)]
  })
}

/** Claims of a trial of so many tries. Without its positive control nothing was proven, so everything is unknown. `allowed` marks the tries that must succeed; one must then be there. */
export function tried(trial: Trial, count: number, allowed?: RegExp): Claim[] {
  const { control } = trial
  if (!control.allowed) return [notKnown(control.did, 'allowed: the positive control', { kind: 'control-failed', say: `the positive control was refused (${control.did}: ${control.answer}), so a refusal proves nothing`, next: 'give the probe its rights, or look at the answer', cause: control.did })]
  const keys = Object.keys(trial.tries)
  return [
    holds(`control: ${control.did}`, true, 'allowed', 'allowed'),
    holds('tries', keys.length === count && (allowed === undefined || keys.some((key) => allowed.test(key))), `${count}`, keys.length),
    ...forEach(keys, trial.tries, (attempt, key) => {
      const want = allowed?.test(key) === true
      return [holds(key, attempt.allowed === want, want ? 'allowed' : 'refused', `${attempt.allowed ? 'allowed' : 'refused'} (${attempt.answer})`)]
    }),
  ]
}
