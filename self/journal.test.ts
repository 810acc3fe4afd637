/** What a crash leaves is paid by the next start; what a lock still holds is left for a later one. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openJournal } from '#harness/journal.ts'
import type { Undo } from '#harness/kernel.ts'
import { settle } from '#harness/look.ts'
import { openSession } from '#harness/session.ts'
import { acceptTarget } from '#harness/target.ts'

let folder: string
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'visitgate-journal-')) })
afterEach(() => rm(folder, { recursive: true, force: true }))

const step = (Key: string, notBefore?: string): Undo => ({ call: 'S3.DeleteObject', input: { Bucket: 'b', Key }, as: 'probe', ...(notBefore === undefined ? {} : { notBefore }) })
const aws = (answer: (key: string) => void) => {
  const sent: string[] = []
  return { sent, region: async () => 'us-east-1', close() {}, async send(_: string, input: object) { const { Key } = input as { Key: string }; sent.push(Key); answer(Key) } }
}
const refuse = (name: string) => { throw Object.assign(new Error(name), { name }) }

test('owed is what was owed and not paid, also for a reader that comes later', async () => {
  const file = join(folder, 'deep', 'journal.jsonl')
  const first = openJournal(file)
  for (const key of ['a', 'b', 'c']) await first.owe(step(key))
  await first.paid(step('b'))
  expect((await openJournal(file).owed()).map(({ input }) => input.Key)).toEqual(['a', 'c'])
  await first.forget()
  expect(await openJournal(file).owed()).toEqual([])
})
test('several runs may share it', async () => {
  const file = join(folder, 'journal.jsonl')
  const [one, other] = [openJournal(file), openJournal(file)]
  await Promise.all(Array.from({ length: 50 }, (_, index) => (index % 2 ? one : other).owe(step(`k${index}`))))
  expect(await one.owed()).toHaveLength(50)
})

describe('paying', () => {
  test.each<[string, Undo, (key: string) => void, readonly string[], number]>([
    ['what can be cleaned up', step('a'), () => {}, ['a'], 0],
    ['what is gone already', step('a'), () => refuse('NoSuchKey'), ['a'], 0],
    ['what is refused stays owed', step('a'), () => refuse('AccessDenied'), ['a'], 1],
    ['what a lock holds until tomorrow stays owed, untouched', step('a', new Date(Date.now() + 86_400_000).toISOString()), () => {}, [], 1],
    ['what a lock holds for a moment is waited for', step('a', new Date(Date.now() + 300).toISOString()), () => {}, ['a'], 0],
  ])('%s', async (_, owed, answer, sent, left) => {
    const journal = openJournal(join(folder, 'journal.jsonl'))
    await journal.owe(owed)
    const client = aws(answer)
    expect(await settle(await journal.owed(), { aws: client, journal })).toHaveLength(left)
    expect([client.sent, (await journal.owed()).length]).toEqual([sent, left])
  })
})

test('the next start on the same target pays what a crash left, and only where probes are allowed', async () => {
  const before = process.env.VV_CACHE
  process.env.VV_CACHE = folder
  try {
    const open = async (allow: readonly string[]) => {
      const loaded = await acceptTarget({ name: 'staging', kind: 'staging', allow }, 'staging.json', folder)
      const client = aws(() => {})
      const file = join(folder, 'journal', `${loaded.sha256.slice(0, 16)}.jsonl`)
      await openJournal(file).owe(step('left'))
      await (await openSession({ loaded, observers: new Map(), aws: client })).close()
      return { sent: client.sent, left: await readFile(file, 'utf8').then((text) => text.split('\n').filter(Boolean).length) }
    }
    expect((await open(['A', 'B', 'D'])).sent).toEqual(['left'])
    expect((await open(['A', 'B'])).sent).toEqual([])
  } finally {
    if (before === undefined) delete process.env.VV_CACHE
    else process.env.VV_CACHE = before
  }
})
