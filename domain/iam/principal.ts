/** Who asks: ARNs, the context keys that follow from the principal, and how a Principal element names it. */
import type { Principals, Text } from './document.ts'
import { and, or, type Tri } from './pattern.ts'

/**
 * role: a session of the role with a name that no policy mentions (every request of a role comes from some session).
 * session: role is the ROLE ARN. user with an ARN that ends in :root is the account's root user. ARNs may be Terraform symbols, <aws_iam_role.x.arn>.
 */
export type Principal =
  | { readonly kind: 'role' | 'user'; readonly arn: string }
  | { readonly kind: 'session'; readonly role: string; readonly session: string }
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'anonymous' }

export interface Who {
  readonly principal: Principal
  /** null: a service or nobody; unresolved: a symbolic ARN that does not say it. */
  readonly account: Text | null
  readonly root: boolean
  readonly role?: string
  /** ARN of the user or session; absent for a role and for a session of a symbolic role. */
  readonly self?: string
}

/** Account of an IAM or STS ARN; undefined when the text is no such ARN. */
export const accountOf = (arn: string): string | undefined => /^arn:[^:]*:(?:iam|sts)::([^:]+):/.exec(arn)?.[1]
/** arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION: the path of the role is not part of it (reference_identifiers). */
function sessionArn(role: string, session: string): string | undefined {
  const [, partition, account, name] = /^arn:([^:]*):iam::([^:]+):role\/(?:.*\/)?([^/]+)$/.exec(role) ?? []
  return name === undefined ? undefined : `arn:${partition}:sts::${account}:assumed-role/${name}/${session}`
}

export function who(principal: Principal): Who {
  if (principal.kind === 'service' || principal.kind === 'anonymous') return { principal, account: null, root: false }
  const arn = principal.kind === 'session' ? principal.role : principal.arn
  const account = accountOf(arn) ?? { unresolved: `the account of ${arn}` }
  if (principal.kind === 'user') return { principal, account, root: arn.endsWith(':root'), self: arn }
  const self = principal.kind === 'session' ? sessionArn(arn, principal.session) : undefined
  return { principal, account, root: false, role: arn, ...(self === undefined ? {} : { self }) }
}

/**
 * The keys that a principal brings, lower case. Sources: reference_policies_condition-keys (aws:PrincipalArn of a role is the role's ARN, not the
 * session's; anonymous requests have no aws:PrincipalArn, and aws:PrincipalAccount "anonymous"); reference_policies_variables, Principal key values.
 * aws:userid is always there but a unique id that no ARN tells: unresolved. A service principal has an account and an id of AWS's own, never one that
 * a customer's policy names; it has no aws:PrincipalArn, and what its aws:PrincipalType is the guide does not say.
 */
export function principalKeys({ principal, account, root, role, self }: Who): readonly (readonly [string, Text])[] {
  if (principal.kind === 'anonymous') return [['aws:principalaccount', 'anonymous'], ['aws:principaltype', 'Anonymous'], ['aws:userid', 'anonymous']]
  if (principal.kind === 'service') {
    const { service } = principal
    return [['aws:principalisawsservice', 'true'], ['aws:principalservicename', service], ['aws:principalaccount', `an account of ${service}`],
      ['aws:userid', `an id of ${service}`], ['aws:principaltype', { unresolved: `aws:PrincipalType of ${service}` }]]
  }
  const arn = role ?? self!
  const kind = root ? 'Account' : role !== undefined ? 'AssumedRole' : 'User'
  return [
    ['aws:principalarn', arn], ['aws:principalaccount', account!], ['aws:principaltype', kind], ['aws:principalisawsservice', 'false'],
    ['aws:userid', root ? account! : { unresolved: `aws:userid of ${arn}` }],
    ...(kind === 'User' ? [['aws:username', nameOf(arn)] as const] : []),
  ]
}
const nameOf = (arn: string): Text => /:user\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1] ?? { unresolved: `the name of ${arn}` }

/** How a Principal element names the one who asks; the three ways differ in what else must allow (evaluate.ts). */
export interface Named { readonly direct: Tri; readonly role: Tri; readonly account: Tri }
export const named = ({ direct, role, account }: Named): Tri => or(direct, role, account)

/** Source: reference_policies_elements_principal. Unique ids (AROA…) stand for deleted principals: "the policy no longer applies". */
export function names(element: Principals, { principal, account, role, self }: Who): Named {
  let direct: Tri = false, byRole: Tri = false, byAccount: Tri = false
  for (const entry of element.AWS) {
    if (typeof entry !== 'string') { direct = or(direct, 'unknown'); continue } // might be "*"
    if (entry === '*') { direct = true; continue }
    if (account === null) continue
    if (entry === self) direct = true
    if (entry === role) byRole = true
    const delegated = /^(?:\d{12}|arn:[^:]*:iam::([^:]+):root)$/.exec(entry)
    if (delegated) byAccount = or(byAccount, typeof account === 'string' ? (delegated[1] ?? entry) === account : 'unknown')
    else if (entry === account) byAccount = true
    else if (principal.kind === 'session' && self === undefined && entry.includes(':assumed-role/') && entry.endsWith(`/${principal.session}`)) {
      direct = or(direct, 'unknown') // the role is a symbol: it may be that one
    }
  }
  for (const entry of element.Service) {
    if (principal.kind === 'service') direct = or(direct, typeof entry !== 'string' || entry === '*' ? 'unknown' : entry === principal.service)
  }
  // A canonical user id is an account that we know only by number; how a session was federated is not in the request.
  if (element.CanonicalUser.length > 0 && account !== null) byAccount = or(byAccount, 'unknown')
  if (element.Federated.length > 0 && role !== undefined) direct = or(direct, 'unknown')
  return { direct, role: byRole, account: byAccount }
}

/**
 * Does NotPrincipal spare the one who asks? Who is not listed by his own ARN is not spared. For a user the account must stand beside him, for a
 * session the role and the account: without them AWS "might deny access to the entire account" (reference_policies_elements_notprincipal): unknown.
 */
export function spares(element: Principals, asking: Who): Tri {
  if (element.AWS.includes('*')) return true
  const { direct, role, account } = names(element, asking)
  switch (asking.principal.kind) {
    case 'anonymous': case 'service': return direct
    case 'user': return asking.root ? or(direct, account) : direct === false ? false : and(direct, account === false ? 'unknown' : account)
    case 'role': return role === false ? direct === 'unknown' && direct : and(role, account === false ? 'unknown' : account)
    case 'session': return direct === false ? false : and(direct, role === false ? 'unknown' : role, account === false ? 'unknown' : account)
  }
}
