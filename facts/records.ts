/** What people said and signed: attestations from the target's attestation file. */
import { fact } from '#harness/fact.ts'

export interface Attestation { check: string; says: string; by: string; role: string; at: string; until: string }
/** null: the target names no attestation file. */
export const attestations = fact<Attestation[] | null>('records.attestations', ['live'])
