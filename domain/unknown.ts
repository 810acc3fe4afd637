/** How pure code says "I cannot know": it throws an Error that carries a Why; the kernel turns it into an unknown row, never into a pass. */
import type { Why } from '#harness/kernel.ts'

export interface Unknown extends Error { readonly why: Why }

/** Makes the error; the caller throws it. */
export const unknown = (kind: Why['kind'], say: string, next: string, cause?: string): Unknown =>
  Object.assign(new Error(say), { why: { kind, say, next, ...(cause === undefined ? {} : { cause }) } })

export const whyOf = (error: unknown): Why | undefined =>
  error instanceof Error && 'why' in error ? (error as Unknown).why : undefined

export const notConfigured = (section: string): Unknown =>
  unknown('not-configured', `the target does not say ${section}`, `add ${section} to the target file`, section)
