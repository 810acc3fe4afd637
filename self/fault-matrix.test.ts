/** Each live seed turns exactly the checks that list it red, and the hardened system has no finding. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Check, Fault, FaultId, Row, Safety, Source } from '#harness/kernel.ts'
import { loadChecks } from '#harness/ledger.ts'
import { seeds } from '#fixtures/faults/index.ts'
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
const say = (row: Row): string => `${row.id}@${row.source} ${row.outcome} ${row.why?.say ?? ''} ${row.claims.filter((claim) => claim.holds === false).map((claim) => `${claim.at}: ${JSON.stringify(claim.got)}`).join('; ')}`

test('the hardened system has no finding, and nothing in it is unknown', async () => {
  const { rows } = await system.look(['repo', 'tfplan', 'live'], ['A', 'B', 'C', 'D'])
  expect(rows.filter((row) => row.outcome !== 'pass').map(say)).toEqual([])
  expect(rows.length).toBeGreaterThan(80)
})

test('every listed fault has a live seed, and every seed is listed', () => {
  const used = [...listed].sort()
  expect({ withoutSeed: used.filter((id) => seeds[id] === undefined), withoutCheck: Object.keys(seeds).filter((id) => !listed.has(id) && !ofVariants.includes(id)).sort() }).toEqual({ withoutSeed: [], withoutCheck: [] })
})

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
      proven += 1
    } finally {
      await system.rehearsal.undo(id)
    }
  })
})

afterAll(() => { process.stdout.write(`fault matrix: ${proven} of ${listed.size} seeds turned exactly the checks that list them red (${checks.size} checks)\n`) })
