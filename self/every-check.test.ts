/** Proves each check without test code of its own: good facts pass, a missing need is unknown, each fault edit turns it red. */
import { readFile, readdir } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { assess, needsOf } from '#harness/assess.ts'
import type { Check, CheckId, Fault, Line, Observation, ObservationId, Target } from '#harness/kernel.ts'
import { loadChecks, loadObservers, required } from '#harness/ledger.ts'
import { root } from '#harness/paths.ts'
import { given, idOf } from '#harness/store.ts'
import { makePlan } from '#plan/expect.ts'
import { applyFault, editable } from './given-facts.ts'

const [checks, lines, observers] = await Promise.all([loadChecks(), required(), loadObservers()])
const { target, outputs } = JSON.parse(await readFile(root('fixtures/recorded/hardened/context.json'), 'utf8')) as { target: Target; outputs: Record<string, unknown> }
const recordings = await Promise.all((await readdir(root('fixtures/recorded/hardened/observations'))).map(async (name) => JSON.parse(await readFile(root('fixtures/recorded/hardened/observations', name), 'utf8')) as Observation))
const good = new Map<ObservationId, unknown>(recordings.map((one) => [one.id, one.ok ? one.value : undefined]))
const plan = makePlan(target, outputs, recordings[0]!.at)

const judge = (line: Line, check: Check, store: Record<string, unknown>) => assess(line, check, given(store, target), plan)
const lineOf = (id: CheckId): Line => { const own = lines.filter((line) => line.id === id); return own.find((line) => line.source === 'live') ?? own[0]! }

test('checks were found', () => { expect(checks.size).toBeGreaterThanOrEqual(51) })
test('each required check and source stands once, and each check file is required', () => {
  const ids = lines.map((line) => `${line.id}@${line.source}`)
  expect(new Set(ids).size).toBe(ids.length)
  expect(new Set(lines.map((line) => line.id)).size).toBe(181)
  expect([...checks.keys()].filter((id) => !lines.some((line) => line.id === id))).toEqual([])
})

describe.each([...checks])('%s', (id, check) => {
  const own = lines.filter((line) => line.id === id)
  test('says of itself what the ledger says', () => {
    expect(check.title).toBe(own[0]!.title)
    expect(check.title).toMatch(/^[A-Za-z0-9 /,-]+$/)
    expect([...check.phases].sort()).toEqual(own.flatMap((line) => line.phases).sort())
    expect([check.severity, check.standing]).toEqual([own[0]!.severity, own[0]!.standing])
    expect(check.why).toMatch(/^[A-Z].*\.$/)
    expect(Math.min(check.requirements.length, check.hipaa.length, check.controls.length, check.remedy.say.length)).toBeGreaterThan(0)
  })
  test('every fact that it needs is observed in every source that it looks at', () => {
    for (const line of own) for (const [, need] of needsOf(check, line.source)) expect(observers.has(idOf(need, line.source)), `${idOf(need, line.source)} has no observer`).toBe(true)
  })
  test.each(own.map((line) => [line.source, line] as const))('passes on the hardened system (%s)', async (source, line) => {
    const row = await judge(line, check, editable(check, source, good).store())
    expect(row.claims.filter((claim) => claim.holds !== true)).toEqual([])
    expect(row.outcome).toBe('pass')
  })
  test.each(own.flatMap((line) => needsOf(check, line.source).map(([name, need]) => [name, line, idOf(need, line.source)] as const)))('is unknown without %s', async (_, line, factId) => {
    const store = editable(check, line.source, good).store()
    delete store[factId]
    expect((await judge(line, check, store)).outcome).toBe('unknown')
  })
  test('has a fault', () => { expect(Object.keys(check.faults).length).toBeGreaterThan(0) })
  test.each(Object.entries(check.faults) as [string, Fault<any>][])('fails under %s', async (faultId, fault) => {
    const line = faultId.startsWith('tf-') ? (own.find((one) => one.source === 'tfplan') ?? own[0]!) : lineOf(id)
    const facts = editable(check, line.source, good)
    applyFault(fault, facts)
    expect((await judge(line, check, facts.store())).outcome).toBe('fail')
  })
})
