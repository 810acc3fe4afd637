import { defineConfig } from 'vitest/config'

/** One project a suite (each against the target of VV_TARGET, else the rehearsal), and one for the project's own tests. */
const suite = (name: string) => ({ test: { name, include: [`suites/${name}/*.test.ts`] } })

export default defineConfig({
  test: {
    pool: 'forks', isolate: false, // files of a project share a process: isolation costs seconds and buys nothing here
    allowOnly: false, // .only would silently skip the rest
    passWithNoTests: false,
    reporters: ['default', './harness/reporter.ts'],
    projects: [
      ...['files', 'infra', 'db', 'api', 'e2e', 'load', 'cost', 'attest'].map(suite),
      { test: { name: 'self', include: ['self/**/*.test.ts', 'domain/**/*.test.ts', 'harness/**/*.test.ts', 'observers/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } },
    ],
  },
})
