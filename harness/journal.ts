/** The journal of synthetic writes: each line is one clean-up that is still owed. A crash leaves it; the next start pays it. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Undo } from './kernel.ts'

export interface Journal {
  /** Written to disk before the write that it cleans up may happen. */
  owe(step: Undo): Promise<void>
  paid(step: Undo): Promise<void>
  owed(): Promise<readonly Undo[]>
}

/** @param file one journal per target, so that a clean-up never runs against another system */
export function openJournal(file: string): Journal {
  let queue: Promise<unknown> = Promise.resolve()
  const read = async (): Promise<Undo[]> => {
    const text = await readFile(file, 'utf8').catch(() => '')
    return text.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Undo)
  }
  const write = async (steps: readonly Undo[]) => {
    if (steps.length === 0) return rm(file, { force: true })
    await mkdir(dirname(file), { recursive: true })
    await writeFile(`${file}.new`, steps.map((step) => `${JSON.stringify(step)}\n`).join(''), { mode: 0o600 })
    await rename(`${file}.new`, file) // whole or not at all
  }
  const change = (how: (steps: Undo[]) => Undo[]) => {
    const next = queue.then(async () => write(how(await read())))
    queue = next.catch(() => {})
    return next
  }
  const same = (one: Undo, other: Undo) => JSON.stringify(one) === JSON.stringify(other)
  return {
    owe: (step) => change((steps) => [...steps, step]),
    paid: (step) => change((steps) => steps.filter((other) => !same(step, other))),
    owed: read,
  }
}
