import { describe, expect, test } from 'vitest'
import type { Claim, Line, Row } from '#harness/kernel.ts'
import { applyWaivers, readWaivers } from '#harness/waiver.ts'

const now = new Date('2026-11-01T00:00:00Z')
const lines: Line[] = (['blocker', 'major', 'minor'] as const).map((severity) => ({ id: `infra/${severity}`, title: 'T', source: 'live', phases: [4], severity }))
const never = ['infra/never']
const good = { check: 'infra/blocker', at: ['Days'], reason: 'migration', owner: 'security', approvedBy: ['A', 'B'], until: '2026-11-20T00:00Z' }
const read = (document: unknown) => readWaivers(document, 'waivers.json', [...lines, { ...lines[0]!, id: 'infra/never' }], never, now)

describe('a malformed waiver is wrong usage, with its place', () => {
  test.each<[string, unknown, RegExp]>([
    ['not a list', {}, /must be a list/],
    ['unknown id', [{ ...good, check: 'infra/nothing' }], /\/0\/check: no check has the id/],
    ['never', [{ ...good, check: 'infra/never' }], /can never be waived/],
    ['no findings', [{ ...good, at: [] }], /\/0\/at/],
    ['no reason', [{ ...good, reason: '' }], /\/0\/reason/],
    ['no owner', [{ ...good, owner: undefined }], /\/0\/owner/],
    ['a date without time', [{ ...good, until: '2026-11-20' }], /\/0\/until: must be a UTC time/],
    ['a date that is none', [{ ...good, until: '2026-13-40T00:00Z' }], /\/0\/until/],
    ['local time', [{ ...good, until: '2026-11-20T00:00+01:00' }], /\/0\/until/],
    ['one approver for a blocker', [{ ...good, approvedBy: ['A'] }], /needs 2 approvers/],
    ['the same approver in other letters', [{ ...good, approvedBy: ['Jane', ' jane '] }], /needs 2 approvers/],
    ['a blank owner', [{ ...good, owner: ' ' }], /\/0\/owner/],
    ['an unknown field', [{ ...good, untill: 'x' }], /\/0\/untill: a waiver has no such field/],
    ['the same approver twice', [{ ...good, approvedBy: ['A', 'A'] }], /needs 2 approvers/],
    ['31 days for a blocker', [{ ...good, until: '2026-12-02T00:01Z' }], /30 days at most/],
    ['91 days for a major', [{ ...good, check: 'infra/major', until: '2027-02-01T00:00Z' }], /90 days at most/],
  ])('%s', (_, document, want) => { expect(() => read(document)).toThrow(want) })
  test('a good one', () => { expect(read([good])).toHaveLength(1) })
})

describe('a waiver covers findings, not the check', () => {
  const claim = (at: string, holds: Claim['holds'] = false): Claim => ({ at, want: 1, got: 2, holds })
  const row = (...claims: Claim[]): Row => ({ ...lines[0]!, outcome: 'fail', claims, facts: [], ms: 0 })
  const waivers = read([good])
  test.each<[string, Row, Date, boolean]>([
    ['the named finding', row(claim('Days'), claim('Mode', true)), now, true],
    ['another finding', row(claim('Mode')), now, false],
    ['the named one and another', row(claim('Days'), claim('Mode')), now, false],
    ['an unknown beside it', row(claim('Days'), claim('Mode', { kind: 'denied', say: 's', next: 'n' })), now, false],
    ['after it expired', row(claim('Days')), new Date('2026-11-20T00:00:00Z'), false],
  ])('%s', (_, it, at, want) => {
    const { rows, ignored } = applyWaivers([it], waivers, at)
    expect(rows[0]!.waived !== undefined).toBe(want)
    expect(rows[0]!.outcome).toBe('fail') // the raw outcome stays
    expect(ignored.length).toBe(want ? 0 : 1)
  })
})
