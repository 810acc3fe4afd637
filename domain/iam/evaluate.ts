/**
 * May this principal do this? Identity policies, permissions boundary and the resource's own policy together.
 * Sources: IAM User Guide, "Policy evaluation logic" (reference_policies_evaluation-logic: explicit deny, and the table of resource-based
 * policies and implicit denies) and "Cross-account policy evaluation logic" (reference_policies_evaluation-logic-cross-account);
 * KMS Developer Guide, "Key policies" (key-policies, key-policy-default).
 * Not seen: SCPs, RCPs, session policies, VPC endpoint policies, KMS grants, S3 ACLs.
 */
import type { Policy, Text } from './document.ts'
import { denied, deniedByIdentity, rules, type Question, type Rule } from './match.ts'
import { and, or, type Context, type Tri } from './pattern.ts'
import { principalKeys, who, type Named, type Principal, type Who } from './principal.ts'

/** context: keys in any case; a key that is not there is not in the request. Keys that follow from the principal are filled in unless given. */
export interface Request {
  readonly principal: Principal
  readonly action: string
  /** An ARN, or * for an action without a resource. Read literally: * does not mean "some resource". */
  readonly resource: string
  readonly context: Readonly<Record<string, string | readonly string[]>>
}
/** identity, boundary: of the principal. resource: of the bucket, key or thing asked for; it belongs to resourceAccount (12 digits or a symbol). */
export interface Policies {
  readonly identity?: readonly Policy[]
  readonly boundary?: Policy
  readonly resource?: Policy
  readonly resourceAccount: string
  readonly kind?: 'bucket' | 'key' | 'other'
}
export type Effect = 'allow' | 'deny' | 'implicit-deny' | 'unknown'
/** by: Sids, or #place, of the statements that deny, allow or are not known; say: one sentence. */
export interface Decision { readonly effect: Effect; readonly say: string; readonly by: readonly string[] }

/**
 * Three-valued: unknown only if the decision hangs on what is unknown. An unknown Allow beside a sure Deny is deny;
 * an unknown Deny where nothing allows is implicit-deny; an unknown Deny beside an Allow is unknown.
 */
export function evaluate(request: Request, policies: Policies): Decision {
  const { action } = request
  const question = ask(request, policies)
  const own = question.who.account !== null // services and nobody have neither identity policies nor a boundary
  const identity = own ? (policies.identity ?? []).flatMap(rules) : []
  const boundary = own && policies.boundary ? rules(policies.boundary) : null
  const resource = policies.resource ? rules(policies.resource) : []

  const denies: [string, Found][] = [
    ['the identity policy', find(identity, (rule) => deniedByIdentity(rule, question))],
    ['the permissions boundary', find(boundary ?? [], (rule) => deniedByIdentity(rule, question))],
    ['the resource policy', find(resource, (rule) => denied(rule, question))],
  ]
  for (const [where, { truth, sure }] of denies) {
    if (truth === true) return decision('deny', sure, `${ids(sure)} of ${where} denies ${action}`)
  }
  const allows = allowing(question, identity, boundary, resource)
  const answer = decide(allows, question.who.account, policies)
  if (answer === false) {
    const limited = allows.within.truth === false && allows.own.truth !== false
    return decision('implicit-deny', [], limited ? `the permissions boundary does not allow ${action}` : `nothing that counts allows ${action}`)
  }
  const found = [allows.own, allows.direct, allows.role, allows.account]
  const unsure = denies.some(([, { truth }]) => truth === 'unknown')
  if (answer === true && !unsure) {
    const by = unique(found.flatMap(({ sure }) => sure))
    return decision('allow', by, by.length === 0 ? 'the root user may do everything in its account' : `${ids(by)} allows ${action}`)
  }
  const open = unique([...denies.map(([, each]) => each), ...found, allows.within].flatMap((each) => each.open))
  const names = open.map((rule) => `${rule.id} (${doubts(rule)})`).join(', ') || 'the account of the principal'
  return decision('unknown', open, `${names} decides on ${action}, and is not known`)
}

