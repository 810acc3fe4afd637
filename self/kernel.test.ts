import { describe, expect, test } from 'vitest'
import { assess, outcomeOf } from '#harness/assess.ts'
import { atLeast, equal, forEach, none, notKnown, tried } from '#harness/claim.ts'
import { beside, check, fact, from, observer, orNull, when } from '#harness/fact.ts'
import type { Check, Claim, Line, Needs, Observer, Outcome, Safety, Target, Trial, Why } from '#harness/kernel.ts'
import { lookFor } from '#harness/look.ts'
import { scrubber, seal } from '#harness/seal.ts'
import { given, observing, recorded, type ObservingOptions } from '#harness/store.ts'
import { makePlan } from '#plan/expect.ts'
import { unknown } from '#domain/unknown.ts'

const target: Target = { name: 'test', kind: 'rehearsal' }
const plan = makePlan(target, {}, '2026-01-01T00:00:00.000Z')
const why: Why = { kind: 'denied', say: 'denied', next: 'allow' }
const thing = fact<{ days: number } | null>('test.thing', ['tfplan', 'live'])
const other = fact<string>('test.other', ['live'])
const line: Line = { id: 'infra/test', title: 'T', source: 'live', phases: [4], severity: 'blocker' }
const base = { title: 'T', why: 'w', phases: [4], severity: 'blocker', basis: 'plan', requirements: [], hipaa: [], controls: [], remedy: { say: 's' }, faults: {} } as const
const judgeOf = <N extends Needs>(needs: N, judge: Check<N>['judge'], more: Partial<Check<N>> = {}): Check => check({ ...base, needs, judge, ...more })
const row = (it: Check | undefined, values: Record<string, unknown>) => assess(line, it, given(values, target), plan)

describe('the outcome is computed', () => {
  test.each<[string, readonly Claim[], Outcome]>([
    ['all hold', [equal('a', 1, 1)], 'pass'],
    ['one does not', [equal('a', 1, 1), equal('b', 1, 2)], 'fail'],
    ['one is not known', [equal('a', 1, 1), notKnown('b', 1, why)], 'unknown'],
    ['fail beats unknown', [notKnown('b', 1, why), equal('a', 1, 2)], 'fail'],
    ['no claims at all', [], 'unknown'],
  ])('%s', (_, claims, want) => { expect(outcomeOf(claims).outcome).toBe(want) })

  const days = judgeOf({ thing }, ({ thing }) => [atLeast('Days', thing.days, 10)])
  test.each<[string, Check | undefined, Record<string, unknown>, Outcome, string?]>([
    ['good', days, { 'test.thing': { days: 10 } }, 'pass'],
    ['bad', days, { 'test.thing': { days: 9 } }, 'fail'],
    ['not observed', days, {}, 'unknown', 'not-run'],
    ['looked, not there', days, { 'test.thing': null }, 'fail'],
    ['not there, and another check says so', judgeOf({ thing: beside(thing) }, () => [equal('a', 1, 1)]), { 'test.thing': null }, 'unknown', 'cause'],
    ['not there is an answer', judgeOf({ thing: orNull(thing) }, ({ thing }) => [equal('a', thing, null)]), { 'test.thing': null }, 'pass'],
    ['no check file', undefined, {}, 'unknown', 'not-built'],
    ['a judge that throws', judgeOf({}, () => { throw new Error('boom') }), {}, 'unknown', 'crashed'],
    ['a judge that says why', judgeOf({}, () => { throw unknown('not-configured', 'no section', 'add it') }), {}, 'unknown', 'not-configured'],
    ['a judge that compares nothing', judgeOf({}, () => []), {}, 'unknown', 'nothing-compared'],
    ['a judge that waits', judgeOf({}, (async () => [equal('a', 1, 1)]) as never), {}, 'unknown', 'crashed'],
    ['declared inapplicable', judgeOf({}, () => [], { applies: () => 'uses Connect' }), {}, 'inapplicable', 'not-run'],
    ['applies cannot be read', judgeOf({}, () => [equal('a', 1, 1)], { applies: (plan) => plan.meetings === 'chime' || 'no' }), {}, 'unknown', 'not-configured'],
    ['a need of another source only', judgeOf({ other: when('tfplan', other) }, ({ other }) => [equal('a', other, undefined)]), {}, 'pass'],
    ['a need of a fixed source', judgeOf({ thing: from('tfplan', thing) }, ({ thing }) => [equal('a', thing.days, 3)]), { 'test.thing@tfplan': { days: 3 } }, 'pass'],
  ])('%s', async (_, it, values, want, kind) => {
    const got = await row(it, values)
    expect([got.outcome, got.why?.kind]).toEqual([want, kind])
  })

  test('a judge cannot change what the next one sees', async () => {
    const values = { 'test.thing': { days: 10 } }
    const store = given(values, target)
    expect((await assess(line, judgeOf({ thing }, ({ thing }) => { (thing as { days: number }).days = 0; return [equal('a', 1, 1)] }), store, plan)).outcome).toBe('unknown')
    expect((await assess(line, days, store, plan)).outcome).toBe('pass')
  })
})

