/** Each live seed turns exactly the checks that list it red, and the hardened system has no finding. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { assess } from '#harness/assess.ts'
import type { Check, Fault, FaultId, ObservationId, Row, Safety, Source } from '#harness/kernel.ts'
import { loadChecks } from '#harness/ledger.ts'
import { given } from '#harness/store.ts'
import { makePlan, type Outputs } from '#plan/expect.ts'
import { seeds } from '#fixtures/faults/index.ts'
import { applyFault, editable } from './given-facts.ts'
import { live, type Live } from './live.ts'

const checks = await loadChecks()
const isNotLive = (fault: Fault<any>): boolean => typeof fault === 'object' && 'notLive' in fault
/** Checks by the fault that they list. */
const listing = (id: FaultId): readonly string[] => [...checks].filter(([, check]: [string, Check]) => check.faults[id] !== undefined && !isNotLive(check.faults[id])).map(([checkId]) => checkId).sort()
const listed = new Set([...checks.values()].flatMap((check) => Object.entries(check.faults).filter(([, fault]) => !isNotLive(fault)).map(([id]) => id)))

/** Seeds that only make a variant, and prove no check by themselves. */
const ofVariants = ['policy-as-planned']
/** Probes cost seconds: they look again only where a fault touches what they look at, the canary bucket and the keys. */
const touchesProbes = /^(canary|key|alias|probe|sign)/
const sourcesOf = (id: FaultId): readonly Source[] => (seeds[id]!.part === 'source' ? ['repo', 'tfplan'] : ['live'])
const classesOf = (id: FaultId): readonly Safety[] => (touchesProbes.test(id) ? ['A', 'B', 'C', 'D'] : ['A', 'B'])

let system: Live
beforeAll(async () => { system = await live() })
afterAll(async () => { await system?.stop() })

const red = (rows: readonly Row[]): readonly string[] => [...new Set(rows.filter((row) => row.outcome === 'fail').map((row) => row.id))].sort()
const say = (row: Row): string => `${row.id}@${row.source} ${row.outcome} ${row.why?.say ?? ''} ${row.claims.filter((claim) => claim.holds === false && !simulation.test(claim.at)).map((claim) => `${claim.at}: ${JSON.stringify(claim.got)}`).join('; ')}`

test('the hardened system has no finding, and nothing in it is unknown', async () => {
  const { rows, observations } = await system.look(['repo', 'tfplan', 'live'], ['A', 'B', 'C', 'D'])
  outputs = system.rehearsal.outputs
  good = new Map([...observations].map(([id, one]) => [id, one.ok ? one.value : undefined]))
  expect(rows.filter((row) => row.outcome !== 'pass').map(say)).toEqual([])
  expect(rows.length).toBeGreaterThan(80)
})

test('every listed fault has a live seed, and every seed is listed', () => {
  const used = [...listed].sort()
  expect({ withoutSeed: used.filter((id) => seeds[id] === undefined), withoutCheck: Object.keys(seeds).filter((id) => !listed.has(id) && !ofVariants.includes(id)).sort() }).toEqual({ withoutSeed: [], withoutCheck: [] })
})

/** The simulator answers of the live system; an edit of the policies does not change what it once said. */
const simulation = /IAM's own simulation/
/** Places of the findings, whatever ids and names the system gave. */
const findings = (row: Row): readonly string[] => row.claims.filter((claim) => claim.holds === false && !simulation.test(claim.at)).map((claim) => claim.at.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|version-\S+|recordings\/\S+ \S+/g, '~')).sort()
/** What the check's own edit of the good facts finds. */
async function edited(id: FaultId, row: Row): Promise<readonly string[]> {
  const check = checks.get(row.id)!
  const facts = editable(check, row.source, good)
  applyFault(check.faults[id]!, facts)
  return findings(await assess(row, check, given(facts.store(), system.rehearsal.target), makePlan(system.rehearsal.target, outputs, new Date().toISOString())))
}

let good: ReadonlyMap<ObservationId, unknown>
let outputs: Outputs // of the deployment that the good facts are of
let proven = 0
describe('each seed', () => {
  test.each([...listed].filter((id) => seeds[id] !== undefined).sort())('%s', { timeout: 90_000 }, async (id) => {
    await system.rehearsal.seed(id)
    try {
      const { rows } = await system.look(sourcesOf(id), classesOf(id))
      const want = listing(id)
      expect(red(rows), rows.filter((row) => row.outcome === 'fail').map(say).join('\n')).toEqual(want)
      // what became unknown has a cause: nothing is lost without a reason
      expect(rows.filter((row) => row.outcome === 'unknown' && !['cause', 'control-failed', 'not-allowed'].includes(row.why?.kind ?? '')).map(say)).toEqual([])
      for (const row of rows.filter((one) => one.outcome === 'fail')) expect([row.id, findings(row)], 'the edit of the facts finds what the live fault shows').toEqual([row.id, await edited(id, row)])
      proven += 1
    } finally {
      await system.rehearsal.undo(id)
    }
  })
})

afterAll(() => { process.stdout.write(`fault matrix: ${proven} of ${listed.size} seeds turned exactly the checks that list them red (${checks.size} checks)\n`) })
