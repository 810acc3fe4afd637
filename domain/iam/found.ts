/** What a question to the evaluator brought to light, for sure or as far as a value that is not known yet lets it. */
import type { Effect } from '../iam.ts'

export interface Found { readonly sure: readonly string[]; readonly unsure: readonly string[] }

/** Sorts tries of something that nobody should be allowed by what the evaluator said, each said once. */
export function foundIn(tries: readonly { readonly say: string; readonly effect: Effect }[]): Found {
  const those = (effect: Effect) => [...new Set(tries.filter((one) => one.effect === effect).map(({ say }) => say))]
  return { sure: those('allow'), unsure: those('unknown') }
}
