/** Waivers: accepted findings, by name, with owner, approvers and an end. A waiver never hides the raw outcome. */
import type { Claim, Line, Row, Waiver } from './kernel.ts'
import { usage } from './usage.ts'

const most = { blocker: { approvers: 2, days: 30 }, major: { approvers: 1, days: 90 }, minor: { approvers: 1, days: 90 } } as const

const fields = ['check', 'at', 'reason', 'owner', 'approvedBy', 'until']

/** Throws a usage error for a malformed waiver, an unknown id, a check that can never be waived, or too few approvers. */
export function readWaivers(document: unknown, file: string, lines: readonly Line[], never: readonly string[], now: Date): readonly Waiver[] {
  if (!Array.isArray(document)) throw usage(`${file}: must be a list of waivers`, 'see README, Waivers')
  return document.map((raw: Record<string, unknown>, index) => {
    const at = (field: string) => `${file}: /${index}/${field}`
    const text = (field: string) => {
      const value = raw?.[field]
      if (typeof value !== 'string' || value.trim() === '') throw usage(`${at(field)}: must be a text (got ${JSON.stringify(value)})`, 'fill it in')
      return value
    }
    const texts = (field: string) => {
      const value = raw?.[field]
      if (!Array.isArray(value) || value.length === 0 || value.some((item) => typeof item !== 'string' || item.trim() === '')) throw usage(`${at(field)}: must be a list of texts (got ${JSON.stringify(value)})`, 'name at least one')
      return value as string[]
    }
    const strange = Object.keys(raw ?? {}).find((field) => !fields.includes(field))
    if (strange !== undefined) throw usage(`${at(strange)}: a waiver has no such field`, `its fields are ${fields.join(', ')}`)
    const check = text('check') as Waiver['check']
    const line = lines.find((one) => one.id === check)
    if (line === undefined) throw usage(`${at('check')}: no check has the id ${check}`, 'visitgate list shows the ids')
    if (never.includes(check)) throw usage(`${at('check')}: ${check} can never be waived`, 'correct the finding')
    const until = text('until')
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/.test(until) || Number.isNaN(Date.parse(until))) throw usage(`${at('until')}: must be a UTC time such as 2026-12-31T00:00Z (got ${until})`, 'write the date with its time and Z')
    const approvedBy = [...new Map(texts('approvedBy').map((name) => [name.trim().toLowerCase(), name.trim()])).values()] // one person is one approver
    const limit = most[line.severity]
    if (approvedBy.length < limit.approvers) throw usage(`${at('approvedBy')}: a ${line.severity} needs ${limit.approvers} approvers (got ${approvedBy.length})`, 'have it approved')
    if (Date.parse(until) - now.getTime() > limit.days * 86_400_000) throw usage(`${at('until')}: a ${line.severity} can be waived for ${limit.days} days at most (got ${until})`, 'choose a nearer date')
    return { check, at: texts('at'), reason: text('reason'), owner: text('owner'), approvedBy, until }
  })
}

/** Covers a failed row only if every false claim is named. Returns the rows and, in words, what was ignored and why. */
export function applyWaivers(rows: readonly Row[], waivers: readonly Waiver[], now: Date): { rows: readonly Row[]; ignored: readonly string[] } {
  const used = new Set<Waiver>()
  const covered = rows.map((row) => {
    if (row.outcome !== 'fail') return row
    const findings = row.claims.filter((claim: Claim) => claim.holds === false).map((claim) => claim.at)
    const waiver = waivers.find((one) => one.check === row.id && Date.parse(one.until) > now.getTime() && findings.every((at) => one.at.includes(at)))
    if (waiver === undefined || row.claims.some((claim) => typeof claim.holds === 'object')) return row // unknown beside a waived finding stays visible
    used.add(waiver)
    return { ...row, waived: waiver }
  })
  const ignored = waivers.filter((one) => !used.has(one)).map((one) =>
    Date.parse(one.until) <= now.getTime() ? `waiver of ${one.check} expired on ${one.until}: ignored` : `waiver of ${one.check} covers nothing that was found (${one.at.join(', ')}): ignored`)
  return { rows: covered, ignored }
}
