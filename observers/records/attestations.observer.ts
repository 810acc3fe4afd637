/** What people signed, from the target's attestation file: a JSON list. */
import * as records from '#facts/records.ts'
import type { Attestation } from '#facts/records.ts'
import { observer } from '#harness/fact.ts'
import { unknown } from '#domain/unknown.ts'

const fields = ['check', 'says', 'by', 'role', 'at', 'until'] as const

/** @param file its name, for errors: they name the file, the JSON pointer, the rule and what is there. Throws "not configured". */
export function readAttestations(text: string, file: string): Attestation[] {
  const wrong = (pointer: string, rule: string) => unknown('not-configured', `${file}: ${pointer || '/'}: ${rule}`, 'correct the attestation file', '/attestations')
  let list: unknown
  try {
    list = JSON.parse(text)
  } catch (error) {
    throw wrong('', `is not JSON: ${(error as Error).message}`)
  }
  if (!Array.isArray(list)) throw wrong('', 'must be a list of attestations')
  return list.map((one: unknown, index) => {
    if (typeof one !== 'object' || one === null || Array.isArray(one)) throw wrong(`/${index}`, 'must be an object')
    const entry = one as Record<string, unknown>
    const extra = Object.keys(entry).find((name) => !(fields as readonly string[]).includes(name))
    if (extra !== undefined) throw wrong(`/${index}/${extra}`, `is not a field of an attestation (${fields.join(', ')})`)
    for (const name of fields) {
      if (typeof entry[name] !== 'string' || entry[name].trim() === '') throw wrong(`/${index}/${name}`, `must be text (got ${JSON.stringify(entry[name]) ?? 'nothing'})`)
    }
    const attestation = entry as unknown as Attestation
    for (const name of ['at', 'until'] as const) {
      if (!/^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/.test(attestation[name]) || Number.isNaN(Date.parse(attestation[name]))) throw wrong(`/${index}/${name}`, `must be a UTC date, ISO 8601 (got ${JSON.stringify(attestation[name])})`)
    }
    if (Date.parse(attestation.until) <= Date.parse(attestation.at)) throw wrong(`/${index}/until`, `must be after ${attestation.at} (got ${attestation.until})`)
    return attestation
  })
}

export default [
  observer({
    fact: records.attestations, sources: ['live'], safety: 'A', seconds: 10, calls: [], needs: {},
    observe: async (_, look) => {
      const file = look.target.attestations
      if (file === undefined) return null // the target names no attestation file
      const bytes = await look.file(file)
      if (bytes === null) throw unknown('not-configured', `${file}: no such file`, 'write it, or correct /attestations in the target file', '/attestations')
      return readAttestations(new TextDecoder().decode(bytes), file)
    },
  }),
] as const
