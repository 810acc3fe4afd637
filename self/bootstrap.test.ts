import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { alive } from '../bin/setup/alive.mjs'
import { cacheDir, needsMinistack, root, tooOld } from '../bin/setup/paths.mjs'

// The real bin/ in a project of its own, with an npm and a Python that only pretend: quick, without a network, and slow when told to be.

/** A lockfile, or with `other` false what npm notes of its install here, where the package for another system is left out. */
const lock = (version: string, other = true): string => JSON.stringify({ packages: {
  ...other && { '': { name: 'x' }, 'node_modules/other': { version, optional: true, os: ['none'] } },
  'node_modules/a': { version, integrity: `sha512-${version}` },
} })
const main = `export const main = async (argv: string[]): Promise<number> => {
  if (argv[0] === 'wait') {
    process.on('SIGTERM', () => { console.log('cleaned up'); process.exit(5) })
    console.log('waiting', process.pid)
    await new Promise((resolve) => setTimeout(resolve, 60_000))
  }
  if (argv[0] === 'throw') throw new Error('broken inside')
  if (argv[0] === 'throw-later') { setTimeout(() => { throw new Error('broken outside') }, 1); await new Promise((resolve) => setTimeout(resolve, 60_000)) }
  if (argv[0] === 'hang') await new Promise(() => {})
  if (argv[0] === 'die') process.kill(process.pid, 'SIGKILL')
  if (argv[0] === 'pipe') {
    await new Promise((resolve) => setTimeout(resolve, 100))
    process.stdout.write('nobody reads this')
    await new Promise((resolve) => setTimeout(resolve, 50))
    return 7
  }
  console.log('ran', ...argv)
  return argv[0] === 'list' ? 7 : 0
}
`
const npm = `echo $$ "$@" >> npm.calls
if [ "$FAKE_NPM_FAILS" ]; then echo 'npm error code ENOTFOUND' >&2; exit 1; fi
/bin/sleep \${FAKE_NPM_SECONDS:-0}
/bin/mkdir -p node_modules
/bin/cp installed.json node_modules/.package-lock.json
`
const python = `for last; do :; done
if [ "$FAKE_PYTHON_CALLS" ]; then echo $$ "$2" "$3" >> "$FAKE_PYTHON_CALLS"; fi
case "$2 $3" in
  '-c '*) echo '{"exe": "'$0'", "version": ['\${FAKE_PYTHON:-3,12,1}'], "pip": "24.0", "venv": true, "ensurepip": true}' ;;
  '-m venv') /bin/mkdir -p "$last/bin"; /bin/ln -s "$0" "$last/bin/python" ;;
  '-m pip') /bin/sleep \${FAKE_PIP_SECONDS:-0} ;;
esac
`
const projects: string[] = []
const started: ChildProcess[] = []

const project = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'visitgate-bootstrap-'))
  projects.push(dir)
  cpSync(join(root, 'bin'), join(dir, 'bin'), { recursive: true })
  for (const folder of ['fixtures/aws', 'harness/cli', 'tools', 'no-python']) mkdirSync(join(dir, folder), { recursive: true })
  writeFileSync(join(dir, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(dir, 'package-lock.json'), lock('1.0.0'))
  writeFileSync(join(dir, 'installed.json'), lock('1.0.0', false))
  writeFileSync(join(dir, 'fixtures/aws/requirements.txt'), '# ministack==0.0.1\n')
  writeFileSync(join(dir, 'harness/cli/main.ts'), main)
  for (const [folder, name, text] of [['tools', 'npm', npm], ['tools', 'python3', python], ['no-python', 'npm', npm]] as const) {
    writeFileSync(join(dir, folder, name), `#!/bin/sh\n${text}`)
    chmodSync(join(dir, folder, name), 0o755)
  }
  symlinkSync(process.execPath, join(dir, 'other-node'))
  return dir
}

interface Started { child: ChildProcess; out(): string; err(): string; end: Promise<{ code: number | null; out: string; err: string }> }

