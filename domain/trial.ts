/** Edits a trial inside given facts, for faults: the tries whose names match are allowed. Throws when none matches. */
import type { Trial } from '#harness/kernel.ts'

export function allow(trial: { tries: Record<string, unknown> } | Trial, which: RegExp): void {
  const tries = Object.entries(trial.tries as Record<string, { ok: boolean; value?: { allowed: boolean } }>).filter(([name]) => which.test(name))
  if (tries.length === 0) throw new Error(`no try is named like ${which}: ${Object.keys(trial.tries).join('; ')}`)
  for (const [, attempt] of tries) if (attempt.ok && attempt.value !== undefined) attempt.value.allowed = true
}
/** The tries whose names match are refused. */
export function refuse(trial: { tries: Record<string, unknown> } | Trial, which: RegExp): void {
  allow(trial, which)
  for (const [name, attempt] of Object.entries(trial.tries as Record<string, { ok: boolean; value?: { allowed: boolean } }>)) if (which.test(name) && attempt.value !== undefined) attempt.value.allowed = false
}
