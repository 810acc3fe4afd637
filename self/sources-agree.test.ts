/**
 * The Terraform and the live account are judged by the same checks, so their facts must say the same of the same system:
 * field by field, symbols standing for what only apply gives. What a source cannot know is listed here, and nothing else may differ.
 */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sameDocument } from '#domain/iam/same.ts'
import { buildModule } from '#domain/terraform/module.ts'
import type { Observation, ObservationId, Row, Source, Target } from '#harness/kernel.ts'
import { assess } from '#harness/assess.ts'
import { loadChecks, loadObservers, required } from '#harness/ledger.ts'
import { root } from '#harness/paths.ts'
import { assessAll } from '#harness/run.ts'
import { openSession } from '#harness/session.ts'
import { given } from '#harness/store.ts'
import { acceptTarget } from '#harness/target.ts'
import { makePlan } from '#plan/expect.ts'
import { live, type Live, type Seen } from './live.ts'

/** Fields that one source cannot know, or knows otherwise, by fact; the reason stands beside it. */
const apart: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'recordings.lifecycle': { id: 'names of rules are free' },
  'roles.task': { trust: 'compared as a document below' },
}
const documents = new Set(['recordings.policy', 'keys.recordingsPolicy', 'keys.signingPolicy'])
/** What the rehearsal adds for its own probes, and the plan does not have. */
const ownStatements = /^Probe/

const symbol = /<[^<>]+>/
/** Whether live is what planned says, a symbol standing for any text; the paths where it is not. */
function differences(planned: unknown, real: unknown, ignore: Readonly<Record<string, string>>, at = ''): string[] {
  if (typeof planned === 'string' && typeof real === 'string') {
    if (!symbol.test(planned)) return planned === real ? [] : [`${at}: ${planned} / ${real}`]
    const like = new RegExp(`^${planned.split(/<[^<>]+>/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.+')}$`)
    return like.test(real) ? [] : [`${at}: ${planned} / ${real}`]
  }
  if (Array.isArray(planned) && Array.isArray(real)) return planned.length !== real.length ? [`${at}: ${planned.length} / ${real.length} items`] : planned.flatMap((item, index) => differences(item, real[index], ignore, `${at}/${index}`))
  if (typeof planned === 'object' && planned !== null && typeof real === 'object' && real !== null) {
    const keys = [...new Set([...Object.keys(planned), ...Object.keys(real)])].filter((key) => ignore[key] === undefined)
    return keys.flatMap((key) => differences((planned as Record<string, unknown>)[key], (real as Record<string, unknown>)[key], ignore, `${at}/${key}`))
  }
  return planned === real ? [] : [`${at}: ${JSON.stringify(planned)} / ${JSON.stringify(real)}`]
}
const withoutOwn = (document: unknown) => ({ ...(document as object), Statement: (document as { Statement: { Sid?: string }[] }).Statement.filter((statement) => !ownStatements.test(statement.Sid ?? '')) })
const valueOf = (seen: Seen, id: string): Observation => seen.observations.get(id as ObservationId)!

describe.each(['hardened', 'as-planned'])('%s', (variant) => {
  let system: Live
  let seen: Seen
  beforeAll(async () => {
    system = await live(variant)
    seen = await system.look(['tfplan', 'live'], ['A', 'B'])
  })
  afterAll(async () => { await system?.stop() })

  test('facts of both sources', () => {
    const both = [...seen.observations.keys()].filter((id) => id.endsWith('@tfplan') && seen.observations.has(id.replace('@tfplan', '@live') as ObservationId)).map((id) => id.slice(0, -'@tfplan'.length)).sort()
    expect(both.length).toBeGreaterThan(15)
    const found = both.flatMap((fact) => {
      const [planned, real] = [valueOf(seen, `${fact}@tfplan`), valueOf(seen, `${fact}@live`)]
      if (planned.ok !== real.ok) return [`${fact}: ${planned.ok ? 'known' : planned.why.say} / ${real.ok ? 'known' : real.why.say}`]
      if (!planned.ok || !real.ok) return []
      if (documents.has(fact) && planned.value !== null && real.value !== null) return sameDocument(planned.value, withoutOwn(real.value)) ? [] : [`${fact}: says something else`]
      if (fact === 'roles.taskGrants') return [] // infra/iam-policy-attached compares them
      if (fact === 'roles.task' && !sameDocument((planned.value as { trust: unknown }).trust, (real.value as { trust: unknown }).trust)) return ['roles.task: trusts somebody else']
      return differences(planned.value, real.value, apart[fact] ?? {}).map((difference) => `${fact}${difference}`)
    })
    expect(found).toEqual([])
  })

  test('the same checks fail in both sources', () => {
    const failing = (source: Source) => new Set(seen.rows.filter((row) => row.source === source && row.outcome === 'fail').map((row) => row.id))
    const [planned, real] = [failing('tfplan'), failing('live')]
    const shared = new Set(seen.rows.filter((row) => row.source === 'tfplan').map((row) => row.id).filter((id) => seen.rows.some((row) => row.id === id && row.source === 'live')))
    expect([...shared].filter((id) => planned.has(id) !== real.has(id))).toEqual([])
    if (variant === 'hardened') expect(planned.size + real.size).toBe(0)
    else expect(planned.size).toBeGreaterThan(15)
  })
})

