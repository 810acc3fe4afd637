/** Facts as a check is given them, copied from observations, so that a fault can edit them. */
import type { Check, Fault, Edit, Need, ObservationId, Source } from '#harness/kernel.ts'
import { needsOf } from '#harness/assess.ts'
import { idOf } from '#harness/store.ts'

export interface Editable { readonly given: Record<string, unknown>; readonly store: () => Record<string, unknown> }

/** @param good values by observation id; throws when a need is not among them */
export function editable(check: Check, source: Source, good: ReadonlyMap<ObservationId, unknown>): Editable {
  const own = needsOf(check, source).map(([name, need]) => ({ name, id: idOf(need as Need<unknown>, source), observed: need.observed === true }))
  for (const { id } of own) if (!good.has(id)) throw new Error(`${id} is not among the good facts: npm run record`)
  const given: Record<string, unknown> = Object.fromEntries(own.map(({ name, id, observed }) => [name, observed ? { ok: true, value: structuredClone(good.get(id)) } : structuredClone(good.get(id))]))
  return { given, store: () => Object.fromEntries(own.map(({ name, id, observed }) => [id, observed ? (given[name] as { value: unknown }).value : given[name]])) }
}

/** Makes the fault in the given facts, in place. */
export function applyFault(fault: Fault<any>, { given }: Editable): void {
  if (typeof fault === 'object' && 'absent' in fault) given[fault.absent as string] = null
  else (typeof fault === 'function' ? fault : (fault as { edit: Edit<any> }).edit)(given)
}
