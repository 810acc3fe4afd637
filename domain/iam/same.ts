/** Whether a live policy says what the reviewed Terraform says, order and list-or-text apart. */
import { parsePolicy, type Policy } from '../iam.ts'
import { isUnresolved, type Text } from './document.ts'

/** @param reviewed may hold symbols such as <random_id.suffix.hex>, which stand for anything that is not empty and has no slash or colon; the same symbol stands for the same text */
export function sameDocument(reviewed: unknown, live: unknown): boolean {
  const [plan, real] = [lines(parsePolicy(reviewed)), lines(parsePolicy(live))]
  if (plan.length !== real.length) return false
  const left = new Set(real)
  const bindings = new Map<string, string>()
  return plan.every((line) => {
    const found = [...left].find((other) => fits(line, other, bindings))
    return found !== undefined && left.delete(found)
  })
}

/** A statement as one text without its Sid: elements and their values sorted. Symbols sort last so that both sides sort alike. */
function lines(policy: Policy): readonly string[] {
  const text = (value: Text) => (isUnresolved(value) ? `<${value.unresolved}>` : value)
  const list = (values: readonly Text[] | undefined) => [...(values ?? [])].map(text).sort(byShape).join(' ')
  return policy.statements.map((statement) => [
    typeof statement.effect === 'string' ? statement.effect : statement.effect.unresolved,
    `do ${list(statement.actions)}`, `not-do ${list(statement.notActions)}`, `on ${list(statement.resources)}`, `not-on ${list(statement.notResources)}`,
    ...statement.conditions.map(({ operator, key, values }) => `if ${operator.toLowerCase()} ${key.toLowerCase()} ${list(values)}`).sort(byShape),
  ].join('\n'))
}
/** By everything but what a symbol may stand for: hex suffixes and key ids. */
const shape = (text: string) => text.replace(/<[^<>]*>|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=-)[0-9a-f]{8}(?=\/|$|\b)/g, '~')
const byShape = (a: string, b: string) => shape(a).localeCompare(shape(b)) || a.localeCompare(b)

function fits(pattern: string, text: string, bindings: Map<string, string>): boolean {
  const names: string[] = []
  const source = pattern.split(/(<[^<>]+>)/).map((part) => {
    if (!part.startsWith('<')) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    names.push(part)
    return '([^\\s/:*?]+)'
  }).join('')
  const match = new RegExp(`^${source}$`).exec(text)
  if (match === null) return false
  return names.every((name, index) => {
    const value = match[index + 1]!
    if (bindings.has(name)) return bindings.get(name) === value
    bindings.set(name, value)
    return true
  })
}