/** One start, with nothing of this process's environment but what a user would have. */
const start = (dir: string, argv: readonly string[], env: Record<string, string> = {}, node: readonly string[] = []): Started => {
  const child = spawn(process.execPath, [...node, join(dir, 'bin/visitgate.mjs'), ...argv], {
    cwd: dir, env: { PATH: join(dir, 'tools'), HOME: dir, VV_CACHE: join(dir, 'cache'), ...env }, stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  let out = ''
  let err = ''
  child.stdout.on('data', (text) => { out += text })
  child.stderr.on('data', (text) => { err += text })
  const end = new Promise<{ code: number | null; out: string; err: string }>((resolve) => child.on('close', (code) => resolve({ code, out, err })))
  return { child, out: () => out, err: () => err, end }
}
const run = (dir: string, argv: readonly string[], env?: Record<string, string>, node?: readonly string[]) => start(dir, argv, env, node).end

const until = async (what: () => boolean, ms = 5000): Promise<boolean> => {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(10)) if (what()) return true
  return what()
}
const calls = (dir: string, file = 'npm.calls'): string[] => existsSync(join(dir, file)) ? readFileSync(join(dir, file), 'utf8').trim().split('\n') : []
const installed = async (): Promise<string> => {
  const dir = project()
  await run(dir, ['gate'])
  rmSync(join(dir, 'npm.calls'))
  return dir
}

const remove = (dirs: string[]): void => { for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true, maxRetries: 5 }) }
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
  remove(projects)
})

// The pretended programs are scripts that the system starts by their first line.
const posix = describe.skipIf(process.platform === 'win32')

