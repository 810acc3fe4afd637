import { describe, expect, test } from 'vitest'
import { outcomes, verdicts } from '../kernel.ts'
import { reasonOf } from './problems.ts'
import { bad, ok, sample, samples } from './sample.ts'
import { countsLine, view } from './view.ts'
import { difference, lasted, printable, ranges, show, showBoth, utc } from './words.ts'

describe('verdict', () => {
  test.each([...verdicts, 'PARTIAL'] as const)('%s stays as decided, whatever the rows say', verdict => {
    for (const make of [samples.go, samples.nogo]) expect(view({ ...make().result, verdict }).verdict).toBe(verdict)
  })
  test.each([
    ['nogo', 'Phase 3, Terraform: The policy denies deleting objects and versions: not so (and 3 more)'],
    ['hold', 'It starts at Phase 0, Code push: The delivery is on main: no check file exists yet for this id (and 1 more)'],
    ['go', 'Everything required in phases 0-7 passed.'],
    ['partial', 'Only 2 selected rows: no phase is decided by them.'],
  ] as const)('%s: the sentence quotes the deciding reason', (name, sentence) => expect(view(samples[name]().result).sentence).toBe(sentence))
  test('a verdict that no phase gives is said to be unreliable', () => {
    expect(view({ ...samples.go().result, verdict: 'NO-GO' }).sentence).toContain('do not rely on this report')
  })
})

describe('problems', () => {
  test('fail before waived before unknown before not built', () => {
    const kinds = view(samples.nogo().result).problems.map(it => (it.waived ? 'waived' : it.kind))
    expect(kinds).toEqual(['fail', 'fail', 'fail', 'fail', 'fail', 'fail', 'waived', 'not-configured', 'not-built'])
  })
  test('a waived blocker comes after a minor that is not waived', () => {
    const waived = { check: 'infra/s3-versioning-enabled', at: ['Status'], reason: 'r', owner: 'o', approvedBy: ['a', 'b'], until: '2027-01-01' } as const
    const { result } = sample({ changes: { 'infra/s3-versioning-enabled': { claims: [bad('Status', 1, 2)], waived }, 'infra/s3-lifecycle-transition': { claims: [bad('transition', 1, 2)] } } })
    expect(view(result).problems.map(it => it.key)).toEqual(['infra/s3-lifecycle-transition', 'infra/s3-versioning-enabled', 'not-built'])
    expect(view(result).blockers.map(it => it.key)).toEqual(['not-built'])
  })
  test('inside by severity, then requirement', () => {
    const failing = view(samples.nogo().result).problems.filter(it => it.kind === 'fail' && !it.waived).map(it => `${it.severity} ${it.failing[0]!.meta!.requirements[0]}`)
    expect(failing).toEqual(['blocker R-060', 'blocker R-074', 'blocker R-074', 'blocker R-075', 'blocker R-085', 'major R-080'])
  })
  test('one deleted bucket is one problem', () => {
    const [first, ...rest] = view(samples.bucketGone().result).problems
    expect(first).toMatchObject({ kind: 'fail', cause: 'recordings.bucket' })
    expect(first!.failing.map(it => it.id)).toEqual(['infra/s3-bucket-identity'])
    expect(first!.unknown).toHaveLength(12)
    expect(rest.map(it => it.key)).toEqual(['not-built'])
  })
  test('a missing thing without a failing row keeps its rows together', () => {
    const { result } = samples.bucketGone()
    const [first] = view({ ...result, rows: result.rows.filter(row => row.outcome !== 'fail') }).problems
    expect(first).toMatchObject({ kind: 'cause', title: 'because of: recordings.bucket', failing: [] })
    expect(first!.unknown).toHaveLength(12)
  })
  test('a denied permission groups its rows, also those that it causes', () => {
    const { result } = samples.denied()
    const rows = result.rows.map(row => (row.id === 'infra/kms-recordings-key-state' && row.source === 'live'
      ? { ...row, outcome: 'unknown' as const, why: { kind: 'cause' as const, say: 'recordings.policy is not known', next: 'x', cause: 's3:GetBucketPolicy' } } : row))
    const [first] = view({ ...result, rows }).problems
    expect(first).toMatchObject({ kind: 'denied', title: 'denied: s3:GetBucketPolicy', cause: 's3:GetBucketPolicy' })
    expect(first!.unknown).toHaveLength(5)
  })
  test('a check without a file is not built; a fact without an observer is a problem with a name', () => {
    const why = { kind: 'not-built' as const, say: 'nothing observes keys.signing@live yet', next: 'write its observer', cause: 'keys.signing@live' }
    const it = view(sample({ changes: { 'infra/kms-signing-key-es256@live': { why } } }).result)
    expect(it.problems.map(({ title, unknown }) => [title, unknown.length])).toEqual([['not built: keys.signing@live', 1], ['not built', 180]])
    expect(it.counts.notBuilt).toBe(180)
  })
  test('an unknown row without any reason is still listed', () => {
    const { result } = sample({ changes: { 'infra/s3-versioning-enabled@live': { outcome: 'unknown', claims: [ok('Status', 'Enabled')] } }, built: true })
    const it = view(result)
    expect(it.problems.map(({ kind }) => kind)).toEqual(['crashed'])
    expect(reasonOf(it.problems[0]!.unknown[0]!).say).toBe('No reason was recorded.')
  })
  test('every row that does not pass is in a problem, each unknown row once', () => {
    for (const make of Object.values(samples)) {
      const { result } = make()
      const { problems } = view(result)
      const unknown = problems.flatMap(it => it.unknown)
      expect(new Set(unknown)).toEqual(new Set(result.rows.filter(row => row.outcome === 'unknown')))
      expect(unknown.length).toBe(new Set(unknown).size)
      const failing = problems.flatMap(it => it.failing.map(({ id }) => id))
      expect(new Set(failing)).toEqual(new Set(result.rows.filter(row => row.outcome === 'fail').map(row => row.id)))
      expect(failing.length).toBe(new Set(failing).size)
    }
  })
  test('at most five stand in the way, none of them minor or waived', () => {
    const it = view(samples.nogo().result)
    expect(it.blockers).toHaveLength(5)
    expect(it.moreBlockers).toBe(3)
    expect(view(samples.conditions().result).blockers).toEqual([])
  })
})

