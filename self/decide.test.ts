import { describe, expect, test } from 'vitest'
import { decide, exitCode, worst } from '#harness/decide.ts'
import { phaseNumbers, type Outcome, type Phase, type Row, type Severity, type Verdict, type Waiver } from '#harness/kernel.ts'

const waiver: Waiver = { check: 'infra/x', at: ['a'], reason: 'r', owner: 'o', approvedBy: ['p'], until: '2026-12-01T00:00Z' }
const row = (phase: Phase, outcome: Outcome, severity: Severity = 'blocker', more: Partial<Row> = {}): Row => ({
  id: `infra/${phase}-${outcome}-${severity}`, title: 'T', source: 'live', phases: [phase], severity, outcome, claims: [], facts: [], ms: 0, provenOn: 'target',
  ...(outcome === 'unknown' ? { why: { kind: 'denied', say: 'denied', next: 'allow' } } : {}), ...more,
})
/** All phases pass but for these rows. */
const system = (...rows: Row[]): Row[] => [...phaseNumbers.map((phase) => row(phase, 'pass', 'major')), ...rows]
const verdictOf = (phase: Phase, rows: Row[]): Verdict => decide(rows, phaseNumbers).find((one) => one.phase === phase)!.verdict

describe('one phase', () => {
  test.each<[string, Row[], Verdict]>([
    ['everything passes', [], 'GO'],
    ['inapplicable rows do not count', [row(3, 'inapplicable')], 'GO'],
    ['a blocker failed', [row(3, 'fail')], 'NO-GO'],
    ['a major failed', [row(3, 'fail', 'major')], 'NO-GO'],
    ['a minor failed', [row(3, 'fail', 'minor')], 'GO WITH CONDITIONS'],
    ['a blocker is unknown', [row(3, 'unknown')], 'HOLD'],
    ['a major is unknown', [row(3, 'unknown', 'major')], 'HOLD'],
    ['a minor is unknown', [row(3, 'unknown', 'minor')], 'GO WITH CONDITIONS'],
    ['a failure outweighs an unknown', [row(3, 'unknown'), row(3, 'fail', 'major')], 'NO-GO'],
    ['an unknown outweighs a minor failure', [row(3, 'fail', 'minor'), row(3, 'unknown', 'major')], 'HOLD'],
    ['a waived blocker', [row(3, 'fail', 'blocker', { waived: waiver })], 'GO WITH CONDITIONS'],
    ['a waived blocker beside another failure', [row(3, 'fail', 'blocker', { waived: waiver }), row(3, 'fail', 'major')], 'NO-GO'],
    ['proven on a twin', [row(3, 'pass', 'blocker', { provenOn: 'twin' })], 'GO WITH CONDITIONS'],
  ])('%s', (_, rows, want) => { expect(verdictOf(3, system(...rows))).toBe(want) })

  test('no rows at all is not GO', () => { expect(decide([], [0])[0]!.verdict).toBe('HOLD') })
})

describe('dependencies 0, 1, 2, 3, 4, then 5 and 6, then 7', () => {
  test.each<[string, Row[], Partial<Record<Phase, Verdict>>]>([
    ['HOLD blocks what follows', [row(2, 'unknown')], { 1: 'GO', 2: 'HOLD', 3: 'BLOCKED', 4: 'BLOCKED', 7: 'BLOCKED' }],
    ['NO-GO blocks what follows', [row(4, 'fail')], { 3: 'GO', 4: 'NO-GO', 5: 'BLOCKED', 6: 'BLOCKED', 7: 'BLOCKED' }],
    ['a failure behind a block is NO-GO', [row(2, 'unknown'), row(5, 'fail')], { 5: 'NO-GO', 6: 'BLOCKED' }],
    ['an unknown behind a block is BLOCKED', [row(2, 'unknown'), row(5, 'unknown')], { 5: 'BLOCKED' }],
    ['conditions do not block', [row(2, 'fail', 'minor')], { 2: 'GO WITH CONDITIONS', 3: 'GO', 7: 'GO' }],
    ['5 and 6 do not wait for each other', [row(5, 'fail')], { 5: 'NO-GO', 6: 'GO', 7: 'BLOCKED' }],
  ])('%s', (_, rows, want) => {
    for (const [phase, verdict] of Object.entries(want)) expect([phase, verdictOf(Number(phase) as Phase, system(...rows))]).toEqual([phase, verdict])
  })

  test('a phase outside the run counts only with its earlier verdict', () => {
    const rows = system()
    expect(decide(rows, [3])[0]).toMatchObject({ verdict: 'BLOCKED', reasons: [{ say: expect.stringContaining('--phase 0-2') }] })
    expect(decide(rows, [3], () => ({ verdict: 'GO', say: '' }))[0]!.verdict).toBe('GO')
    expect(decide(rows, [3], () => ({ verdict: 'HOLD', say: '' }))[0]!.verdict).toBe('BLOCKED')
  })
})

test('the release verdict is the worst phase', () => {
  expect(worst(decide(system(row(2, 'unknown'), row(7, 'fail')), phaseNumbers))).toBe('NO-GO')
  expect(worst(decide(system(row(7, 'unknown')), phaseNumbers))).toBe('HOLD')
  expect(worst(decide(system(), phaseNumbers))).toBe('GO')
  expect(worst([])).toBe('HOLD')
})

test.each<[Verdict | 'PARTIAL', Row[], boolean, number]>([
  ['GO', [], false, 0], ['GO', [], true, 0], ['GO WITH CONDITIONS', [], false, 0], ['GO WITH CONDITIONS', [], true, 2],
  ['NO-GO', [], false, 1], ['HOLD', [], false, 2], ['BLOCKED', [], false, 2],
  ['PARTIAL', [row(3, 'pass')], false, 0], ['PARTIAL', [row(3, 'fail')], false, 1], ['PARTIAL', [row(3, 'unknown')], false, 2],
  ['PARTIAL', [row(3, 'fail', 'minor')], false, 1], ['PARTIAL', [], false, 2], ['PARTIAL', [row(3, 'fail', 'blocker', { waived: waiver })], false, 0],
])('%s exits as documented (%#)', (verdict, rows, strict, want) => { expect(exitCode(verdict, rows, strict)).toBe(want) })
