import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { outcomes, verdicts } from '../kernel.ts'
import type { RunResult } from '../kernel.ts'
import { html } from './html.ts'
import { dark, light, tones } from './html/style.ts'
import { bad, denied, poisoned, sample, samples } from './sample.ts'

const page = ({ result, observations }: { result: RunResult; observations: Readonly<Record<string, unknown>> }) => html(result, observations)
const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(it => it[1]!)
const textOf = (markup: string) => markup.replace(/<style>[^]*?<\/style>/, '').replaceAll('<wbr>', '').replace(/<[^>]*>/g, ' ').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, '&').replace(/\s+/g, ' ')
const card = (text: string, id: string) => text.slice(text.indexOf(`id="${id}"><details`), text.indexOf('</article>', text.indexOf(`id="${id}"><details`)))
const verdictOf = (text: string) => /<h1><span class="sign" aria-hidden="true">(.)<\/span>([^<]*)<\/h1>/.exec(text)?.slice(1)

/** Every tag closed in order; attributes quoted. A browser would repair what is wrong, and hide it. */
function unbalanced(text: string): string[] {
  const open: string[] = []
  const wrong: string[] = []
  const empty = new Set(['meta', 'br', 'wbr', 'path', 'rect', 'circle'])
  for (const [tag, slash, name, rest] of text.replace('<!doctype html>', '').matchAll(/<(\/?)([a-z0-9]*)([^>]*)>/g) as Iterable<RegExpExecArray & [string, string, string, string]>) {
    if (!/^(\s+[a-zA-Z-]+(="[^"<>]*")?)*\s*\/?$/.test(rest)) wrong.push(tag)
    if (slash) { if (open.pop() !== name) wrong.push(tag) } else if (!empty.has(name) && !rest.endsWith('/')) open.push(name)
  }
  return [...wrong, ...open]
}

describe.each(Object.entries(samples))('%s', (name, make) => {
  const { result, observations } = make()
  const text = html(result, observations)

  test('is well-formed', () => expect(unbalanced(text)).toEqual([]))
  test('ids are unique and every link inside the page arrives', () => {
    const ids = matches(text, / id="([^"]*)"/g)
    expect(ids.length).toBeGreaterThan(20)
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
    expect(matches(text, / href="#([^"]*)"/g).filter(id => !ids.includes(id))).toEqual([])
    const named = matches(text, / aria-labelledby="([^"]*)"/g).flatMap(it => it.split(' '))
    expect(named.filter(id => !ids.includes(id))).toEqual([])
  })
  test('needs nothing and runs nothing: no script, no address, no inline style', () => {
    expect(text.match(/<(script|link|img|iframe|object|form|base)\b| (src|style|on\w+)=|url\((?!#)|@import|https?:|javascript:/i)).toBeNull()
    const css = /<style>([^]*?)<\/style>/.exec(text)![1]!
    expect(/Content-Security-Policy" content="([^"]*)"/.exec(text)![1]).toBe(`default-src &#39;none&#39;; style-src &#39;sha256-${createHash('sha256').update(css).digest('base64')}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;`)
  })
  test('headings descend one level at a time, below one h1', () => {
    const levels = matches(text, /<h([1-6])\b/g).map(Number)
    expect(levels[0]).toBe(1)
    expect(levels.filter(it => it === 1)).toHaveLength(1)
    levels.reduce((before, level) => { expect(level).toBeLessThanOrEqual(before + 1); return level })
  })
  test('every table has a caption and a header, every picture a name and a description', () => {
    expect(matches(text, /(<table\b)/g).length).toBe(matches(text, /<table[^>]*>(<caption>[^<])/g).length)
    expect(matches(text, /(<th [^>]*scope="col")/g).length).toBeGreaterThanOrEqual(matches(text, /(<table\b)/g).length)
    for (const svg of matches(text, /(<svg[^]*?<\/svg>)/g)) expect(svg).toMatch(/^<svg role="img"[^>]* aria-labelledby="[^"]+ [^"]+"><title id="[^"]+">[^<]+<\/title><desc id="[^"]+">[^<]+<\/desc>/)
  })
  test('no meaning by colour alone: every coloured mark stands before its word', () => {
    const marked = matches(text, /<span class="(?:word|badge) [a-z]+">(.*?)<\/span>(?=[^])/g)
    expect(marked.length).toBeGreaterThan(1)
    for (const inner of matches(text, /<span class="(?:word|badge) [a-z]+">((?:<span[^>]*>[^<]*<\/span>)?[^<]*)<\/span>/g)) expect(textOf(inner).trim()).toMatch(/[a-z]{2}/i)
  })
  test('is the same twice, in any time zone', () => {
    const zone = process.env.TZ
    process.env.TZ = 'Asia/Tokyo'
    try { expect(html(result, observations) === text).toBe(true) } finally { if (zone === undefined) delete process.env.TZ; else process.env.TZ = zone }
  })
  test('says the verdict of the result once, as its heading and in the title', () => {
    expect(verdictOf(text)?.[1]).toBe(result.verdict)
    expect(text).toContain(`<title>${result.verdict}: ${result.run.target.name}`)
  })
  test('every row of the ledger is on the page, with its outcome', () => {
    for (const row of result.rows) expect(text.includes(row.id), row.id).toBe(true)
    for (const id of new Set(result.rows.filter(row => row.why?.kind !== 'not-built').map(row => row.id))) {
      for (const row of result.rows.filter(it => it.id === id)) expect(textOf(card(text, id)), `${name} ${id}`).toContain(`${row.source}: ${row.outcome}`)
    }
  })
  test('is small', () => expect(text.length).toBeLessThan(result.verdict === 'NO-GO' || result.verdict === 'BLOCKED' ? 300_000 : 640_000))
})

test('a check may serve a requirement that this run does not list: then there is no link to nowhere', () => {
  const { result, observations } = samples.nogo()
  const text = html({ ...result, requirements: result.requirements.slice(20) }, observations)
  const ids = matches(text, / id="([^"]*)"/g)
  expect(matches(text, / href="#([^"]*)"/g).filter(id => !ids.includes(id))).toEqual([])
  expect(textOf(text)).toContain('load/in-another-phase')
})
test.each([...verdicts, 'PARTIAL'] as const)('%s in the result is the word on the page, whatever the rows say', verdict => {
  const { result, observations } = samples.nogo()
  expect(verdictOf(html({ ...result, verdict }, observations))?.[1]).toBe(verdict)
})
test('no two verdicts share a mark', () => {
  const { result, observations } = samples.go()
  const signs = [...verdicts, 'PARTIAL' as const].map(verdict => verdictOf(html({ ...result, verdict }, observations))?.[0])
  expect(new Set(signs).size).toBe(6)
})

describe('hostile text', () => {
  test.each(['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)", '</style><script>', '</pre></code>', '&lt;b&gt;', ']]>', '\u202e\u001b[2J'])('%j is text in every field', nasty => {
    const text = page(poisoned(samples.nogo(), nasty))
    expect(unbalanced(text)).toEqual([])
    expect(text.match(/<(script|img)|\u202e|\u001b/i)).toBeNull()
    expect(text.replace(/="[^"]*"/g, '').match(/<[^>]* on\w+\b/)).toBeNull()
    if (!nasty.includes('\u202e')) expect(textOf(text).includes(nasty)).toBe(true)
  })
  test('the poison reached every kind of field', () => {
    const text = textOf(page(poisoned(samples.nogo(), 'NASTY')))
    for (const part of ['as-planned', 'us-east-1', 'visitgate-auditor', 'infra/s3-policy-deny-delete', 'deleting objects and versions', 'the Deny names s3:DeleteObject only', 's3:DeleteObjectVersion', 'protects what is not locked yet.', 'to the Deny.', 'arn:aws:kms:us-east-1:111122223333:key/0b6e2a5d-5a0e-4d2e-9f0e-2f1f3f6f9b11',
      '164.312(c)(1)', 'AU-9', 'R-074', 'Finance asked for an earlier transition.', 'dev-lead', 'security-lead', 'the Connect stand-in', 'by the policy evaluator only.', 'connect.instance@live', 'the target does not say connect', 'add connect to the target file', '403 AccessDenied', 'task role, DeleteObjects', 'plan.json', 'no check file exists yet for this id', 'in the words of the team.', 'DenyInsecureConnections']) {
      expect(text.includes(`${part}NASTY`), part).toBe(true)
    }
  })
  test('JSON cannot pass itself off as markup', () => {
    const { result } = samples.partial()
    const text = html(result, { 'recordings.defaultRetention@live': JSON.parse('{"ok":true,"value":{"markup":"<i>x</i>","Symbol(markup)":"<i>y</i>"}}') })
    expect(text).not.toContain('<i>')
  })
})

describe('a check', () => {
  const text = page(samples.nogo())
  const failing = textOf(card(text, 'infra/s3-policy-deny-delete'))
  test.each([
    'The policy denies deleting objects and versions', 'tfplan: fail', 'live: fail', 'blocker', 'The lock protects versions',
    'Looked at in tfplan and live: 2 claims Where Wanted Got Holds s3:DeleteObjectVersion the Deny names s3:DeleteObject only denied allowed ✗ no s3:DeleteObject denied denied ✓ yes',
    'Remedy Add s3:DeleteObjectVersion to the Deny.', 'Terraform Action = ["s3:DeleteObject", "s3:DeleteObjectVersion"]', 'npx visitgate gate --check infra/s3-policy-deny-delete --target as-planned',
    '45 CFR 164.312(c)(1), 164.308(a)(7)(ii)(A): ✗ not satisfied', 'R-074', 'AU-9, CP-9.8', 'the plan', 'recordings.policy@live 2026-11-23', 'sha256',
  ])('shows %s', part => expect(failing).toContain(part))
  test('is open when it fails, closed when it passes', () => {
    expect(text).toContain('id="infra/s3-policy-deny-delete"><details class="fail" open>')
    expect(text).toContain('id="infra/s3-object-lock-days"><details>')
  })
  test('that passes never claims that a clause is met, and wears no tick for it', () => {
    const passing = card(text, 'infra/s3-object-lock-days')
    expect(textOf(passing)).toContain('further evidence may be needed: a technical check alone never shows that a clause is met')
    expect(passing.slice(passing.indexOf('<dt>HIPAA'), passing.indexOf('<dt>Requirements'))).not.toMatch(/✓|good/)
  })
  test.each<[string, Parameters<typeof sample>[0], string, readonly string[]]>([
    ['denied', { changes: { 'infra/s3-policy-deny-delete@live': { why: denied } } }, 'infra/s3-policy-deny-delete', ['live: unknown: denied', 'tfplan: pass', 'the auditor may not s3:GetBucketPolicy', 'Next: allow s3:GetBucketPolicy', 'nothing can be said']],
    ['because of another', { changes: { 'infra/kms-rotation-enabled': { why: { kind: 'cause', say: 's', next: 'n', cause: 'keys.recordings' } } } }, 'infra/kms-rotation-enabled', ['live: unknown because of keys.recordings']],
    ['inapplicable', { changes: { 'infra/ecs-connect-instance-resolves': { outcome: 'inapplicable', why: { kind: 'not-run', say: 'the target says meetings: chime', next: '' } } } }, 'infra/ecs-connect-instance-resolves', ['live: inapplicable', 'the target says meetings: chime', 'this check says nothing about it']],
    ['from a twin', { changes: { 'infra/kms-rotation-enabled@live': { provenOn: 'twin' } } }, 'infra/kms-rotation-enabled', ['live: pass, proven on staging']],
    ['waived', { changes: { 'infra/kms-rotation-enabled': { claims: [bad('KeyRotationEnabled', true, false)], waived: { check: 'infra/kms-rotation-enabled', at: ['KeyRotationEnabled'], reason: 'Soon.', owner: 'o', approvedBy: ['a'], until: '2027-01-01' } } } }, 'infra/kms-rotation-enabled', ['live: fail, waived until 2027-01-01', 'Soon. Until 2027-01-01; owner o; approved by a', 'not satisfied']],
  ])('%s says so', (_, options, id, parts) => {
    const shown = textOf(card(page(sample(options)), id))
    for (const part of parts) expect(shown).toContain(part)
  })
})

describe('groups', () => {
  test('what a missing bucket leaves unknown stands in its problem, by requirement, and each check once', () => {
    const text = page(samples.bucketGone())
    const problem = text.slice(text.indexOf('id="problem-1"'), text.indexOf('</section>', text.indexOf('id="problem-1"')))
    expect(matches(problem, /<article class="check \w+" id="([^"]*)"/g)).toHaveLength(13)
    expect(textOf(problem)).toContain('1 check failed; 12 rows could not be judged because of it.')
    const stated = matches(problem, /class="requirement"><a href="#(R-\d+)"/g)
    expect(stated.slice(1)).toEqual(stated.slice(1).toSorted())
    expect(text).not.toContain('id="problem-2"')
  })
  test('not built: one fold per suite', () => {
    const text = page(samples.hold())
    const section = text.slice(text.indexOf('<h2 id="not-built"'), text.indexOf('<h2 id="requirements"'))
    expect(matches(section, /<summary><b>(\w+)<\/b>/g)).toEqual(['files', 'infra', 'db', 'api', 'e2e', 'load', 'cost', 'attest'])
    expect(matches(section, /(<tr id=)/g)).toHaveLength(180)
  })
  test('the first screen: sentence, scope, counts, at most five in the way, waivers, what is unknown, stand-ins, notes', () => {
    const text = page(samples.nogo())
    const first = text.slice(0, text.indexOf('<nav'))
    expect(matches(first, /(<li class="bad">)/g)).toHaveLength(5)
    for (const part of ['Phase 3, Terraform: The policy denies', 'as-planned (rehearsal)', 'rollout, phases 0-7', '111122223333, us-east-1', '2026-11-23 10:02:11 UTC, took 14.4 s', 'visitgate 0.1.0', '12 fail (2 waived)', 'And 3 more problems', 'Finance asked', 'not configured: connect , 1 row', 'not built , 180 rows', 'the Connect stand-in answered', 'MiniStack 1.5.33']) expect(textOf(first).includes(part), part).toBe(true)
  })
  test('conditions are listed where nothing stands in the way', () => {
    expect(textOf(page(samples.conditions()))).toContain('Conditions Recordings move to GLACIER at 90 days minor transition: wanted GLACIER at 90 days, got nothing')
    expect(textOf(page(samples.go()))).toContain('What stands in the way Nothing.')
  })
})

describe('pictures', () => {
  test('the strip and the timeline name every phase with its verdict', () => {
    const { result } = samples.nogo()
    const [strip, , timeline] = matches(page(samples.nogo()), /<desc[^>]*>([^<]*)</g)
    for (const { phase, title, verdict } of result.phases) {
      expect(strip).toContain(`Phase ${phase}, ${title}: ${verdict}`)
      expect(timeline).toMatch(new RegExp(`Phase ${phase}, ${title}: [^.]*, ${verdict}\\.`))
    }
    expect(timeline).toContain('Phase 7, Integration: 1:30, 30 min') // 10 + 15 + 30 + 20 + 15
  })
  test('a phase that was not asked for is not coloured', () => {
    const { result, observations } = samples.go()
    const text = html({ ...result, asked: [3], phases: result.phases.filter(it => it.phase === 3) }, observations)
    expect(matches(text.slice(0, text.indexOf('<nav')), /(<rect class="none")/g)).toHaveLength(7)
    expect(textOf(text)).toContain('Phase 4, Deploy infrastructure: not asked for, after 3.')
    expect(matches(text.slice(text.indexOf('id="phases"'), text.indexOf('id="timeline"')), /(<tr>)/g)).toHaveLength(2) // the header and phase 3
  })
  test('a partial run draws no phases', () => {
    const text = page(samples.partial())
    expect(text).not.toMatch(/id="(strip|timeline)/)
    expect(textOf(text)).toContain('Selected rows')
  })
  test('coverage counts every row once', () => {
    const { result } = samples.denied()
    const described = matches(page(samples.denied()), /<desc[^>]*>([^<]*)</g).find(it => it.startsWith('files:'))!
    const total = [...described.matchAll(/(\d+) (fail|unknown|pass|inapplicable|not built)/g)].reduce((sum, it) => sum + Number(it[1]), 0)
    expect(total).toBe(result.rows.length)
  })
})

describe('evidence', () => {
  const { result, observations } = samples.nogo()
  const entry = (text: string, id: string) => text.slice(text.indexOf(`<details class="fold" id="${id}"`), text.indexOf('</div></details>', text.indexOf(`<details class="fold" id="${id}"`)))

  test('what is not there is shown as missing', () => {
    const { 'recordings.policy@live': _, ...rest } = observations
    const shown = textOf(entry(html(result, rest), 'recordings.policy@live'))
    expect(shown).toContain('✗ missing')
    expect(shown).toContain('observations/recordings.policy@live.json')
    expect(textOf(html(result, {}))).toContain('✗ missing')
  })
  test('what results.json does not list is said to be so', () => {
    const { 'recordings.policy@live': _, ...rest } = result.observations
    expect(textOf(entry(html({ ...result, observations: rest }, observations), 'recordings.policy@live'))).toContain('not in results.json')
  })
  test.each([[null], ['text'], [[]], [{ ok: true }], [{ ok: 'yes', value: 1 }], [{ ok: true, value: { control: {}, tries: null } }], [{ ok: true, value: { control: { did: 'a', allowed: true, answer: 'b' }, tries: { x: null, y: { ok: true, value: 3 } } } }]])('%j instead of an observation does not crash', odd => {
    const text = html(result, { ...observations, 'recordings.policy@live': odd })
    expect(unbalanced(text)).toEqual([])
    expect(entry(text, 'recordings.policy@live')).not.toContain('✗ missing')
  })
  test('an observer that could not look shows why', () => {
    expect(textOf(entry(html(result, observations), 'connect.instance@live'))).toMatch(/could not look.*Answered by the Connect stand-in, not by the real thing.*"kind": "not-configured"/)
  })
  test('a long one is cut, and names the file that holds all of it', () => {
    const long = { ...observations['roles.taskPolicies@live'] as object, ok: true, value: Array.from({ length: 4000 }, (_, n) => `line ${n} "quoted"`) }
    const shown = entry(html(result, { ...observations, 'roles.taskPolicies@live': long }), 'roles.taskPolicies@live')
    expect(shown.length).toBeLessThan(22_000)
    expect(shown.length).toBeGreaterThan(15_000)
    expect(textOf(shown)).toMatch(/Shortened: all \d+ characters are in observations\/roles\.taskPolicies@live\.json/)
  })
  test('many long ones together stay within the page', () => {
    const many = Object.fromEntries(Object.entries(observations).map(([id, it]) => [id, { ...it as object, ok: true, value: Array.from({ length: 3000 }, (_, n) => `line ${n}`) }]))
    expect(html(result, many).length).toBeLessThan(620_000)
  })
  test('the tries of a probe: control first, then what was done, allowed or refused, answer', () => {
    const shown = textOf(entry(html(result, observations), 'recordings.deletionMatrix@live'))
    expect(shown).toContain('Who and how Did Allowed? Answer Control delete a version whose retention has lapsed ● allowed 204 administrator, DeleteObjectVersion s3:DeleteObjectVersion on a locked version ○ refused 403 AccessDenied')
    expect(shown).toContain('break-glass, DeleteObjectVersion the target does not say roles.breakGlass ? unknown –')
  })
})

describe('contrast (WCAG AA, 4.5:1)', () => {
  const channel = (it: number) => (it <= 0.03928 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4)
  const luminance = (hex: string) => [1, 3, 5].map(at => channel(parseInt(hex.slice(at, at + 2), 16) / 255)).reduce((sum, it, index) => sum + it * [0.2126, 0.7152, 0.0722][index]!, 0)
  const ratio = (a: string, b: string) => { const [low, high] = [luminance(a), luminance(b)].toSorted((x, y) => x - y); return (high! + 0.05) / (low! + 0.05) }
  test('the formula', () => { expect(ratio('#000000', '#ffffff')).toBeCloseTo(21); expect(ratio('#777777', '#ffffff')).toBeCloseTo(4.48, 2) })
  for (const [scheme, palette] of Object.entries({ light, dark })) {
    const pairs = [
      ...['ink', 'soft', 'link'].flatMap(text => ['paper', 'card', 'code'].map(ground => [text, ground] as const)),
      ...tones.flatMap(tone => [[tone, 'paper'], [tone, 'card'], [tone, `${tone}-tint`], ['on', tone], ['ink', `${tone}-tint`], ['soft', `${tone}-tint`]] as const),
    ]
    test.each(pairs)(`${scheme}: %s on %s`, (text, ground) => expect(ratio(palette[text]!, palette[ground]!)).toBeGreaterThanOrEqual(4.5))
  }
})

test('renders in well under a tenth of a second of CPU', () => {
  const { result, observations } = samples.go()
  html(result, observations)
  const times = Array.from({ length: 7 }, () => {
    const before = process.cpuUsage()
    html(result, observations)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }).toSorted((a, b) => a - b)
  expect(times[3]).toBeLessThan(100)
})
test('the samples show every outcome', () => {
  const seen = new Set(Object.values(samples).flatMap(make => make().result.rows.map(row => row.outcome)))
  expect([...seen].toSorted()).toEqual([...outcomes].toSorted())
})
