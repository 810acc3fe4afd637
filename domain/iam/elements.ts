/** The elements of a statement, each read strictly. A refusal names the JSON pointer (RFC 6901), what is wrong and what to write. */
import type { Condition, Principals, Text, Unresolved } from './document.ts'

type Fields = Readonly<Record<string, unknown>>
export const isUnresolved = (value: unknown): value is Unresolved =>
  typeof value === 'object' && value !== null && typeof (value as Unresolved).unresolved === 'string' && Object.keys(value).every((key) => key === 'unresolved' || key === 'references')

export const actions = (value: unknown, at: string): readonly Text[] => list(value, at, (action, where) => {
  if (action === '*' || action.includes('<') || /^[^:\s]+:[^:\s]+$/.test(action)) return
  refuse(where, `is not an action: write service:Name or * (got ${show(action)})`)
})
// "Invalid ARN prefix" is an error in IAM's own check (access-analyzer-reference-policy-checks); <…> is a Terraform symbol.
export const resources = (value: unknown, at: string): readonly Text[] => list(value, at, (resource, where) => {
  if (resource === '*' || resource.includes('<') || resource.startsWith('arn:')) return
  refuse(where, `is not an ARN: write arn:… or * (got ${show(resource)})`)
})

export function principals(value: unknown, at: string): Principals {
  const none = { AWS: [], Service: [], Federated: [], CanonicalUser: [] }
  if (value === '*' || isUnresolved(value)) return { ...none, AWS: [value] }
  if (typeof value === 'string') refuse(at, `must be "*" or an object such as { "AWS": … } (got ${show(value)})`)
  const kinds = fields(value, at, Object.keys(none))
  if (Object.keys(kinds).length === 0) refuse(at, 'is empty: such a statement has no effect')
  const read = (kind: keyof typeof none): readonly Text[] => kind in kinds ? list(kinds[kind], `${at}/${kind}`, named[kind]) : []
  return { AWS: read('AWS'), Service: read('Service'), Federated: read('Federated'), CanonicalUser: read('CanonicalUser') }
}
const noWildcard = (name: string, at: string): void => {
  // "You cannot use a wildcard to match part of a principal name or ARN" (reference_policies_elements_principal)
  if (name === '*' || !/[*?]/.test(name.replaceAll(/<[^>]*>/g, ''))) return
  refuse(at, `has a wildcard inside a name, which AWS refuses: name each principal or use a condition on aws:PrincipalArn (got ${show(name)})`)
}
const named: Readonly<Record<keyof Principals, (name: string, at: string) => void>> = {
  AWS: (name, at) => {
    noWildcard(name, at)
    // an account, an ARN, or the unique id that AWS shows in place of a deleted role or user
    if (name === '*' || name.includes('<') || /^(\d{12}|arn:[\w-]+:(iam|sts)::[^:]+:.+|[A-Z0-9]{16,128})$/.test(name)) return
    refuse(at, `is not a principal: write an ARN, a 12-digit account or * (got ${show(name)})`)
  },
  Service: noWildcard, Federated: noWildcard, CanonicalUser: noWildcard,
}

export function conditions(value: unknown, at: string): readonly Condition[] {
  if (isUnresolved(value)) return [{ operator: value.unresolved, key: '', values: [] }]
  const operators = Object.entries(object(value, at))
  // IAM's check says of an empty block both that it "has no effect" and that it "does not affect the policy"; we cannot tell which statement is meant
  if (operators.length === 0) refuse(at, 'is empty: leave it out or write a condition')
  return operators.flatMap(([operator, block]) => {
    const where = `${at}/${escaped(operator)}`
    if (isUnresolved(block)) return [{ operator: block.unresolved, key: '', values: [] }]
    const keys = Object.entries(object(block, where))
    if (keys.length === 0) refuse(where, 'is empty: leave it out or write a condition key')
    const seen = new Set<string>()
    return keys.map(([key, values]) => {
      if (seen.size === seen.add(key.toLowerCase()).size) refuse(`${where}/${escaped(key)}`, 'is written twice, in different case')
      return { operator, key, values: list(values, `${where}/${escaped(key)}`, () => {}, true) }
    })
  })
}

function list(value: unknown, at: string, check: (item: string, at: string) => void, scalars = false): readonly Text[] {
  if (Array.isArray(value) && value.length === 0) refuse(at, 'is empty: such a statement has no effect')
  return (Array.isArray(value) ? value : [value]).map((item, index) => {
    const where = Array.isArray(value) ? `${at}/${index}` : at
    const read = text(scalars && (typeof item === 'number' || typeof item === 'boolean') ? String(item) : item, where)
    if (typeof read === 'string') check(read, where)
    return read
  })
}
export function text(value: unknown, at: string): Text {
  return typeof value === 'string' || isUnresolved(value) ? value : refuse(at, `must be a string (got ${show(value)})`)
}
function object(value: unknown, at: string): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Fields : refuse(at, `must be an object (got ${show(value)})`)
}
export function fields(value: unknown, at: string, known: readonly string[]): Fields {
  const read = object(value, at)
  for (const name of Object.keys(read)) {
    if (!known.includes(name)) refuse(`${at}/${escaped(name)}`, `is not an element here: AWS knows ${known.join(', ')}`)
  }
  return read
}
const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1') // RFC 6901
export const show = (value: unknown): string => value === undefined ? 'nothing' : (JSON.stringify(value) ?? typeof value).slice(0, 80)
export function refuse(pointer: string, say: string): never {
  throw Object.assign(new Error(`policy ${pointer || '(whole document)'}: ${say}`), { name: 'PolicyError', pointer })
}
