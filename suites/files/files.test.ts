import { bind } from '#harness/vitest.ts'

await bind('files')