posix('bootstrap', () => {
  it('installs on the first start, says so on stderr alone, and is silent on the second', async () => {
    const dir = project()
    const first = await run(dir, ['gate', '--phase', '3'])
    expect(first).toMatchObject({ code: 0, out: 'ran gate --phase 3\n' })
    expect(first.err).toMatch(/^visitgate: npm packages: npm ci …$/m)
    expect(first.err).toMatch(/^visitgate: AWS emulator: ready, \d+\.\d s$/m)
    expect(calls(dir)).toEqual([expect.stringMatching(/ci .*--include=optional/)])
    expect(await run(dir, ['gate'])).toEqual({ code: 0, out: 'ran gate\n', err: '' })
    expect(calls(dir)).toHaveLength(1)
    expect(existsSync(join(dir, 'node_modules/.bin/node'))).toBe(true)
  })

  it('installs again when the lockfile changes, and not when npm ci was run by hand', async () => {
    const dir = await installed()
    writeFileSync(join(dir, 'package-lock.json'), lock('1.0.1'))
    writeFileSync(join(dir, 'installed.json'), lock('1.0.1', false))
    await run(dir, ['gate'])
    expect(calls(dir)).toHaveLength(1)
    rmSync(join(dir, 'node_modules/.visitgate-stamp'))
    expect(await run(dir, ['gate'])).toEqual({ code: 0, out: 'ran gate\n', err: '' })
    expect(calls(dir)).toHaveLength(1)
  })

  it('installs again when npm was run by hand and left out what this system needs', async () => {
    const dir = await installed()
    const { packages } = JSON.parse(lock('1.0.0')) as { packages: object }
    const needed = { 'node_modules/native': { version: '1.0.0', optional: true, os: [process.platform], cpu: [process.arch] } }
    writeFileSync(join(dir, 'package-lock.json'), JSON.stringify({ packages: { ...packages, ...needed } }))
    await run(dir, ['list'])
    expect(calls(dir)).toHaveLength(1)
  })

  it('installs once when two starts come together, and the second says what it waits for', async () => {
    const dir = project()
    const [one, two] = await Promise.all([run(dir, ['gate'], { FAKE_NPM_SECONDS: '0.4' }), run(dir, ['gate'], { FAKE_NPM_SECONDS: '0.4' })])
    expect([one.code, two.code, one.out, two.out]).toEqual([0, 0, 'ran gate\n', 'ran gate\n'])
    expect(one.err + two.err).toMatch(/npm packages: waiting for another start \(pid \d+\)/)
    expect(calls(dir)).toHaveLength(1)
  })

  it.each([
    ['of a process that is gone', (pid: number) => `${pid} ${hostname()} 1`, true],
    ['of a process that lives', () => `${process.pid} ${hostname()} 1`, false],
    ['of another machine', (pid: number) => `${pid} elsewhere 1`, false],
  ])('a lock %s', async (_, text, taken) => {
    const dir = project()
    const gone = spawn(process.execPath, ['--version'])
    await new Promise((resolve) => gone.on('close', resolve))
    mkdirSync(join(dir, '.visitgate'))
    const file = join(dir, '.visitgate/packages.lock')
    writeFileSync(file, text(gone.pid!))
    const second = start(dir, ['list'])
    if (!taken) {
      expect(await until(() => second.err().includes('waiting for another start'))).toBe(true)
      expect(calls(dir)).toEqual([])
      rmSync(file)
    }
    expect(await second.end).toMatchObject({ code: 7, out: 'ran list\n' })
    expect(calls(dir)).toHaveLength(1)
    expect(readdirSync(join(dir, '.visitgate'))).toEqual([])
  })

  it.each([
    ['a folder without its stamp', (dir: string, name: string) => mkdirSync(join(dir, 'cache', name), { recursive: true })],
    ['what a killed start left', (dir: string, name: string) => mkdirSync(join(dir, 'cache', `${name}.part-1`), { recursive: true })],
    ['a Python that was removed', (dir: string, name: string) => {
      rmSync(join(dir, 'cache', name, 'bin/python'))
      symlinkSync(join(dir, 'gone'), join(dir, 'cache', name, 'bin/python'))
    }],
  ])('makes the environment of the emulator anew over %s', async (what, damage) => {
    const dir = await installed()
    const [name = ''] = readdirSync(join(dir, 'cache')).filter((entry) => entry.startsWith('ministack-0.0.1-'))
    if (!what.includes('removed')) rmSync(join(dir, 'cache', name), { recursive: true })
    damage(dir, name)
    expect(await run(dir, ['gate'])).toMatchObject({ code: 0, out: 'ran gate\n', err: expect.stringContaining('AWS emulator: ready') })
    expect(readdirSync(join(dir, 'cache')).filter((entry) => entry.startsWith('ministack-'))).toEqual([name])
    expect(await run(dir, ['gate'])).toMatchObject({ err: '' })
  })

  it.each([['SIGKILL', null, 'packages.lock'], ['SIGINT', 130, undefined], ['SIGTERM', 143, undefined]] as const)('%s in the middle leaves no process and no half-made environment', async (signal, code, left) => {
    const dir = project()
    const slow = { FAKE_NPM_SECONDS: '60', FAKE_PIP_SECONDS: '60', FAKE_PYTHON_CALLS: join(dir, 'python.calls') }
    const first = start(dir, ['gate'], slow)
    expect(await until(() => calls(dir).length > 0 && calls(dir, 'python.calls').some((call) => call.includes('pip')))).toBe(true)
    const pids = [...calls(dir), ...calls(dir, 'python.calls')].map((call) => parseInt(call))
    expect(pids.some(alive)).toBe(true)
    first.child.kill(signal)
    expect((await first.end).code).toBe(code)
    expect(await until(() => !pids.some(alive), 1000)).toBe(true)
    expect(readdirSync(join(dir, '.visitgate'))[0]).toBe(left)
    expect(await run(dir, ['gate'])).toMatchObject({ code: 0, out: 'ran gate\n' })
    expect(readdirSync(join(dir, 'cache')).filter((entry) => /part|lock/.test(entry))).toEqual([])
  })

  it.each([
    ['no Python', { PATH: 'no-python' }, /Python 3\.10 or later .*\(no python3 on PATH\)\n {2}Next: \S+ install/],
    ['an old Python', { FAKE_PYTHON: '3,9,18' }, /\(python3 is 3\.9\.18\)\n {2}Next: /],
    ['a wrong VV_PYTHON', { VV_PYTHON: '/nowhere/python3' }, /VV_PYTHON=\/nowhere\/python3 does not start/],
    ['a wrong VV_NODE', { VV_NODE: '/nowhere/node' }, /VV_NODE=\/nowhere\/node: is no Node that starts\n {2}Next: /],
    ['a cache that cannot be written', { VV_CACHE: '/dev/null/cache' }, /ENOTDIR.*\n {2}Next: .*VV_CACHE=/],
    ['no npm', { PATH: 'empty', VV_SKIP_MINISTACK: '1' }, /npm is not on PATH\n {2}Next: install Node 24/],
    ['an npm that fails', { FAKE_NPM_FAILS: '1' }, /npm ci ended with exit code 1:\n {4}npm error code ENOTFOUND\n {2}Next: /],
  ])('%s: says what is missing and what to do, exit code 70', async (_, env, says) => {
    const dir = project()
    const { PATH, ...rest } = env as Record<string, string>
    const result = await run(dir, ['gate'], { ...rest, ...PATH && { PATH: join(dir, PATH) } })
    expect(result).toMatchObject({ code: 70, out: '', err: expect.stringMatching(says) })
    expect(result.err).not.toMatch(/\n\s+at /) // no stack
  })

  it('does without Python where the emulator is not needed', async () => {
    const dir = project()
    expect(await run(dir, ['list'], { PATH: join(dir, 'no-python') })).toMatchObject({ code: 7, out: 'ran list\n' })
  })

  it('refuses an old Node in one line', async () => {
    const old = `data:text/javascript,${encodeURIComponent('Object.defineProperty(process,"versions",{value:{...process.versions,node:"18.20.4"}})')}`
    const result = await run(project(), ['gate'], {}, ['--import', old])
    expect(result).toMatchObject({ code: 70, out: '', err: expect.stringMatching(/^visitgate: Node 18\.20\.4 is not supported\. Next: install Node 24 .*\n$/) })
  })
})

