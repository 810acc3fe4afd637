/**
 * seal(): the only way to make an observation. It scrubs by shape and replaces registered secrets by aliases («code#1»),
 * so that nothing secret or personal reaches a file, log, report or terminal, and "the same link twice" stays judgeable.
 */
import type { Json, Observation, ObservationId, Observed, Safety } from './kernel.ts'

export interface Scrubber {
  /** From now on the value appears as «alias». Values shorter than 4 characters are not replaced: they would blank ordinary text. */
  conceal(value: string, alias: string): void
  text(value: string): string
  json(value: unknown): Json
}

// Shapes of what must never be kept, with where the shape is defined.
const shapes: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, '«private key»'], // RFC 7468
  [/\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*/g, '«token»'], // RFC 7519, compact form
  [/\b(A3T[A-Z0-9]|AKIA|ASIA)[A-Z0-9]{16}\b/g, '«access key»'], // IAM identifiers, AWS IAM User Guide
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/:@]*:[^\s/@]+@/gi, '$1«credentials»@'], // userinfo, RFC 3986 3.2.1
  [/([?&](?:X-Amz-Signature|X-Amz-Credential|X-Amz-Security-Token|token|code|sig)=)[^&\s"']+/gi, '$1«secret»'],
  [/\b(authorization\s*[:=]\s*"?)(bearer|basic)\s+[^\s"',]+/gi, '$1$2 «secret»'],
  [/(?<![\w.-])\+[1-9]\d{7,14}\b/g, '«phone»'], // E.164
  [/\b(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}\b/g, '«ssn»'],
]
/** Values under these names are secret whatever their shape. */
const secretName = /^(aws_?)?(secret(_?access)?_?key|secret_?string|session_?token|password|passwd|pwd|plaintext|private_?key|client_?secret|api_?key)$/i

const mail = /\b[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b/g

/** @param keep addresses that are configuration and no person: the sender that the target declares */
export function scrubber(keep: readonly string[] = []): Scrubber {
  const secrets = new Map<string, string>()
  const kept = new Set(keep.map((one) => one.toLowerCase()))
  const mails = new Map<string, number>() // numbered, so that two people stay two
  const numberOf = (address: string) => { if (!mails.has(address)) mails.set(address, mails.size + 1); return mails.get(address)! }
  const text = (value: string): string => {
    let out = value
    for (const [secret, alias] of secrets) out = out.replaceAll(secret, `«${alias}»`)
    for (const [shape, instead] of shapes) out = out.replace(shape, instead)
    return out.replace(mail, (found) => (kept.has(found.toLowerCase()) ? found : `«e-mail#${numberOf(found.toLowerCase())}»`))
  }
  const json = (value: unknown, name = ''): Json => {
    if (typeof value === 'string') return secretName.test(name) && value !== '' ? '«secret»' : text(value)
    if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
    if (typeof value === 'boolean' || value === null) return value
    if (value === undefined) return null
    if (typeof value === 'bigint') return value.toString()
    if (value instanceof Date) return value.toISOString()
    if (value instanceof Uint8Array) return `«${value.byteLength} bytes»`
    if (Array.isArray(value)) return value.map((item) => json(item, name))
    if (typeof value === 'object') {
      const proto = Object.getPrototypeOf(value) as unknown
      if (proto !== Object.prototype && proto !== null) throw new TypeError(`a ${(value as object).constructor?.name ?? 'strange object'} is not data: it cannot be an observation`)
      const entries = Object.entries(value).filter(([, item]) => item !== undefined).map(([key, item]) => [text(key), json(item, key)] as const)
      if (new Set(entries.map(([key]) => key)).size !== entries.length) throw new TypeError('two names became one when personal data was taken out of them')
      return Object.fromEntries(entries)
    }
    throw new TypeError(`a ${typeof value} is not data: it cannot be an observation`)
  }
  return {
    conceal(value, alias) {
      if (value.length < 4) return
      for (const form of new Set([value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)])) secrets.set(form, alias)
    },
    text,
    json: (value) => json(value),
  }
}

export interface Unsealed { id: ObservationId; version: number; at: Date; ms: number; target: string; safety: Safety; standIn?: string; seen: Observed<unknown> }

const genuine = new WeakSet<object>()
/** Turns what was seen into an observation: scrubbed, JSON, frozen. */
export function seal({ seen, at, ms, ...rest }: Unsealed, scrub: Scrubber): Observation {
  const said = seen.ok ? { ok: true, value: scrub.json(seen.value) } : { ok: false, why: scrub.json(seen.why) }
  const observation = deepFreeze({ ...rest, at: at.toISOString(), ms: Math.round(ms), ...said }) as unknown as Observation
  genuine.add(observation)
  return observation
}
/** An observation that a store read back from its own file; it was sealed when it was written. */
export function unseal(stored: Omit<Observation, never>): Observation {
  const observation = deepFreeze(stored) as Observation
  genuine.add(observation)
  return observation
}
export const isSealed = (value: object): boolean => genuine.has(value)

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) for (const item of Object.values(Object.freeze(value))) deepFreeze(item)
  return value
}
