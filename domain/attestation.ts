/** What people accepted, and whether it still counts. */
import type { Attestation } from '#facts/records.ts'

/** The attestation for a check that is in force at a time, or undefined. */
export const accepted = (attestations: readonly Attestation[] | null, check: string, at: string): Attestation | undefined =>
  attestations?.find((one) => one.check === check && Date.parse(one.at) <= Date.parse(at) && Date.parse(at) < Date.parse(one.until))
