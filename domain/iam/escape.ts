/**
 * The adversary's question: is there any way around the Denies of a policy? A Deny whose principal, resource or condition makes it toothless
 * leaves one; a good Deny leaves none.
 */
import { isChosen, principalsFor, valuesFor, type Value } from './adversary.ts'
import { parsePolicy, type Condition, type Policy, type Text } from './document.ts'
import { ask, evaluate, type Effect } from './evaluate.ts'
import { denied, rules, type Question, type Rule } from './match.ts'
import { any, partsOf, type Context, type Tri } from './pattern.ts'
import type { Principal } from './principal.ts'

/**
 * effect: what happens to one whose own policies allow everything: allow, implicit-deny (no Deny, but the resource policy must also allow him
 * and does not), unknown (a Deny may apply). context: only the keys that matter; a key that is not in it may be absent. say: why it is unknown.
 */
export interface Escape {
  readonly principal: Principal
  readonly context: Record<string, string | string[]>
  readonly effect: Effect
  readonly say?: string
}
export interface Asked {
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  /** That of the resource: 12 digits or a symbol. */
  readonly account: string
  /** Keys that define the question (aws:SecureTransport=false); they never vary. */
  readonly context: Readonly<Record<string, string>>
  /** These and no others; else principalsFor(). */
  readonly principals?: readonly Principal[]
}

/** Contexts looked at for one principal, action and resource, before the search gives up and says unknown. */
const budget = 512
const everything = parsePolicy({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } })

/**
 * Every way (bounded) around the Denies of `policy`: principals and contexts for which no Deny surely applies. Empty: the Denies hold.
 *
 * The search sets one key after the other and leaves the rest open ('maybe'). Kleene logic makes that exact: a Deny that already holds then holds
 * whatever the rest is, and when no Deny can hold any more the rest does not matter. When `budget` contexts did not settle it and nothing was found,
 * the answer is one escape with effect unknown.
 */
export function escapes(policy: Policy, asked: Asked): readonly (Escape & { action: string; resource: string })[] {
  const denies = rules(policy).filter((rule) => rule.denies !== false)
  const principals = asked.principals ?? principalsFor(policy, asked.account)
  return asked.actions.flatMap((action) => asked.resources.flatMap((resource) => principals.flatMap((principal) => {
    const kind = action.toLowerCase().startsWith('kms:') ? 'key' : 'bucket'
    const question = ask({ principal, action, resource, context: asked.context }, { kind })
    return ways(denies, question, Object.keys(asked.context)).map(({ context, truth, say }) => {
      const given = { ...asked.context, ...context }
      const request = { principal, action, resource, context: given }
      const { effect } = evaluate(request, { identity: [everything], resource: policy, resourceAccount: asked.account, kind })
      return { principal, context: given, effect: truth === 'unknown' ? truth : effect, ...(say === undefined ? {} : { say }), action, resource }
    })
  })))
}

interface Way { readonly context: Escape['context']; readonly truth: Tri; readonly say?: string }

function ways(denies: readonly Rule[], question: Question, fixed: readonly string[]): readonly Way[] {
  const context = new Map(question.context)
  const open = { ...question, context }
  const given = new Set(fixed.map((key) => key.toLowerCase()))
  const names = new Map(denies.flatMap(({ statement }) => statement.conditions.flatMap(keysOf)).map((key) => [key.toLowerCase(), key]))
  const varied = [...names.keys()].filter((key) => key !== '' && isChosen(key) && !given.has(key) && !isKnown(context.get(key)))
  const conditions = denies.flatMap(({ statement }) => statement.conditions)
  const userName = [question.context.get('aws:username')?.[0]].find((name) => typeof name === 'string')
  for (const key of varied) context.set(key, 'maybe')
  const relevant = denies.filter((rule) => denied(rule, open) !== false)
  const asked = new Set(relevant.flatMap(({ statement }) => statement.conditions.flatMap(keysOf)).map((key) => key.toLowerCase()))
  const keys = varied.filter((key) => asked.has(key)).map((key) => ({ key, values: valuesFor(key, conditions, question.who.principal, userName) }))

  const found: Way[] = []
  let left = budget
  const visit = (depth: number): void => {
    if (left-- <= 0) return
    const truth = any(relevant, (rule) => denied(rule, open))
    if (truth === true) return
    const next = keys[depth]
    if (truth === 'unknown' && next) {
      for (const value of next.values) { put(context, next.key, value); visit(depth + 1) }
      context.set(next.key, 'maybe')
    } else if (truth === false || !found.some((way) => way.truth === 'unknown')) { // one unknown way says it all
      const say = truth === 'unknown' ? { say: 'a Deny hangs on a value that is not known' } : {}
      found.push({ context: taken(keys.slice(0, depth), context, names), truth, ...say })
    }
  }
  visit(0)
  return left < 0 && found.length === 0 ? [{ context: {}, truth: 'unknown', say: `more than ${budget} contexts: not all were tried` }] : found
}

type Values = readonly Text[] | 'maybe'
const isKnown = (values: Values | undefined): boolean =>
  values !== undefined && values !== 'maybe' && values.every((value) => typeof value === 'string')
/** The key of a condition, and those of the policy variables in its values. */
function keysOf({ key, values }: Condition): readonly string[] {
  const variables = values.flatMap((value) => typeof value === 'string' ? partsOf(value, { wildcards: false, variables: true }) ?? [] : [])
  return [key, ...variables.flatMap((part) => typeof part === 'number' ? [] : [part.key])]
}
function put(context: Map<string, Values>, key: string, value: Value): void {
  if (value === null) context.delete(key)
  else context.set(key, typeof value === 'string' ? [value] : value)
}
/** What the search has set, under the names that the policy uses. */
function taken(keys: readonly { readonly key: string }[], context: Context, names: ReadonlyMap<string, string>): Escape['context'] {
  return Object.fromEntries(keys.flatMap(({ key }) => {
    const value = context.get(key)
    return value === undefined || value === 'maybe' ? [] : [[names.get(key)!, value.length === 1 ? String(value[0]) : value.map(String)]]
  }))
}