/** Rows of Terraform alone: no AWS, the target's files only. */
async function ofTerraform(terraform: Target['terraform']): Promise<readonly Row[]> {
  const target = { ...JSON.parse(await readFile(root('targets/rehearsal.json'), 'utf8')), terraform } as Target
  const [checks, lines, observers] = await Promise.all([loadChecks(), required(), loadObservers()])
  const session = await openSession({ loaded: await acceptTarget(target, 'test', root('targets')), observers, allow: ['A'] })
  const rows = await assessAll(lines.filter((line) => checks.has(line.id) && line.source === 'tfplan'), checks, session.store, session.plan)
  await session.close()
  return rows
}
const ids = (rows: readonly Row[], outcome: Row['outcome']) => rows.filter((row) => row.outcome === outcome).map((row) => row.id)
const hardened = '../fixtures/terraform/hardened'
const firstApply = '../fixtures/terraform/plans/hardened-first-apply.json'

describe('a first apply, as real Terraform planned it', () => {
  test('with its source beside it, nothing is unknown', async () => {
    const rows = await ofTerraform({ dir: hardened, plan: firstApply })
    expect(rows.filter((row) => row.outcome !== 'pass').map((row) => `${row.id} ${row.why?.say} ${JSON.stringify(row.claims.filter((claim) => claim.holds !== true))}`)).toEqual([])
  })
  test('alone, what only apply gives is unknown, and nothing is found that is not there', async () => {
    const rows = await ofTerraform({ plan: firstApply })
    expect(ids(rows, 'fail')).toEqual([])
    expect(ids(rows, 'unknown')).toEqual(expect.arrayContaining(['infra/s3-policy-deny-delete', 'infra/s3-policy-deny-insecure-transport', 'infra/s3-policy-protect-config']))
    expect(rows.filter((row) => row.outcome === 'unknown' && !['after-apply', 'cause', 'not-configured'].includes(row.why!.kind))).toEqual([])
    expect(ids(rows, 'pass')).toEqual(expect.arrayContaining(['infra/s3-object-lock-days', 'infra/s3-sse-kms-cmk', 'infra/kms-rotation-enabled', 'infra/iam-no-dead-actions', 'infra/iam-resource-scoping']))
  })
  test('of the plan carried out to the letter, alone, shows its mistakes', async () => {
    const rows = await ofTerraform({ plan: '../fixtures/terraform/as-planned/plan.json' })
    expect(ids(rows, 'fail')).toEqual(expect.arrayContaining([
      'infra/iam-no-dead-actions', 'infra/iam-resource-scoping', 'infra/iam-sim-required-allowed', 'infra/iam-sim-forbidden-denied', 'infra/kms-signing-key-es256', 'infra/kms-key-policy-safe',
      'infra/kms-key-policy-deletion-guard', 'infra/s3-lifecycle-purge', 'infra/s3-access-logging',
    ]))
    expect(ids(rows, 'pass')).toEqual(expect.arrayContaining(['infra/s3-object-lock-enabled', 'infra/s3-object-lock-compliance', 'infra/s3-object-lock-days', 'infra/s3-versioning-enabled', 'infra/s3-public-access-block']))
    expect(ids(rows, 'unknown')).toContain('infra/s3-policy-deny-delete') // its text is only known after apply
  })
})

test('a plan that replaces the bucket is refused, with what forces it', async () => {
  const module = buildModule({ plan: JSON.parse(await readFile(root('fixtures/terraform/plans/replaces-the-bucket.json'), 'utf8')) })
  const target = { name: 'test', kind: 'rehearsal' } as const
  const [check, lines] = [(await loadChecks(new Set(['files/tf-destroy-guard']))).get('files/tf-destroy-guard'), await required()]
  const row = await assess(lines.find((line) => line.id === 'files/tf-destroy-guard')!, check, given({ 'terraform.module': module }, target), makePlan(target, {}, '2026-01-01T00:00:00.000Z'))
  expect(row.outcome).toBe('fail')
  expect(JSON.stringify(row.claims.filter((claim) => claim.holds === false))).toMatch(/aws_s3_bucket\.video_recordings.*forced by/)
})
