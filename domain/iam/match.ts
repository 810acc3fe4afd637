/** Statements as rules: read once, asked often. */
import { condition } from './condition.ts'
import type { Policy, Statement, Text } from './document.ts'
import { and, any, not, partsOf, pattern, type Context, type Pattern, type Tri } from './pattern.ts'
import { names, named, spares, type Named, type Who } from './principal.ts'

/** One request, made ready. action: lower case. */
export interface Question {
  readonly action: string
  readonly resource: string
  readonly who: Who
  readonly context: Context
  readonly boundary: boolean
  readonly kind: 'bucket' | 'key' | 'other'
}
export interface Rule {
  /** Its Sid, or # and its place. */
  readonly id: string
  readonly statement: Statement
  readonly allows: Tri
  readonly denies: Tri
  /** Action, resource and conditions, in an identity policy: a Principal there is refused by AWS, so what it means is unknown. */
  identity(question: Question): Tri
  /** The same in a resource policy, and how the statement names the principal. */
  resource(question: Question): Tri
  named(question: Question): Named
}

const cache = new WeakMap<Policy, readonly Rule[]>()
/** The statements of a policy in their order; compiled at the first call. */
export function rules(policy: Policy): readonly Rule[] {
  const known = cache.get(policy)
  if (known) return known
  const variables: Tri = typeof policy.version !== 'string' ? 'unknown' : policy.version === '2012-10-17'
  const made = policy.statements.map((statement, index) => rule(statement, statement.sid ?? `#${index}`, variables))
  cache.set(policy, made)
  return made
}

function rule(statement: Statement, id: string, variables: Tri): Rule {
  const { effect, principal, notPrincipal, actions, notActions, resources, notResources } = statement
  const action = among(actions, notActions, actionPattern)
  const resource = among(resources, notResources, (text) => resourcePattern(text, variables))
  const conditions = statement.conditions.map((each) => condition(each, variables))
  const covers = (question: Question, whenNoResource: Tri): Tri => {
    const acts = action === null ? 'unknown' : action(question.action, question.context)
    if (acts === false) return false
    const on = resource === null ? whenNoResource : resource(question.resource, question.context)
    if (on === false) return false
    let answer = and(acts, on)
    for (const holds of conditions) {
      const truth = holds(question.context)
      if (truth === false) return false
      if (truth === 'unknown') answer = truth
    }
    return answer
  }
  return {
    id, statement,
    allows: typeof effect === 'string' ? effect === 'Allow' : 'unknown',
    denies: typeof effect === 'string' ? effect === 'Deny' : 'unknown',
    identity: (question) => and(covers(question, 'unknown'), principal || notPrincipal ? 'unknown' : true),
    // Only role trust and some other policies may leave Resource out; S3 and KMS refuse that.
    resource: (question) => covers(question, question.kind === 'other' ? true : 'unknown'),
    named: ({ who, boundary }) => {
      if (principal) return names(principal, who)
      if (!notPrincipal) return { direct: 'unknown', role: false, account: false } // AWS refuses a resource policy without a principal
      // "will always deny any IAM principal that has a permissions boundary policy attached" (reference_policies_elements_notprincipal)
      const others = boundary && who.account !== null ? true : not(spares(notPrincipal, who))
      // with Allow it is "not supported" (same page): what it grants is unknown
      return { direct: effect === 'Deny' ? others : and(others, 'unknown'), role: false, account: false }
    },
  }
}

/** Does this statement of a resource policy deny the request? */
export function denied(of: Rule, question: Question): Tri {
  const covers = of.denies === false ? false : of.resource(question)
  return covers === false ? false : and(of.denies, covers, named(of.named(question)))
}
/** Does this statement of an identity policy or boundary deny the request? */
export const deniedByIdentity = (of: Rule, question: Question): Tri => of.denies === false ? false : and(of.denies, of.identity(question))

function among(listed: readonly Text[] | undefined, except: readonly Text[] | undefined, read: (text: Text) => Pattern): Pattern | null {
  const patterns = (listed ?? except)?.map(read)
  if (!patterns) return null
  const isListed: Pattern = (value, context) => any(patterns, (matches) => matches(value, context))
  return listed ? isListed : (value, context) => not(isListed(value, context))
}

/** "The prefix and the action name are case insensitive" (reference_policies_elements_action); the question brings lower case. */
const actionPattern = (text: Text): Pattern => pattern(typeof text === 'string' ? text.toLowerCase() : text, { wildcards: true, variables: false })

/**
 * Resource: the whole ARN against the whole pattern, and `*` runs across `/` and `:` ("can expand to match beyond the colon boundaries",
 * reference_policies_elements_resource); that page says so of a `*` at the end of a field, we take it of every `*`. Case counts.
 * A variable stands after the fifth colon only (reference_policies_variables, Resource element): before that its meaning is unknown.
 */
function resourcePattern(text: Text, variables: Tri): Pattern {
  const reading = { wildcards: true, variables }
  const parts = typeof text === 'string' && variables === true && !text.includes('<') ? partsOf(text, reading) : null
  const variable = parts?.findIndex((part) => typeof part !== 'number') ?? -1
  if (variable >= 0 && parts!.slice(0, variable).filter((part) => part === 58).length < 5) return () => 'unknown'
  return pattern(text, reading)
}
