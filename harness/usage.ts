/** Wrong usage or configuration: exit code 64, one clear line, the next step. */
export interface UsageError extends Error { readonly usage: { readonly next: string } }
export const usage = (say: string, next: string): UsageError => Object.assign(new Error(say), { usage: { next } })
export const isUsage = (error: unknown): error is UsageError => error instanceof Error && 'usage' in error