describe('claims', () => {
  const trial = (control: boolean, allowed: boolean): Trial => ({ control: { did: 'control', allowed: control, answer: '200' }, tries: { delete: { ok: true, value: { did: 'delete', allowed, answer: '403' } } } })
  test.each<[string, readonly Claim[], Outcome]>([
    ['a bound without a value', [atLeast('a', null, 1)], 'fail'],
    ['a bound on NaN', [atLeast('a', Number.NaN, 1)], 'fail'],
    ['none of an empty list', [none('a', [])], 'pass'],
    ['an expected key that is absent', forEach(['a', 'b'], { a: { ok: true, value: 1 } }, () => [equal('a', 1, 1)]), 'fail'],
    ['a key that could not be observed', forEach(['a'], { a: { ok: false, why } }, () => []), 'unknown'],
    ['a probe whose tries are refused', tried(trial(true, false), 1), 'pass'],
    ['a probe with a try that is allowed', tried(trial(true, true), 1), 'fail'],
    ['a probe that tried too little', tried(trial(true, false), 2), 'fail'],
    ['a probe without the try that must succeed', tried(trial(true, false), 1, /other/), 'fail'],
    ['a probe without its control', tried(trial(false, false), 1), 'unknown'],
    ['a probe that must be allowed', tried(trial(true, true), 1, /delete/), 'pass'],
  ])('%s', (_, claims, want) => { expect(outcomeOf(claims).outcome).toBe(want) })
})

