/** Each permission of the auditor, denied in turn: nothing becomes a pass, nothing vanishes, and the verdict says which permission is missing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditorCalls } from '#harness/auditor.ts'
import { decide } from '#harness/decide.ts'
import { phaseNumbers, type FaultId, type Row } from '#harness/kernel.ts'
import { loadObservers } from '#harness/ledger.ts'
import { iamAction } from '#domain/permissions.ts'
import { live, type Live } from './live.ts'

const permissions = [...new Set(auditorCalls(await loadObservers()).map(iamAction))].sort()

/** Permissions that are used only where something is there: the fault that puts it there. */
const onlyWith: Readonly<Record<string, FaultId>> = { 'iam:GetRolePolicy': 'policy-inline-star' }

let system: Live
let hardened: ReadonlyMap<string, Row>
const idOf = (row: Row): string => `${row.id}@${row.source}`
const look = async () => new Map((await system.look(['tfplan', 'live'], ['A', 'B'])).rows.map((row) => [idOf(row), row]))
beforeAll(async () => {
  system = await live()
  hardened = await look()
})
afterAll(async () => { await system?.stop() })

let proven = 0
describe('denied', () => {
  test('there are permissions to deny', () => { expect(permissions.length).toBeGreaterThan(25) })

  test.each(permissions)('%s', async (permission) => {
    const seed = onlyWith[permission]
    if (seed !== undefined) await system.rehearsal.seed(seed)
    const before = seed === undefined ? hardened : await look()
    const allow = await system.aws.deny(permission)
    try {
      const rows = [...(await look()).values()]
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
        const [verdict] = decide(judged.filter((row) => row.outcome !== 'fail'), [phase], () => ({ verdict: 'GO', say: '' })) // without what the fault itself turned red
        expect([phase, verdict!.verdict]).toEqual([phase, own.some((row) => row.severity !== 'minor') ? 'HOLD' : 'GO WITH CONDITIONS'])
        expect(verdict!.reasons.map((reason) => reason.say).join('\n')).toContain(permission)
      }
      proven += 1
    } finally {
      await allow()
      if (seed !== undefined) await system.rehearsal.undo(seed)
    }
  })
})

afterAll(() => { process.stdout.write(`denied matrix: ${proven} of ${permissions.length} permissions denied, each a HOLD (conditions for a minor) that names it, no row lost, none became a pass\n`) })
