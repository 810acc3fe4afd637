/**
 * Policy documents: read once, strictly, into lists. Nothing is dropped: what cannot be understood is an error that names its JSON pointer.
 * Source: IAM User Guide, "Grammar of the IAM JSON policy language" (reference_policies_grammar).
 */
import { duplicateKey } from './duplicates.ts'
import { actions, conditions, fields, isUnresolved, principals, refuse, resources, show, text } from './elements.ts'

export { isUnresolved }

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

/**
 * Reads a policy: an object, JSON text, or URL-encoded JSON (as iam:GetPolicyVersion and iam:GetRolePolicy return it).
 * A missing Version is 2008-10-17 (reference_policies_elements_version). Throws PolicyError.
 */
export function parsePolicy(document: unknown): Policy {
  if (typeof document !== 'object' || document === null || !Object.isFrozen(document)) return readDocument(document)
  const known = parsed.get(document) ?? readDocument(document)
  parsed.set(document, known)
  return known
}
/** Frozen documents (all that was observed) are read once: a run asks hundreds of questions about the same few. */
const parsed = new WeakMap<object, Policy>()

function readDocument(document: unknown): Policy {
  const read = typeof document === 'string' ? fromText(document) : document
  if (isUnresolved(read)) return { version: read, statements: [opaque(read)] }
  const policy = fields(read, '', ['Version', 'Id', 'Statement'])
  const version = 'Version' in policy ? policy['Version'] : '2008-10-17'
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
