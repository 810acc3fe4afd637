/**
 * Policy documents: read once, strictly, into lists. Nothing is dropped: what cannot be understood is an error that names its JSON pointer.
 * Source: IAM User Guide, "Grammar of the IAM JSON policy language" (reference_policies_grammar).
 */
import { duplicateKey } from './duplicates.ts'

/** A value that is not known before apply (Terraform): stands anywhere a string may stand, and for a whole statement, condition or document. */
export interface Unresolved { readonly unresolved: string }
export type Text = string | Unresolved
/** "*" is AWS: ['*']: the guide calls the two equal (reference_policies_elements_principal, All principals). */
export interface Principals {
  readonly AWS: readonly Text[]
  readonly Service: readonly Text[]
  readonly Federated: readonly Text[]
  readonly CanonicalUser: readonly Text[]
}
/** One operator on one key; a statement needs all of them. An unresolved Condition is one whose operator is its expression. */
export interface Condition { readonly operator: string; readonly key: string; readonly values: readonly Text[] }
/** A statement that is unresolved as a whole has an unresolved effect and no other element. */
export interface Statement {
  readonly sid?: string
  readonly effect: 'Allow' | 'Deny' | Unresolved
  readonly principal?: Principals
  readonly notPrincipal?: Principals
  readonly actions?: readonly Text[]
  readonly notActions?: readonly Text[]
  readonly resources?: readonly Text[]
  readonly notResources?: readonly Text[]
  readonly conditions: readonly Condition[]
}
export interface Policy { readonly version: Text; readonly statements: readonly Statement[] }
export interface PolicyError extends Error { readonly name: 'PolicyError'; readonly pointer: string }

type Fields = Readonly<Record<string, unknown>>
export const isUnresolved = (value: unknown): value is Unresolved =>
  typeof value === 'object' && value !== null && typeof (value as Unresolved).unresolved === 'string' && Object.keys(value).length === 1

/**
 * Reads a policy: an object, JSON text, or URL-encoded JSON (as iam:GetPolicyVersion and iam:GetRolePolicy return it).
 * A missing Version is 2008-10-17 (reference_policies_elements_version). Throws PolicyError.
 */
export function parsePolicy(document: unknown): Policy {
  const read = typeof document === 'string' ? fromText(document) : document
  if (isUnresolved(read)) return { version: read, statements: [opaque(read)] }
  const policy = fields(read, '', ['Version', 'Id', 'Statement'])
  const version = policy['Version'] ?? '2008-10-17'
  if (!isUnresolved(version) && version !== '2012-10-17' && version !== '2008-10-17') {
    refuse('/Version', `must be 2012-10-17 or 2008-10-17 (got ${show(version)})`)
  }
  if ('Id' in policy) text(policy['Id'], '/Id')
  if (!('Statement' in policy)) refuse('/Statement', 'is missing: a policy without a statement says nothing')
  const written = policy['Statement']
  const statements = Array.isArray(written)
    ? written.map((item, index) => statement(item, `/Statement/${index}`))
    : [statement(written, '/Statement')]
  if (statements.length === 0) refuse('/Statement', 'is empty: write at least one statement')
  return { version: version as Text, statements }
}

function fromText(document: string): unknown {
  const trimmed = document.trim()
  try {
    const json = trimmed.startsWith('%7B') || trimmed.startsWith('%7b') ? decodeURIComponent(trimmed) : trimmed
    const twice = duplicateKey(json) // JSON.parse keeps the last of two equal keys and drops the other without a word
    const parsed: unknown = JSON.parse(json)
    if (twice !== undefined) refuse(twice, 'is written twice in one object: only one of the two would count')
    return parsed
  } catch (error) {
    if ((error as Error).name === 'PolicyError') throw error
    return refuse('', `is not JSON: ${(error as Error).message}`)
  }
}

function statement(value: unknown, at: string): Statement {
  if (isUnresolved(value)) return opaque(value)
  const element = fields(value, at, ['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'])
  for (const [one, other] of [['Principal', 'NotPrincipal'], ['Action', 'NotAction'], ['Resource', 'NotResource']] as const) {
    if (one in element && other in element) refuse(`${at}/${other}`, `cannot stand beside ${one}`)
  }
  const effect = element['Effect']
  if (effect !== 'Allow' && effect !== 'Deny' && !isUnresolved(effect)) {
    refuse(`${at}/Effect`, `must be Allow or Deny, written so (got ${show(effect)})`)
  }
  if (!('Action' in element) && !('NotAction' in element)) refuse(`${at}/Action`, 'is missing: write Action or NotAction')
  const forResource = 'Principal' in element || 'NotPrincipal' in element // only there may Resource be left out (role trust policies)
  if (!forResource && !('Resource' in element) && !('NotResource' in element)) refuse(`${at}/Resource`, 'is missing: write Resource or NotResource')
  const given = <T>(name: string, key: string, read: (value: unknown, at: string) => T): Record<string, T> =>
    name in element ? { [key]: read(element[name], `${at}/${name}`) } : {}
  return {
    ...given('Sid', 'sid', (sid, where) => { const read = text(sid, where); return typeof read === 'string' ? read : read.unresolved }),
    effect: effect as Statement['effect'],
    ...given('Principal', 'principal', principals), ...given('NotPrincipal', 'notPrincipal', principals),
    ...given('Action', 'actions', actions), ...given('NotAction', 'notActions', actions),
    ...given('Resource', 'resources', resources), ...given('NotResource', 'notResources', resources),
    conditions: 'Condition' in element ? conditions(element['Condition'], `${at}/Condition`) : [],
  }
}
const opaque = (value: Unresolved): Statement => ({ effect: value, conditions: [] })

const actions = (value: unknown, at: string): readonly Text[] => list(value, at, (action, where) => {
  if (action === '*' || action.includes('<') || /^[^:\s]+:[^:\s]+$/.test(action)) return
  refuse(where, `is not an action: write service:Name or * (got ${show(action)})`)
})
// "Invalid ARN prefix" is an error in IAM's own check (access-analyzer-reference-policy-checks); <…> is a Terraform symbol.
const resources = (value: unknown, at: string): readonly Text[] => list(value, at, (resource, where) => {
  if (resource === '*' || resource.includes('<') || resource.startsWith('arn:')) return
  refuse(where, `is not an ARN: write arn:… or * (got ${show(resource)})`)
})

function principals(value: unknown, at: string): Principals {
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

function conditions(value: unknown, at: string): readonly Condition[] {
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
function text(value: unknown, at: string): Text {
  return typeof value === 'string' || isUnresolved(value) ? value : refuse(at, `must be a string (got ${show(value)})`)
}
function object(value: unknown, at: string): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Fields : refuse(at, `must be an object (got ${show(value)})`)
}
function fields(value: unknown, at: string, known: readonly string[]): Fields {
  const read = object(value, at)
  for (const name of Object.keys(read)) {
    if (!known.includes(name)) refuse(`${at}/${escaped(name)}`, `is not an element here: AWS knows ${known.join(', ')}`)
  }
  return read
}
const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1') // RFC 6901
const show = (value: unknown): string => value === undefined ? 'nothing' : (JSON.stringify(value) ?? typeof value).slice(0, 80)
function refuse(pointer: string, say: string): never {
  throw Object.assign(new Error(`policy ${pointer || '(whole document)'}: ${say}`), { name: 'PolicyError', pointer })
}
