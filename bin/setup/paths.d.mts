/** The root folder of the project. */
export const root: string
/** The user's cache folder: tools by version, compiled code. VV_CACHE names another. */
export function cacheDir(): string
/** Where the Python environment of the emulator belongs, installed or not. */
export function ministackDir(): string
/** The Python that has MiniStack and cryptography, or null when they are not installed. */
export function ministackPython(): string | null
/** Whether a command may look at the rehearsal, and so needs the emulator. */
export function needsMinistack(argv: readonly string[], env?: Readonly<Record<string, string | undefined>>): boolean
/** A sentence with the next step when the version of Node is not supported, else null. */
export function tooOld(version: string): string | null