posix('the command line', () => {
  let dir = ''
  beforeAll(async () => {
    dir = await installed()
    projects.splice(0)
  })
  afterAll(() => remove([dir]))
  const nodes = [['in process', () => ({})], ['under another Node', () => ({ VV_NODE: join(dir, 'other-node') })]] as const
  const waiting = async (env: Record<string, string>): Promise<Started> => {
    const begun = start(dir, ['wait'], env)
    expect(await until(() => begun.out().includes('waiting'))).toBe(true)
    return begun
  }

  it.each(nodes)('%s has its own exit code, and 70 for whatever breaks: never 1', async (_, env) => {
    const codes: Record<string, unknown> = {}
    for (const verb of ['list', 'gate', 'throw', 'throw-later', 'hang']) codes[verb] = (await run(dir, [verb], env())).code
    expect(codes).toEqual({ list: 7, gate: 0, throw: 70, 'throw-later': 70, hang: 70 })
  })

  it.each(nodes)('%s does not say 1 when the sources do not load', async (_, env) => {
    writeFileSync(join(dir, 'harness/cli/main.ts'), 'export const main = (')
    const { code } = await run(dir, ['gate'], env())
    writeFileSync(join(dir, 'harness/cli/main.ts'), main)
    expect(code).toBe(70)
  })

  it.each(nodes)('%s keeps its exit code when nobody reads its output', async (_, env) => {
    const begun = start(dir, ['pipe'], env())
    begun.child.stdout!.destroy()
    expect(await begun.end).toMatchObject({ code: 7, err: '' })
  })

  it.each(nodes)('%s gets a signal once and cleans up itself', async (_, env) => {
    const begun = await waiting(env())
    begun.child.kill('SIGTERM')
    expect(await begun.end).toEqual({ code: 5, out: expect.stringMatching(/^waiting \d+\ncleaned up\n$/), err: '' })
  })

  it('under another Node: a death by signal is 128 + its number', async () => {
    expect((await run(dir, ['die'], nodes[1][1]())).code).toBe(137)
  })

  it('under another Node: nothing goes on behind a start that was killed with -9', async () => {
    const begun = await waiting(nodes[1][1]())
    const pid = Number(begun.out().split(' ')[1])
    begun.child.kill('SIGKILL')
    expect(await until(() => !alive(pid), 1000)).toBe(true)
    expect((await begun.end).out).toContain('cleaned up')
  })
})

it.each([
  ['gate', true], ['record', true], ['test', true], ['bench', true], ['rehearse --fault x', true], ['gate --target rehearsal', true],
  ['gate --target as-planned', true], ['gate --target targets/rehearsal.json', true], ['test --target targets/production.json', true], ['unheard-of', true],
  ['', true], ['--phase 3', true], ['list', false], ['explain infra/x', false], ['doctor', false], ['--version', false], ['gate --help', false],
  ['gate --target targets/production.json', false], ['gate --target=production.json', false], ['gate -t production.json', false], ['judge runs/latest', false],
])('visitgate %s: needs the emulator: %s', (line, needed) => {
  expect(needsMinistack(line.split(' ').filter(Boolean), {})).toBe(needed)
})

it('the target of VV_TARGET and VV_SKIP_MINISTACK count', () => {
  expect([{ VV_TARGET: 'targets/production.json' }, { VV_TARGET: 'as-planned' }, { VV_SKIP_MINISTACK: '1' }].map((env) => needsMinistack(['gate'], env))).toEqual([false, true, false])
})

it.each([
  ['18.20.4', false], ['20.18.3', false], ['20.19.0', true], ['21.7.3', false], ['22.11.0', false], ['22.12.0', true], ['23.0.0', true], ['24.0.0', true], ['26.1.0', true],
])('Node %s is supported: %s', (version, supported) => {
  expect(tooOld(version) === null).toBe(supported)
})

it('the cache is where the user put it', () => {
  const before = process.env.VV_CACHE
  process.env.VV_CACHE = join(tmpdir(), 'named')
  expect(cacheDir()).toBe(join(tmpdir(), 'named'))
  if (before === undefined) delete process.env.VV_CACHE
  else process.env.VV_CACHE = before
})
