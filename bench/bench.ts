/** Speed, as ratios in one run: `npm run bench`. Whole-process CPU is read from the kernel's account of children that ended (Linux only). */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand } from '@aws-sdk/client-s3'
import { CreateRoleCommand } from '@aws-sdk/client-iam'
import { connectAws, type Aws } from '#harness/aws.ts'
import { start, stateFile } from '#harness/cli/open.ts'
import { root } from '#harness/paths.ts'
import { startDelayProxy } from '#fixtures/delay-proxy.ts'
import { live } from '../self/live.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
const ticks = 100 // USER_HZ, fixed by the Linux ABI (man 5 proc, cutime)
const childrenCpu = () => { const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]!.split(' '); return (Number(fields[13]) + Number(fields[14])) / ticks }

const folder = await mkdtemp(join(tmpdir(), 'visitgate-bench-'))
let number = 0
async function once(command: string, args: readonly string[]): Promise<{ wall: number; cpu: number; code: number }> {
  const [cpu, began] = [childrenCpu(), performance.now()]
  const code = await new Promise<number>((done) => spawn(command, args, { cwd: root(), stdio: 'ignore' }).on('exit', (exit) => done(exit ?? 70)))
  return { wall: (performance.now() - began) / 1000, cpu: childrenCpu() - cpu, code }
}
async function timed(command: string, args: () => readonly string[], runs = 5) {
  await once(command, args()) // warm-up: compile cache
  const all = []
  for (let run = 0; run < runs; run++) all.push(await once(command, args()))
  return { wall: median(all.map((one) => one.wall)), cpu: median(all.map((one) => one.cpu)), code: all[0]!.code }
}
const out = () => ['--out', join(folder, String(number++))]

const rows: string[][] = [['what', 'wall s', 'CPU s', 'against an empty Node', 'budget']]
const kept = await start('hardened', ['--keep', '--state', stateFile('hardened')], () => {})
try {
  const empty = await timed(process.execPath, () => ['-e', '0'])
  const add = async (what: string, budget: string, command: string, args: () => readonly string[]) => {
    const it = await timed(command, args)
    rows.push([what, it.wall.toFixed(2), it.cpu.toFixed(2), `${(it.cpu / empty.cpu).toFixed(0)} x CPU`, budget])
  }
  await add('gate of phases 3 and 4, reading only', 'CPU under 1.5 s', process.execPath, () => ['bin/visitgate.mjs', 'gate', '-p', '3-4', '--allow', 'A,B', ...out()])
  await add('gate of phases 3 and 4, with probes', 'CPU under 1.5 s', process.execPath, () => ['bin/visitgate.mjs', 'gate', '-p', '3-4', ...out()])
  await add('one check, npx visitgate', 'wall under 1.5 s', 'npx', () => ['visitgate', 'infra/s3-object-lock-days', '-p', '4', ...out()])
  await add('one check, npm start --', 'wall under 0.8 s', 'npm', () => ['start', '--silent', '--', 'infra/s3-object-lock-days', '-p', '4', ...out()])
} finally {
  await kept.close()
  await rm(folder, { recursive: true, force: true })
}
const wide = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
for (const row of rows) say(row.map((cell, column) => cell.padEnd(wide[column]!)).join('  ').trimEnd())

interface Sent { readonly call: string; readonly from: number; readonly to: number }
const log: Sent[] = []
const watched = (aws: Aws): Aws => ({ ...aws, async send(call, input, as, signal) {
  const from = performance.now()
  return aws.send(call, input, as, signal).finally(() => { log.push({ call, from, to: performance.now() }) })
} })
/** The calls that waited for each other: backwards from the last answer, always the latest answer before the next question. */
function chain(calls: readonly Sent[]): readonly Sent[] {
  const path: Sent[] = []
  for (let next = calls.reduce<Sent | undefined>((last, one) => (last === undefined || one.to > last.to ? one : last), undefined); next !== undefined;) {
    path.unshift(next)
    const begin: number = next.from
    next = calls.filter((one) => one.to <= begin + 1).reduce<Sent | undefined>((last, one) => (last === undefined || one.to > last.to ? one : last), undefined)
  }
  return path
}

const system = await live()
const proxy = await startDelayProxy({ endpoint: system.aws.endpoint, ca: system.rehearsal.parts.aws!.ca, certificate: system.aws.certificate! })
try {
  const look = async (delay: number) => {
    proxy.delay(delay)
    log.length = 0
    const aws = watched(connectAws(system.rehearsal.target))
    const began = performance.now()
    await system.look(['live'], ['A', 'B'], { aws, env: { AWS_ENDPOINT_URL: proxy.endpoint } })
    const wall = performance.now() - began
    aws.close()
    return { wall, calls: [...log] }
  }
  await look(0)
  const runs = []
  for (let run = 0; run < 5; run++) runs.push({ near: await look(0), far: await look(50) })
  const [near, far] = [median(runs.map((run) => run.near.wall)), median(runs.map((run) => run.far.wall))]
  const longest = chain(runs[0]!.far.calls)
  const bound = 1.3 * longest.length * 50
  say(`\n50 ms added to every AWS call: ${near.toFixed(0)} ms → ${far.toFixed(0)} ms, ${(far - near).toFixed(0)} ms more; the longest chain has ${longest.length} calls, so at most ${bound.toFixed(0)} ms: ${far - near <= bound ? 'within' : 'OVER'} (ratio ${((far - near) / (longest.length * 50)).toFixed(2)})`)
  say(`  chain: ${longest.map((one) => one.call).join(' → ')}`)

  const before = (await look(0)).calls.length
  const trust = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }] })
  await Promise.all(Array.from({ length: 200 }, async (_, index) => {
    await system.aws.root.s3.send(new CreateBucketCommand({ Bucket: `somebody-elses-${index}` }))
    await system.aws.root.iam.send(new CreateRoleCommand({ RoleName: `somebody-elses-${index}`, AssumeRolePolicyDocument: trust }))
  }))
  const after = (await look(0)).calls.length
  say(`\n200 buckets and 200 roles beside ours: ${before} → ${after} AWS calls${after === before ? ': none per foreign resource' : ' (MORE)'}`)
} finally {
  await proxy.stop()
  await system.stop()
}
