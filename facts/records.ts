/** What people said and signed: attestations from the target's attestation file. */
import { fact } from '#harness/fact.ts'

export interface Attestation { check: string; says: string; by: string; role: string; at: string; until: string }
export const attestations = fact<Attestation[]>('records.attestations', ['live'])