interface Found { readonly truth: Tri; readonly sure: readonly Rule[]; readonly open: readonly Rule[] }
/** own: identity policies. within: the boundary. direct, role, account: how the resource policy names the principal. */
type Allows = Readonly<Record<'own' | 'within' | keyof Named, Found>>
const yes: Found = { truth: true, sure: [], open: [] }

function allowing(question: Question, identity: readonly Rule[], boundary: readonly Rule[] | null, resource: readonly Rule[]): Allows {
  const allow = (rule: Rule): Tri => rule.allows === false ? false : and(rule.allows, rule.identity(question))
  const grants = new Map<Rule, { covers: Tri; named: Named }>()
  for (const rule of resource) {
    const covers = rule.allows === false ? false : and(rule.allows, rule.resource(question))
    if (covers !== false) grants.set(rule, { covers, named: rule.named(question) })
  }
  const granting = [...grants.keys()]
  const granted = (way: keyof Named): Found => find(granting, (rule) => and(grants.get(rule)!.covers, grants.get(rule)!.named[way]))
  return {
    own: question.who.root ? yes : find(identity, allow), // "with the exception of the AWS account root user, which has full access"
    within: boundary ? find(boundary, allow) : yes,
    direct: granted('direct'), role: granted('role'), account: granted('account'),
  }
}

/**
 * Same account: the identity policy or the resource policy. What the boundary does not allow stays closed to the identity policy and to a
 * resource policy that names the role, but not to one that names the user, the session or everyone. Naming the account only delegates:
 * without effect, except that a KMS key needs it before identity policies count at all. Other account: both sides must allow.
 */
function decide({ own, within, direct, role, account }: Allows, of: Who['account'], { resourceAccount, kind }: Policies): Tri {
  if (of === null) return direct.truth
  const delegated = kind === 'key' ? account.truth : true
  const same = or(direct.truth, and(role.truth, within.truth), and(own.truth, within.truth, delegated))
  const other = and(own.truth, within.truth, or(direct.truth, role.truth, account.truth))
  return typeof of === 'string' ? (of === resourceAccount ? same : other) : same === other ? same : 'unknown'
}

/** A request with the keys of its principal. */
export function ask({ principal, action, resource, context }: Request, { boundary, kind }: Pick<Policies, 'boundary' | 'kind'>): Question {
  const asking = who(principal)
  return {
    action: action.toLowerCase(), resource, who: asking, context: contextOf(principalKeys(asking), context),
    boundary: boundary !== undefined, kind: kind ?? 'other',
  }
}
function contextOf(own: readonly (readonly [string, Text])[], given: Request['context']): Context {
  const context = new Map<string, readonly Text[]>()
  for (const [key, value] of own) context.set(key, [value])
  for (const [key, value] of Object.entries(given)) context.set(key.toLowerCase(), typeof value === 'string' ? [value] : value)
  return context
}

function find(all: readonly Rule[], test: (rule: Rule) => Tri): Found {
  const sure: Rule[] = [], open: Rule[] = []
  for (const rule of all) {
    const truth = test(rule)
    if (truth !== false) (truth === true ? sure : open).push(rule)
  }
  return { truth: sure.length > 0 ? true : open.length > 0 ? 'unknown' : false, sure, open }
}
const unique = (all: readonly Rule[]): readonly Rule[] => [...new Set(all)]
const ids = (all: readonly Rule[]): string => all.map(({ id }) => id).join(', ')
const decision = (effect: Effect, by: readonly Rule[], say: string): Decision => ({ effect, say, by: by.map(({ id }) => id) })
/** What in a statement is not known: its unresolved expressions, or else its condition operators. */
function doubts({ statement }: Rule): string {
  const expressions = [...JSON.stringify(statement).matchAll(/"unresolved":("(?:[^"\\]|\\.)*")/g)].map(([, text]) => String(JSON.parse(text!)))
  return [...new Set(expressions)].join(', ') || statement.conditions.map(({ operator, key }) => `${operator} ${key}`).join(', ') || 'its principal'
}