describe('counts', () => {
  test.each([
    ['nogo', '24 pass, 12 fail (2 waived), 182 unknown (180 not built), 0 inapplicable'],
    ['denied', '212 pass, 0 fail, 5 unknown, 1 inapplicable'],
    ['partial', '1 pass, 1 fail, 0 unknown, 0 inapplicable'],
  ] as const)('%s: %s', (name, line) => expect(countsLine(view(samples[name]().result).counts)).toBe(line))
  test('suites add up to the whole', () => {
    const it = view(samples.nogo().result)
    for (const outcome of outcomes) expect(it.suites.reduce((sum, suite) => sum + suite.counts[outcome], 0)).toBe(it.counts[outcome])
  })
})

test.each([
  ['nogo', 'npx visitgate explain infra/kms-signing-key-es256'],
  ['denied', 'allow s3:GetBucketPolicy to the auditor (visitgate doctor --policy prints the whole policy)'],
  ['hold', 'npm run new <id> writes its skeleton'],
  ['go', 'npx visitgate judge runs/x'],
] as const)('%s: next is %s', (name, next) => expect(view(samples[name]().result, 'runs/x').next).toBe(next))
test('a GO of the first phases asks for the next one', () => {
  expect(view({ ...samples.go().result, asked: [0, 1, 2, 3] }).next).toBe('npx visitgate gate --target production --phase 4')
})
test('a waiver that covers two rows is listed once', () => expect(view(samples.nogo().result).waivers).toHaveLength(1))
test('a partial run has no phase verdict, even if it carries one', () => {
  const phases = samples.go().result.phases
  expect(view({ ...samples.partial().result, phases }).phases.map(it => it.verdict)).toEqual(Array(8).fill(null))
})

test.each<[unknown, string]>([
  [null, 'nothing'], [undefined, 'nothing'], ['', '""'], [' ', '" "'], ['a', 'a'], [0, '0'], [false, 'false'], [[], '[]'], [{ a: [1] }, '{ "a": [ 1 ] }'], [['a', 'b c'], 'a, b c'], [['a, b'], '[ "a, b" ]'], [[''], '[ "" ]'], ['\u001b[2J', '\\u{1b}[2J'], ['\u202egnp', '\\u{202e}gnp'],
])('show(%j) is %s', (value, shown) => expect(show(value)).toBe(shown))
test.each<[unknown, unknown, string, string]>([[2557, 30, '2557', '30'], [2557, '2557', '2557', '"2557"'], [null, 'nothing', 'null', '"nothing"'], [['a'], 'a', '[ "a" ]', '"a"'], ['x', 'x', 'x', 'x']])(
  'wanted %j, got %j can be told apart', (a, b, want, got) => expect(showBoth(a, b)).toEqual({ want, got }))
test.each<[unknown, unknown, string | undefined]>([
  [['a', 'b'], ['b', 'c'], 'missing: a; too much: c'], [['a'], [], 'missing: a'], [['a'], ['a'], undefined], [['a'], 'a', undefined], [[1], [2], undefined],
])('difference(%j, %j) is %s', (want, got, says) => expect(difference(want, got)).toBe(says))
test.each([['2026-11-23T10:02:11.004Z', '2026-11-23 10:02:11 UTC'], ['2026-11-23T10:02:11Z', '2026-11-23 10:02:11 UTC'], ['yesterday', 'yesterday']])('utc(%s)', (iso, shown) => expect(utc(iso)).toBe(shown))
test.each([['2026-11-23T10:00:00Z', '2026-11-23T10:00:14.4Z', '14.4 s'], ['2026-11-23T10:00:00Z', '2026-11-23T10:02:05Z', '2 min 5 s'], ['2026-11-23T10:00:00Z', '', 'unknown duration']])(
  'lasted(%s, %s)', (from, to, shown) => expect(lasted(from, to)).toBe(shown))
test.each<[(0 | 1 | 2 | 3 | 4 | 5 | 6 | 7)[], string]>([[[0, 1, 2, 3, 4, 6], '0-4, 6'], [[7], '7'], [[4, 3], '3-4'], [[], '']])('ranges(%j)', (phases, shown) => expect(ranges(phases)).toBe(shown))
test('printable leaves languages and emoji alone, and repairs half characters', () => {
  expect(printable('Größe 🎥 日本 «code#1»')).toBe('Größe 🎥 日本 «code#1»')
  expect(printable('🎥\u0007')).toBe('🎥\\u{7}')
  expect(printable('\ud800')).toBe('\ufffd')
})
