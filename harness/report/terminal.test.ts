import { describe, expect, test } from 'vitest'
import { verdicts } from '../kernel.ts'
import { bad, ok, poisoned, sample, samples } from './sample.ts'
import { terminal } from './terminal.ts'

const plain = { color: false, width: 100, where: 'runs/latest' }
const ansi = /\u001b\[[0-9;]*m/g

test('a partial run of one check, word for word', () => {
  expect(terminal(samples.partial().result, plain)).toBe(`\
Visitgate  rehearsal (rehearsal)  rollout, phases 0-7
  Account      111122223333, us-east-1
  Auditor      arn:aws:iam::111122223333:user/visitgate-auditor
  When         2026-11-23 10:02:11 UTC, took 14.4 s

x infra/s3-object-lock-days  blocker  live
  Recordings are locked for at least seven years
    Days  wanted at least 2557, got 30
    fix  Set the default retention to 2557 days.

+ infra/s3-object-lock-days  tfplan
    Days  wanted at least 2557, got 2557

  note MiniStack 1.5.33 accepts KMS-encrypted puts without KMS rights, so these refusals are shown
       by the policy evaluator only.

+--------------------------------------------------------------------------------------------------+
| ~ PARTIAL                                                                                        |
| Only 2 selected rows: no phase is decided by them.                                               |
+--------------------------------------------------------------------------------------------------+

1 pass, 1 fail, 0 unknown, 0 inapplicable
Report  runs/latest/report.html
Next    npx visitgate explain infra/s3-object-lock-days
`)
})

describe.each(Object.entries(samples))('%s', (name, make) => {
  const { result } = make()
  test.each([60, 80, 100, 160])('fits %i columns, but for single long words', width => {
    const indent = 24 // a label and the words after it that stay together
    for (const line of terminal(result, { ...plain, width }).split('\n')) {
      const longest = Math.max(...line.split(' ').map(word => word.length))
      if (longest < width - indent) expect(line.length, line).toBeLessThanOrEqual(width)
    }
  })
  test('without colour: no escape codes, marks and lines in ASCII', () => {
    const text = terminal(result, plain)
    expect(text).not.toMatch(ansi)
    expect(text.replaceAll('4d5f…', '')).toMatch(/^[\x20-\x7e\n]*$/) // the sample's own values have one other character
  })
  test('with colour: the same words', () => {
    const text = terminal(result, { ...plain, color: true })
    expect(text).toMatch(ansi)
    const ascii = { '✗': 'x', '✓': '+', '⊘': '#', '–': '-', '│': '|', '─': '-', '┌': '+', '┐': '+', '└': '+', '┘': '+' } as Record<string, string>
    const lines = (it: string) => it.replace(ansi, '').replace(/[✗✓⊘–│─┌┐└┘]/g, sign => ascii[sign]!).split('\n').filter(line => !/…|\.\.\./.test(line)) // cut at another place
    expect(lines(text)).toEqual(lines(terminal(result, plain)))
  })
  test('says the verdict of the result, and the same twice', () => {
    const text = terminal(result, plain)
    expect(text).toMatch(new RegExp(`^\\| . ${result.verdict} +\\|$`, 'm'))
    expect(terminal(result, plain)).toBe(text)
  })
  if (result.verdict !== 'PARTIAL') {
    test('one line a phase', () => {
      const text = terminal(result, plain)
      for (const { phase, title, verdict } of result.phases) expect(text.match(new RegExp(`^  ${phase} ${title} +. ${verdict}(  |$)`, 'gm')), `${name} ${title}`).toHaveLength(1)
    })
  }
})

test.each([...verdicts, 'PARTIAL'] as const)('%s in the result is the word on the terminal, whatever the rows say', verdict => {
  expect(terminal({ ...samples.nogo().result, verdict }, plain)).toMatch(new RegExp(`^\\| . ${verdict} +\\|$`, 'm'))
})

test('not built is folded: one line per suite with its count, no id', () => {
  const { result } = samples.hold()
  const text = terminal(result, plain)
  expect(text).toContain('? not built  180 rows\n    files    16\n    infra    84\n    db       16\n    api      24\n    e2e      16\n    load      6\n    cost      6\n    attest   12\n')
  for (const row of result.rows.filter(it => it.why?.kind === 'not-built')) expect(text).not.toContain(row.id)
  expect(text.split('\n').length).toBeLessThan(50)
})

test('a denied permission is named with its rows and the next step', () => {
  expect(terminal(samples.denied().result, plain)).toContain(`\
? denied: s3:GetBucketPolicy  4 rows, blocker
    the auditor may not s3:GetBucketPolicy
    rows infra/s3-policy-deny-insecure-transport@live, infra/s3-policy-deny-delete@live,
         infra/s3-policy-media-pipeline-grant@live, infra/iam-sim-forbidden-denied@live
    next allow s3:GetBucketPolicy to the auditor (visitgate doctor --policy prints the whole policy)
`)
})

test('rows unknown by cause stand under the failing check, not in a list of their own', () => {
  const text = terminal(samples.bucketGone().result, plain)
  expect(text).toContain('x infra/s3-bucket-identity  major  live\n')
  expect(text).toContain('    so not judged: infra/s3-object-lock-enabled@live')
  expect(text).toContain('and 6 more')
  expect(text.match(/^\?/gm)).toHaveLength(1) // not built
})

test.each<[string, Parameters<typeof sample>[0], string]>([
  ['a finding in one source only names it', { changes: { 'infra/s3-versioning-enabled@tfplan': { claims: [bad('Status', 'Enabled', 'Suspended')] }, 'infra/s3-versioning-enabled@live': { claims: [bad('Status', 'Enabled', null)] } } }, '    Status  wanted Enabled, got Suspended [tfplan]\n    Status  wanted Enabled, got nothing [live]\n'],
  ['lists say what differs', { changes: { 'infra/iam-policy-attached': { claims: [bad('attached', ['a', 'b'], ['b', 'c'])] } } }, '    attached  missing: a; too much: c\n'],
  ['many findings are cut', { changes: { 'infra/iam-policy-attached': { claims: Array.from({ length: 11 }, (_, n) => bad(`p${n}`, 1, 2)) } } }, '    p7  wanted 1, got 2\n    and 3 more in the report\n'],
  ['an undecided claim is no finding', { changes: { 'infra/iam-policy-attached': { claims: [bad('a', 1, 2), { ...ok('b', 1), holds: { kind: 'denied', say: 's', next: 'n' } }] } } }, '    a  wanted 1, got 2\n    fix'],
  ['a long place stands on a line of its own', { changes: { 'infra/iam-policy-attached': { claims: [bad('kms:Sign on arn:aws:kms:us-east-1:111122223333:key/9d6ec865', 'allowed', 'denied')] } } }, '    kms:Sign on arn:aws:kms:us-east-1:111122223333:key/9d6ec865\n      wanted allowed, got denied\n'],
  ['notes beyond four are counted', { notes: ['n1', 'n2', 'n3', 'n4', 'n5'] }, '  note n3\n  and 2 more notes in the report\n'],
  ['a waiver is listed once', { changes: { 'infra/s3-versioning-enabled': { claims: [bad('Status', 1, 2)], waived: { check: 'infra/s3-versioning-enabled', at: ['Status'], reason: 'R.', owner: 'o', approvedBy: ['p', 'q'], until: '2027-01-01' } } } }, '  waived infra/s3-versioning-enabled (Status) until 2027-01-01: R. Owner o, approved by p, q\n'],
])('%s', (_, options, expected) => expect(terminal(sample(options).result, plain)).toContain(expected))

test('in detail: rows that pass with their claims, proofs from staging, what does not apply and why', () => {
  const text = terminal(samples.denied().result, { ...plain, verbose: true })
  expect(text).toContain('+ infra/kms-rotation-enabled  live, proven on staging\n    KeyRotationEnabled  wanted true, got true\n')
  expect(text).toContain('- infra/ecs-connect-instance-resolves  live\n    the target says meetings: chime\n')
  expect(terminal(samples.denied().result, plain)).not.toContain('infra/kms-rotation-enabled')
})

test('nothing that was observed steers the terminal', () => {
  const text = terminal(poisoned(samples.nogo(), '\u001b[2J\u0007\r\u202e').result, { ...plain, verbose: true })
  expect(text).toContain('\\u{1b}[2J')
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
})
