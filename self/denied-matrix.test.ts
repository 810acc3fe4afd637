/** Each permission of the auditor, denied in turn: nothing becomes a pass, nothing vanishes, and the verdict says which permission is missing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditorCalls } from '#harness/auditor.ts'
import { decide } from '#harness/decide.ts'
import { phaseNumbers, type Row } from '#harness/kernel.ts'
import { loadObservers } from '#harness/ledger.ts'
import { iamAction } from '#domain/permissions.ts'
import { live, type Live } from './live.ts'

const permissions = [...new Set(auditorCalls(await loadObservers()).map(iamAction))].sort()

let system: Live
let before: ReadonlyMap<string, Row>
const idOf = (row: Row): string => `${row.id}@${row.source}`
beforeAll(async () => {
  system = await live()
  before = new Map((await system.look(['tfplan', 'live'], ['A', 'B'])).rows.map((row) => [idOf(row), row]))
})
afterAll(async () => { await system?.stop() })

let proven = 0
describe('denied', () => {
  test('there are permissions to deny', () => { expect(permissions.length).toBeGreaterThan(25) })

  test.each(permissions)('%s', async (permission) => {
    const allow = await system.aws.deny(permission)
    try {
      const { rows } = await system.look(['tfplan', 'live'], ['A', 'B'])
      expect(rows.map(idOf)).toEqual([...before.keys()])
      const worse = rows.filter((row) => row.outcome !== before.get(idOf(row))!.outcome)
      expect(worse.map((row) => [idOf(row), row.outcome])).toEqual(worse.map((row) => [idOf(row), 'unknown']))
      expect(worse.length, 'somebody needs it, else the auditor should not have it').toBeGreaterThan(0)
      expect(worse.map((row) => row.why?.cause)).toEqual(worse.map(() => permission))
      // the verdict over the built rows alone, dependencies taken as GO
      const judged = rows.filter((row) => row.why?.kind !== 'not-allowed')
      const hit = new Set(worse.flatMap((row) => row.phases))
      for (const phase of phaseNumbers.filter((one) => hit.has(one))) {
        const own = worse.filter((row) => row.phases.includes(phase))
        const [verdict] = decide(judged, [phase], () => ({ verdict: 'GO', say: '' }))
        expect([phase, verdict!.verdict]).toEqual([phase, own.some((row) => row.severity !== 'minor') ? 'HOLD' : 'GO WITH CONDITIONS'])
        expect(verdict!.reasons.map((reason) => reason.say).join('\n')).toContain(permission)
      }
      proven += 1
    } finally {
      await allow()
    }
  })
})

afterAll(() => { process.stdout.write(`denied matrix: ${proven} of ${permissions.length} permissions denied, each a HOLD (conditions for a minor) that names it, no row lost, none became a pass\n`) })
