import { bind } from '#harness/vitest.ts'

await bind('e2e')
