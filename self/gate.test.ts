/** The two headline commands as processes, and what happens when one is stopped in any way. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from '#harness/paths.ts'
import type { RunResult } from '#harness/kernel.ts'

let folder: string
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'visitgate-gate-')) })
afterAll(() => rm(folder, { recursive: true, force: true }))

const clean = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS_|VV_|VITEST)/.test(name)))
const start = (args: readonly string[]): ChildProcess => spawn(process.execPath, [root('bin/visitgate.mjs'), ...args], { cwd: folder, env: { ...clean(), ...(process.env.VV_CACHE ? { VV_CACHE: process.env.VV_CACHE } : {}) }, stdio: ['ignore', 'pipe', 'pipe'] })
const ended = (child: ChildProcess) => new Promise<{ code: number | null; out: string }>((done) => {
  let out = ''
  child.stdout!.on('data', (text) => { out += text })
  child.stderr!.on('data', (text) => { out += text })
  child.on('exit', (code) => done({ code, out }))
})
const results = async (out: string): Promise<RunResult> => JSON.parse(await readFile(join(out, 'results.json'), 'utf8'))
const notBuilt = (row: RunResult['rows'][number]) => row.why?.kind === 'not-built' && row.facts.length === 0
/** Emulators whose run folder this test's gates made: by the parent that started them, over its whole life. */
const emulators = (): readonly string[] => execFileSync('ps', ['-eo', 'pid,ppid,args']).toString().split('\n').filter((line) => /guard\.py/.test(line))

describe('the rehearsal', { timeout: 120_000 }, () => {
  test('hardened: every built row passes, and what is not built holds each phase', async () => {
    const out = join(folder, 'hardened')
    const { code } = await ended(start(['gate', '--out', out]))
    const made = await results(out)
    expect(made.rows).toHaveLength(212)
    expect(made.rows.filter((row) => !notBuilt(row) && row.outcome !== 'pass')).toEqual([])
    expect(made.rows.filter((row) => row.outcome === 'pass').length).toBeGreaterThan(80)
    expect([code, made.verdict, made.phases.map(({ verdict }) => verdict)]).toEqual([2, 'BLOCKED', ['HOLD', ...Array.from({ length: 7 }, () => 'BLOCKED')]])
  })
  test('as planned: NO-GO, exit 1, the plan\'s own mistakes with their remedies', async () => {
    const out = join(folder, 'as-planned')
    const { code, out: text } = await ended(start(['gate', '--target', 'as-planned', '--out', out]))
    const made = await results(out)
    const failed = new Set<string>(made.rows.filter((row) => row.outcome === 'fail').map((row) => row.id))
    expect([code, made.verdict]).toEqual([1, 'NO-GO'])
    for (const id of ['infra/s3-policy-deny-delete', 'infra/s3-policy-min-retention', 'infra/s3-policy-protect-config', 'infra/s3-lifecycle-purge', 'infra/kms-key-policy-safe', 'infra/kms-signing-key-es256',
      'infra/iam-sim-required-allowed', 'infra/iam-sim-forbidden-denied', 'infra/iam-resource-scoping', 'infra/iam-no-dead-actions', 'infra/iam-messaging-scope', 'files/tf-env-target-ecs', 'files/tf-variables-used', 'files/tf-destroy-guard']) expect([...failed]).toContain(id)
    for (const id of ['infra/s3-object-lock-enabled', 'infra/s3-object-lock-compliance', 'infra/s3-object-lock-days', 'infra/s3-public-access-block', 'infra/kms-rotation-enabled']) expect([...failed]).not.toContain(id)
    expect(text).toContain('fix  ')
    expect(made.rows.filter((row) => row.outcome === 'fail').every((row) => made.checks[row.id]!.remedy.say.length > 0)).toBe(true)
  })
})

describe('stopped in the middle', { timeout: 60_000 }, () => {
  test.each([['SIGINT', 130], ['SIGTERM', 130], ['SIGKILL', null]] as const)('%s leaves no process, no verdict, and a folder that says so', async (signal, want) => {
    const before = emulators().length
    const out = join(folder, signal)
    const child = start(['gate', '--phase', '4', '--out', out])
    const end = ended(child)
    for (let waited = 0; waited < 20_000 && !(await readdir(join(out, 'observations')).catch(() => [])).length; waited += 50) await pause(50) // it has begun to observe
    child.kill(signal)
    const { code } = await end
    if (want !== null) expect(code).toBe(want)
    for (let waited = 0; waited < 8_000 && emulators().length > before; waited += 100) await pause(100)
    expect(emulators().length).toBe(before)
    const left = await readdir(out)
    expect(left).toContain('INCOMPLETE')
    expect(left).not.toContain('results.json')
  })
})
