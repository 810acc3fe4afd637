/** Where the project's own files are, whatever folder a command is run from. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const base = fileURLToPath(new URL('..', import.meta.url))
export const root = (...parts: readonly string[]): string => join(base, ...parts)
