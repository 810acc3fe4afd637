/** What can be known about the recordings key and the token-signing key. In tfplan ids are symbols such as <aws_kms_key.video_recordings.key_id>. */
import { fact } from '#harness/fact.ts'
import type { Trial } from '#harness/kernel.ts'
import type { PolicyDocument } from './recordings.ts'

const both = ['tfplan', 'live'] as const
/** null: no such alias, or it points at nothing. */
export interface Key {
  alias: string
  id: string
  arn: string
  state: string // Enabled | Disabled | PendingDeletion …; in tfplan Enabled or Disabled
  manager: string // CUSTOMER | AWS
  spec: string // SYMMETRIC_DEFAULT | ECC_NIST_P256 …
  usage: string // ENCRYPT_DECRYPT | SIGN_VERIFY …
  origin: string
  multiRegion: boolean
}
export const recordingsKey = fact<Key | null>('keys.recordings', both)
export const signingKey = fact<Key | null>('keys.signing', both)
export const rotation = fact<{ enabled: boolean; days: number | null }>('keys.rotation', both)
/** deletion_window_in_days as declared; null: not declared (AWS then takes 30). Not visible on a live key. */
export const deletionWindows = fact<{ recordings: number | null; signing: number | null }>('keys.deletionWindows', ['tfplan'])
/** Where Terraform writes none, this is the default that KMS then makes: the account's IAM decides everything. */
export const recordingsKeyPolicy = fact<PolicyDocument | null>('keys.recordingsPolicy', both)
export const signingKeyPolicy = fact<PolicyDocument | null>('keys.signingPolicy', both)
/** grantee principal and operations, e.g. "arn:… Decrypt,GenerateDataKey". A plan makes none. */
export interface Grant { grantee: string; operations: string[] }
export const recordingsGrants = fact<Grant[]>('keys.recordingsGrants', both)
export const signingGrants = fact<Grant[]>('keys.signingGrants', both)
/**
 * Environment variables of the API container, name → value (ids and switches; secrets are aliases). null: no task definition.
 * tfplan alone until ECS is observed, so it answers in live rows too, with symbols: ask with when('tfplan', …).
 */
export const apiEnvironment = fact<Record<string, string> | null>('keys.apiEnvironment', ['tfplan'])

/** Tries: 'round trip as the probe' (must be allowed), 'decrypt as a principal without grant' (must be refused). */
export const dataKeyTrial = fact<Trial>('keys.dataKeyTrial', ['live'])
/**
 * Tries: 'sign as the probe' (must be allowed), 'a signature as a principal without grant' (must be refused).
 * derBytes and joseBytes: lengths of the signature, 0 where there is none; verified: offline, in JOSE form, with the public key.
 */
export const signTrial = fact<Trial & { derBytes: number; joseBytes: number; verified: boolean; tamperedVerified: boolean }>('keys.signTrial', ['live'])
