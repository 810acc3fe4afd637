/** Vitest's ways of being green without having looked, each closed by our configuration and reporter. The gate does not run Vitest at all. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '#harness/paths.ts'

const good = "test('good', () => {})\n"
const cases: readonly [string, Record<string, string>, readonly string[], number | 'not 0'][] = [
  ['a good test', { 'a.test.js': good }, [], 0],
  ['a failing test', { 'a.test.js': "test('bad', () => { throw new Error('x') })\n" }, [], 'not 0'],
  ['a filter that matches nothing', { 'a.test.js': good }, ['-t', 'nothing-is-called-so'], 64],
  ['beforeAll throws, so its tests are skipped', { 'a.test.js': `beforeAll(() => { throw new Error('x') })\n${good}` }, [], 70],
  ['an unhandled rejection', { 'a.test.js': `${good}test('leaves one behind', async () => { void Promise.reject(new Error('x')); await new Promise((done) => setTimeout(done, 50)) })\n` }, [], 70],
  ['.only', { 'a.test.js': `test.only('alone', () => {})\n${good}` }, [], 'not 0'],
  ['an empty suite', { 'a.test.js': '// nothing\n' }, [], 'not 0'],
  ['no file at all', {}, [], 'not 0'],
  ['a crashed worker', { 'a.test.js': "test('dies', () => { process.kill(process.pid, 'SIGKILL') })\n" }, [], 'not 0'],
  ['a reporter may not turn red into green', { 'a.test.js': "test('bad', () => { process.exitCode = 0; throw new Error('x') })\n" }, [], 'not 0'],
]

test.concurrent.each(cases)('%s', { timeout: 60_000 }, async (_, files, args, want) => {
  const folder = await mkdtemp(join(tmpdir(), 'visitgate-traps-'))
  try {
    await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)))
    const config = { test: { globals: true, pool: 'forks', isolate: false, allowOnly: false, passWithNoTests: false, include: ['*.test.js'], reporters: ['default', root('harness/reporter.ts')] } }
    await writeFile(join(folder, 'vitest.config.js'), `export default ${JSON.stringify(config)}\n`)
    const code = await new Promise<number>((done) => spawn(process.execPath, [root('node_modules/vitest/vitest.mjs'), 'run', '--root', folder, ...args], { stdio: 'ignore', env: { ...process.env, VITEST: undefined, VITEST_WORKER_ID: undefined, VITEST_POOL_ID: undefined } }).on('exit', (exit) => done(exit ?? 70)))
    if (want === 'not 0') expect(code).not.toBe(0)
    else expect(code).toBe(want)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