describe('the observing store', () => {
  const scrub = scrubber()
  const aws = { send: async (call: string) => ({ call }), region: async () => 'us-east-1', close() {} }
  const journal = { owe: async () => {}, paid: async () => {}, owed: async () => [], forget: async () => {} }
  const store = (observers: Observer[], more: Partial<ObservingOptions> = {}) => observing({
    observers: new Map(observers.flatMap((one) => one.sources.map((source) => [`${one.fact.fact}@${source}`, one] as const))), target, allow: ['A', 'B'], scrub, now: () => new Date(0), signal: new AbortController().signal,
    look: lookFor({ plan, aws, journal, scrub, now: () => new Date(0), base: '.' }), explain: (error) => ({ kind: 'crashed', say: String(error), next: 'n' }), ...more,
  })
  const makes = <T>(of: typeof thing | typeof other, observe: Observer['observe'], more: Partial<Observer<T>> = {}): Observer => ({ ...observer({ fact: of as never, sources: ['live'], safety: 'B' as Safety, seconds: 1, calls: [], needs: {}, observe }), ...more })

  test.each<[string, Observer[], Partial<ObservingOptions>, boolean, string?]>([
    ['sees', [makes(thing, async () => ({ days: 1 }))], {}, true],
    ['nobody looks', [], {}, false, 'not-built'],
    ['throws', [makes(thing, async () => { throw new Error('boom') })], {}, false, 'crashed'],
    ['rejects late', [makes(thing, () => new Promise((_, no) => setTimeout(() => no(new Error('late')), 5)))], {}, false, 'crashed'],
    ['never answers', [makes(thing, () => new Promise(() => {}), { seconds: 0.05 })], {}, false, 'timeout'],
    ['a class that is not allowed', [makes(thing, async () => 1, { safety: 'C' })], {}, false, 'not-allowed'],
    ['a call that was not declared', [makes(thing, async (_, look) => look.aws('S3.GetBucketPolicy', {}))], {}, false, 'crashed'],
    ['a write by a reader', [makes(thing, async (_, look) => look.aws('S3.PutObject', {}), { calls: ['S3.PutObject'] })], {}, false, 'crashed'],
    ['a clean-up by a reader', [makes(thing, async (_, look) => look.undo({ call: 'S3.DeleteObject', input: {}, as: 'probe' }), { calls: ['S3.DeleteObject'] })], {}, false, 'crashed'],
    ['the wrong account', [makes(thing, async () => 1)], { guard: async () => ({ kind: 'other-target', say: 's', next: 'n' }) }, false, 'other-target'],
    ['a need that is not known', [makes(thing, async () => 1, { needs: { other } }), makes(other, async () => { throw unknown('denied', 'd', 'n', 'iam:GetRole') })], {}, false, 'cause'],
    ['a need that is not there', [makes(thing, async () => 1, { needs: { other } }), makes(other, async () => null)], {}, false, 'cause'],
    ['a function is not data', [makes(thing, async () => () => 1)], {}, false, 'crashed'],
  ])('%s', async (_, observers, more, ok, kind) => {
    const seen = await store(observers, more).get(thing, 'live')
    expect([seen.ok, seen.ok ? undefined : seen.why.kind]).toEqual([ok, kind])
  })

  test('one fault is one cause, through any number of needs', async () => {
    const seen = await store([makes(thing, async () => 1, { needs: { other } }), makes(other, async () => { throw unknown('denied', 'd', 'n', 'iam:GetRole') })]).get(thing, 'live')
    expect(seen).toMatchObject({ ok: false, why: { cause: 'iam:GetRole' } })
  })
  test('a fact is looked at once', async () => {
    let times = 0
    const one = store([makes(thing, async () => { times += 1; return { days: times } })])
    await Promise.all([one.get(thing, 'live'), one.get(thing, 'live')])
    expect(times).toBe(1)
  })
  test('no probe starts in the wrong place', async () => {
    let started = false
    const seen = await store([makes(thing, async () => { started = true; return 1 }, { safety: 'D' })], { allow: ['A', 'B', 'D'], guard: async () => ({ kind: 'other-target', say: 's', next: 'n' }) }).get(thing, 'live')
    expect([seen.ok, started]).toEqual([false, false])
  })
  test('probes run one at a time', async () => {
    let now = 0, most = 0
    const probe = async () => { most = Math.max(most, ++now); await new Promise((done) => setTimeout(done, 10)); now -= 1; return { days: 1 } }
    const one = store([makes(thing, probe, { safety: 'D' }), makes(other, probe, { safety: 'C' })], { allow: ['A', 'B', 'C', 'D'] })
    await Promise.all([one.get(thing, 'live'), one.get(other, 'live')])
    expect(most).toBe(1)
  })
  test('a clean-up is owed before the write and paid after it', async () => {
    const log: string[] = []
    const look = lookFor({ plan, aws: { ...aws, send: async (call: string) => { log.push(call) } }, journal: { ...journal, owe: async () => { log.push('owe') }, paid: async () => { log.push('paid') } }, scrub, now: () => new Date(0), base: '.' })
    await store([makes(thing, async (_, l) => { await l.undo({ call: 'S3.DeleteObject', input: {}, as: 'probe' }); await l.aws('S3.PutObject', {}, 'probe'); return { days: 1 } }, { safety: 'C', calls: ['S3.PutObject', 'S3.DeleteObject'] })], { allow: ['A', 'B', 'C'], look }).get(thing, 'live')
    expect(log).toEqual(['owe', 'S3.PutObject', 'S3.DeleteObject', 'paid'])
  })
  test('recorded in an older shape is unknown', async () => {
    const seen = seal({ id: 'test.thing@live', version: 1, at: new Date(), ms: 0, target: 'test', safety: 'A', seen: { ok: true, value: { days: 1 } } }, scrub)
    const store = recorded(new Map([[seen.id, seen]]), () => null, target)
    expect((await store.get(thing, 'live')).ok).toBe(true)
    expect(await store.get({ ...thing, version: 2 } as never, 'live')).toMatchObject({ ok: false, why: { kind: 'stale' } })
  })
})
