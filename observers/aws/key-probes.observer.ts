/** What the keys let happen. Class C: nothing stays. Names of tries: facts/keys.ts. */
import { createHash, createPublicKey, randomBytes, timingSafeEqual, verify } from 'node:crypto'
import * as keys from '#facts/keys.ts'
import type { Attempt } from '#harness/kernel.ts'
import { observer } from '#harness/fact.ts'
import { derToJose } from '#domain/jose.ts'
import { unknown } from '#domain/unknown.ts'
import { answering, attempt, isAnswer } from './attempt.ts'

const settings = { sources: ['live'], safety: 'C', seconds: 30 } as const
const both: Attempt = { did: 'STS.GetCallerIdentity as the probe and as the log auditor', allowed: true, answer: '200' }

export default [
  observer({
    ...settings, fact: keys.dataKeyTrial, needs: { key: keys.recordingsKey },
    calls: ['STS.GetCallerIdentity', 'KMS.GenerateDataKey', 'KMS.Decrypt'],
    observe: async ({ key }, look) => {
      await answering(look, 'probe', 'log-auditor')
      const with_ = { KeyId: key.id, EncryptionContext: { purpose: 'compliance-canary' } }
      let ciphertext: Uint8Array | undefined
      const roundTrip = await attempt('round trip as the probe', async () => {
        const made = await look.aws('KMS.GenerateDataKey', { ...with_, KeySpec: 'AES_256' }, 'probe')
        ciphertext = made.CiphertextBlob
        const opened = await look.aws('KMS.Decrypt', { ...with_, CiphertextBlob: ciphertext }, 'probe').catch((error: unknown) => { made.Plaintext.fill(0); throw error })
        const equal = made.Plaintext.length === opened.Plaintext.length && timingSafeEqual(made.Plaintext, opened.Plaintext)
        for (const plaintext of [made.Plaintext, opened.Plaintext]) plaintext.fill(0) // the data key never leaves this function
        if (!equal) throw Object.assign(new Error('Decrypt gave another key than GenerateDataKey'), { name: 'OtherPlaintext', $metadata: { httpStatusCode: 400 } })
        return opened
      }, isAnswer)
      const without = ciphertext === undefined
        ? { ok: false as const, why: { kind: 'control-failed' as const, say: 'no data key could be made, so there was nothing to decrypt', next: 'settle the round trip first', cause: 'keys.recordings' } }
        : await attempt('decrypt as a principal without grant', async () => {
          const opened = await look.aws('KMS.Decrypt', { ...with_, CiphertextBlob: ciphertext }, 'log-auditor')
          opened.Plaintext?.fill(0)
          return opened
        })
      return { control: both, tries: { 'round trip as the probe': roundTrip, 'decrypt as a principal without grant': without } }
    },
  }),
  observer({
    ...settings, fact: keys.signTrial, needs: {},
    calls: ['STS.GetCallerIdentity', 'KMS.Sign', 'KMS.GetPublicKey'],
    observe: async (_, look) => {
      if (look.target.kind === 'live') throw unknown('not-allowed', 'the harness may not sign with keys of a live target: it could then make visit tokens', 'it is proven on staging and rehearsal targets only', 'kms:Sign')
      await answering(look, 'probe', 'log-auditor')
      const KeyId = `alias/visitgate-signing-canary-${look.plan.naming.environment}` // a key of its own, of the same shape: nobody but the API signs visit tokens
      const message = randomBytes(64)
      const input = { KeyId, Message: createHash('sha256').update(message).digest(), MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' }
      let der: Uint8Array | undefined
      const [signed, forged] = await Promise.all([
        attempt('sign as the probe', async () => {
          const answer = await look.aws('KMS.Sign', input, 'probe')
          der = answer.Signature
          return answer
        }, isAnswer),
        attempt('a signature as a principal without grant', () => look.aws('KMS.Sign', input, 'log-auditor')),
      ])
      const tries = { 'sign as the probe': signed, 'a signature as a principal without grant': forged }
      if (der === undefined) return { control: both, tries, derBytes: 0, joseBytes: 0, verified: false, tamperedVerified: false }
      const { PublicKey } = await look.aws('KMS.GetPublicKey', { KeyId }, 'probe')
      const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' }) // KMS API: DER-encoded SubjectPublicKeyInfo
      const jose = derToJose(der)
      const holds = (text: Uint8Array) => verify('sha256', text, { key, dsaEncoding: 'ieee-p1363' }, jose) // in the form that a JWT has
      const other = Buffer.from(message)
      other[0]! ^= 1
      return { control: both, tries, derBytes: der.length, joseBytes: jose.length, verified: holds(message), tamperedVerified: holds(other) }
    },
  }),
] as const
