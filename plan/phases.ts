/** The plan's timeline (plan, "Deployment timeline"): phases, their order and their planned minutes. */
import type { Phase } from '#harness/kernel.ts'

export interface PlannedPhase { readonly phase: Phase; readonly title: string; readonly after: readonly Phase[]; readonly minutes: number | null }

export const phases: readonly PlannedPhase[] = [
  { phase: 0, title: 'Code push', after: [], minutes: null }, // the plan says "?": the frontend team decides
  { phase: 1, title: 'File verification', after: [0], minutes: 10 },
  { phase: 2, title: 'Infrastructure review', after: [1], minutes: 15 },
  { phase: 3, title: 'Terraform', after: [2], minutes: 30 },
  { phase: 4, title: 'Deploy infrastructure', after: [3], minutes: 20 },
  { phase: 5, title: 'Database migration', after: [4], minutes: 15 },
  { phase: 6, title: 'Environment variables', after: [4], minutes: 10 },
  { phase: 7, title: 'Integration', after: [5, 6], minutes: 30 },
]
