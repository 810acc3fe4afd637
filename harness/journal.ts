/** The journal of synthetic writes: what is owed and not yet paid is a clean-up that a crash left; the next start pays it. */
import { appendFile, mkdir, readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Undo } from './kernel.ts'

export interface Journal {
  /** On disk before the write that it cleans up may happen. */
  owe(step: Undo): Promise<void>
  paid(step: Undo): Promise<void>
  owed(): Promise<readonly Undo[]>
  /** Forgets everything: for a rehearsal, which forgets everything itself when it ends. */
  forget(): Promise<void>
}

/** @param file one journal per target, so that a clean-up never runs against another system. It is only ever appended to: several runs may share it. */
export function openJournal(file: string): Journal {
  const add = async (entry: { owe: Undo } | { paid: Undo }) => {
    await mkdir(dirname(file), { recursive: true })
    await appendFile(file, `${JSON.stringify(entry)}\n`, { mode: 0o600 })
  }
  return {
    owe: (step) => add({ owe: step }),
    paid: (step) => add({ paid: step }),
    async owed() {
      const left = new Map<string, Undo>()
      for (const line of (await readFile(file, 'utf8').catch(() => '')).split('\n').filter(Boolean)) {
        const entry = JSON.parse(line) as { owe?: Undo; paid?: Undo }
        if (entry.owe !== undefined) left.set(JSON.stringify(entry.owe), entry.owe)
        if (entry.paid !== undefined) left.delete(JSON.stringify(entry.paid))
      }
      return [...left.values()]
    },
    forget: () => rm(file, { force: true }),
  }
}
