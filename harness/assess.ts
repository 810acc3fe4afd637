/** From observations to a row: the outcome is computed, no judge can return "pass". */
import type { Check, Claim, Given, Line, Need, Needs, ObservationId, Outcome, Row, Source, Store, Why } from './kernel.ts'
import type { Plan } from '#plan/expect.ts'
import { whyOf } from '#domain/unknown.ts'
import { isSealed } from './seal.ts'

/** Any false claim → fail; any unknown claim, or no claims at all → unknown; else pass. */
export function outcomeOf(claims: readonly Claim[]): { outcome: Outcome; why?: Why } {
  if (claims.some((claim) => claim.holds === false)) return { outcome: 'fail' }
  const unknown = claims.find((claim) => claim.holds !== true)
  if (unknown !== undefined) return { outcome: 'unknown', why: unknown.holds as Why }
  if (claims.length === 0) return { outcome: 'unknown', why: nothingCompared }
  return { outcome: 'pass' }
}

const nothingCompared: Why = { kind: 'nothing-compared', say: 'the check compared nothing', next: 'make it claim what it looked at, also when that holds' }
const notThere = (fact: string): Why => ({ kind: 'cause', say: `${fact} is not there`, next: 'settle that first', cause: fact })
const notBuilt: Why = { kind: 'not-built', say: 'no check file exists yet for this id', next: 'npm run new <id> writes its skeleton' }

/** Which needs of a check a row of this source asks for. */
export const needsOf = (check: Check, source: Source): readonly [string, Need<unknown>][] =>
  Object.entries(check.needs as Needs).filter(([, need]) => need.when === undefined || need.when === source)

export async function assess(line: Line, check: Check | undefined, store: Store, plan: Plan): Promise<Row> {
  const began = performance.now()
  const row = (claims: readonly Claim[], decided: { outcome: Outcome; why?: Why }, facts: readonly ObservationId[] = []): Row =>
    ({ ...line, ...decided, claims, facts, provenOn: 'target', ms: Math.round(performance.now() - began) })

  if (check === undefined) return row([], { outcome: 'unknown', why: notBuilt })
  const applies = applicable(check, plan)
  if (applies !== true) return row([], applies)

  const needs = needsOf(check, line.source)
  const observations = await Promise.all(needs.map(([, need]) => store.get(need, line.source)))
  const facts = observations.map((observation) => observation.id)
  const given: Record<string, unknown> = {}
  const claims: Claim[] = []
  for (const [index, [name, need]] of needs.entries()) {
    const observation = observations[index]!
    if (!isSealed(observation)) throw new Error(`${need.fact}: not a sealed observation`) // a store that does not seal is a defect of ours
    if (need.observed === true) {
      given[name] = !observation.ok ? { ok: false, why: observation.why } : observation.value === null && need.orNull !== true ? { ok: false, why: notThere(need.fact) } : { ok: true, value: observation.value }
      continue
    }
    if (!observation.ok) claims.push({ at: need.fact, want: 'observed', got: null, holds: observation.why })
    else if (observation.value === null && need.orNull !== true) claims.push({ at: need.fact, want: 'present', got: null, ...(need.beside === true ? { holds: notThere(need.fact) } : { holds: false, say: 'looked, not there' }) })
    given[name] = observation.ok ? observation.value : undefined // frozen: no judge can change what the next one sees
  }
  if (claims.length === 0) claims.push(...judged(check, given, plan))
  return row(claims, outcomeOf(claims), facts)
}

/** `applies` reads declarations; what it cannot read makes the row unknown, never inapplicable. */
function applicable(check: Check, plan: Plan): true | { outcome: Outcome; why: Why } {
  try {
    const applies = check.applies?.(plan) ?? true
    return applies === true || { outcome: 'inapplicable', why: { kind: 'not-run', say: applies, next: 'nothing to do' } }
  } catch (error) {
    return { outcome: 'unknown', why: crashed(error) }
  }
}

function judged(check: Check, given: Record<string, unknown>, plan: Plan): readonly Claim[] {
  try {
    const claims = check.judge(given as Given<Needs>, plan)
    if (!Array.isArray(claims)) throw new Error('it returned no list of claims')
    return claims
  } catch (error) {
    return [{ at: 'judge', want: 'a judgement', got: null, holds: crashed(error) }]
  }
}
const crashed = (error: unknown): Why =>
  whyOf(error) ?? { kind: 'crashed', say: `the judge threw: ${error instanceof Error ? error.message : String(error)}`, next: 'correct the check, or the shape of what it is given' }
