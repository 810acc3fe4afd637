/** The house: who may import whom, what lies where, and what never stands in a file. */
import { readFile, readdir } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { validator } from '#harness/schema.ts'
import { root } from '#harness/paths.ts'

const rooms = ['plan', 'domain', 'harness', 'facts', 'suites', 'observers', 'fixtures', 'self', 'bench', 'bin'] as const
type Room = (typeof rooms)[number]
/** Rooms that a room may import values from; type imports are exempt. */
const may: Readonly<Record<Room, readonly Room[]>> = {
  plan: ['domain'], domain: ['plan'],
  harness: ['plan', 'domain', 'bin'], // bin: the table of what is installed
  facts: ['plan', 'domain', 'harness'],
  suites: ['plan', 'domain', 'harness', 'facts'], observers: ['plan', 'domain', 'harness', 'facts'],
  fixtures: ['plan', 'domain', 'harness', 'facts', 'observers', 'bin'], // never imported by the above: this code can weaken a bucket
  self: ['plan', 'domain', 'harness', 'facts', 'observers', 'fixtures', 'suites', 'bin'], bench: ['plan', 'domain', 'harness', 'facts', 'observers', 'fixtures', 'self'], bin: ['harness'],
}
const files = (await Promise.all(rooms.map(async (room) => (await readdir(root(room), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => ({ room, path: relative(root(), join(entry.parentPath, entry.name)) }))))).flat()
const code = files.filter(({ path }) => /\.(ts|mjs)$/.test(path) && !path.endsWith('.d.mts'))
const text = (path: string) => readFile(root(path), 'utf8')
const imports = /(?:^|\n)\s*(import|export)\s+(?!type\b)([^'"\n]*?from\s*)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g

test('files were seen', () => { expect(code.length).toBeGreaterThan(100) })

describe('imports go one way', () => {
  test.each(rooms.filter((room) => room !== 'bin'))('%s', async (room) => {
    const wrong: string[] = []
    for (const { path } of code.filter((file) => file.room === room && !file.path.endsWith('.test.ts'))) {
      for (const match of (await text(path)).matchAll(imports)) {
        const from = match[3] ?? match[4]!
        const to = from.startsWith('#') ? from.slice(1).split('/')[0] : from.startsWith('.') ? relative(root(), resolve(root(dirname(path)), from)).split(/[\\/]/)[0] : undefined
        if (to !== undefined && to !== room && (rooms as readonly string[]).includes(to) && !may[room].includes(to as Room)) wrong.push(`${path} imports ${from}`)
      }
    }
    expect(wrong).toEqual([])
  })
})

test('suites hold check files and one test file each, nothing else', () => {
  const own = files.filter(({ room }) => room === 'suites').map(({ path }) => path)
  expect(own.filter((path) => !/^suites\/([a-z0-9]+)\/([a-z0-9-]+\.check\.ts|\1\.test\.ts)$/.test(path))).toEqual([])
})
test('a check file is short', async () => {
  const long: string[] = []
  for (const { path } of code.filter(({ path }) => path.endsWith('.check.ts'))) if ((await text(path)).split('\n').length > 55) long.push(path)
  expect(long).toEqual([])
})
test('no test is left out or left alone', async () => {
  const found: string[] = []
  for (const { path } of code.filter(({ path }) => path.endsWith('.test.ts') && path !== 'self/layout.test.ts' && path !== 'self/runner-traps.test.ts')) if (/\b(test|describe|it)\.(only|skip|fails)\b/.test(await text(path))) found.push(path)
  expect(found).toEqual([])
})
test('nothing reads the folder beside the project, and no path of a machine stands in a file', async () => {
  const found: string[] = []
  for (const { path } of files.filter(({ path }) => path !== 'self/layout.test.ts' && !/\.(png|tgz)$/.test(path))) if (/\.\.\/shared|(?<![\w}])\/(root|work\/(main|shared)|home\/[a-z]+)\//.test(await text(path))) found.push(path)
  expect(found).toEqual([])
})
test.each(['targets/target.schema.json', 'harness/results.schema.json'])('%s is a schema', async (path) => {
  const ajv = new Ajv2020({ strict: true })
  expect(ajv.validateSchema(JSON.parse(await text(path))), JSON.stringify(ajv.errors)).toBe(true)
})
test.each((await readdir(root('targets'))).filter((name) => !name.endsWith('.schema.json')))('targets/%s is a target', async (name) => {
  expect((await validator('target'))(JSON.parse(await text(`targets/${name}`)))).toBe(true)
})
test('the lockfile names no download address', async () => { expect(await text('package-lock.json')).not.toContain('"resolved": "http') })
