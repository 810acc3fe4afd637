/** What an adversary can bring: principals, and values for the condition keys that a policy asks about. */
import { date, operatorOf, type Family } from './condition.ts'
import { type Condition, type Policy, type Text } from './document.ts'
import { anyOne, anyText, partsOf, pattern, type Part } from './pattern.ts'
import { accountOf, type Principal } from './principal.ts'

/** In no policy: what a name is when nobody thought of it. */
export const stranger = 'not-in-any-policy'

// ── principals ───────────────────────────────────────────────────────────────────────────────────
const texts = (values: readonly Text[]): readonly string[] => values.filter((value) => typeof value === 'string')
const foreign = (account: string): string => account === '999999999999' ? '888888888888' : '999999999999'

/**
 * A role of the account, a session of it, a user, its root, a foreign role, nobody, a service; and everyone whom the policy itself names, in Principal,
 * NotPrincipal or a condition on a key of the principal, with wildcards filled in.
 */
export function principalsFor(policy: Policy, account: string): readonly Principal[] {
  const role = `arn:aws:iam::${account}:role/${stranger}`
  const usual: Principal[] = [
    { kind: 'role', arn: role }, { kind: 'session', role, session: stranger }, { kind: 'user', arn: `arn:aws:iam::${account}:user/${stranger}` },
    { kind: 'role', arn: `arn:aws:iam::${foreign(account)}:role/${stranger}` }, { kind: 'anonymous' },
    { kind: 'user', arn: `arn:aws:iam::${account}:root` }, // the account's root: aws:PrincipalArn is this ARN
    { kind: 'service', service: `${stranger}.amazonaws.com` },
  ]
  const elements = policy.statements.flatMap(({ principal, notPrincipal }) => [principal, notPrincipal]).filter((element) => element !== undefined)
  const conditions = policy.statements.flatMap((statement) => statement.conditions)
  const literals = (key: RegExp): readonly string[] => conditions.filter((each) => key.test(each.key)).flatMap(({ values }) => texts(values))
  const filled = (key: RegExp): readonly string[] => literals(key).flatMap((text) => fill(text, 'x'))
  const user = (name: string): Principal => ({ kind: 'user', arn: `arn:aws:iam::${account}:user/${name}` })
  const service = (name: string): Principal => ({ kind: 'service', service: name })
  const mentioned: Principal[] = [
    ...elements.flatMap(({ AWS }) => texts(AWS)).flatMap(fromArn),
    ...elements.flatMap(({ Service }) => texts(Service)).filter((name) => name !== '*').map(service),
    ...literals(/^aws:principalarn$/i).flatMap((text) => arnsLike(text, account)).flatMap(fromArn),
    ...filled(/^aws:principalaccount$/i).filter((text) => /^\d{12}$|</.test(text)).flatMap(fromArn),
    ...filled(/^aws:username$/i).map(user),
    ...filled(/^aws:principalservicename(slist)?$/i).map(service),
  ]
  return [...new Map([...usual, ...mentioned].map((principal) => [JSON.stringify(principal), principal])).values()]
}

/** The principals that an ARN, an account or a symbol of the policy stands for; none for "*" and unique ids. */
function fromArn(text: string): readonly Principal[] {
  const [, partition, inAccount, name, session] = /^arn:([^:]*):sts::([^:]+):assumed-role\/([^/]+)\/(.+)$/.exec(text) ?? []
  if (session !== undefined) return [{ kind: 'session', role: `arn:${partition}:iam::${inAccount}:role/${name}`, session }]
  const account = /^\d{12}$/.test(text) ? text : /^arn:[^:]*:iam::([^:]+):root$/.exec(text)?.[1]
  if (account !== undefined) {
    return [{ kind: 'user', arn: `arn:aws:iam::${account}:root` }, { kind: 'role', arn: `arn:aws:iam::${account}:role/${stranger}` }]
  }
  if (/^arn:[^:]*:iam::[^:]+:user\//.test(text) || /^<[^>]*aws_iam_user\./.test(text)) return [{ kind: 'user', arn: text }]
  if (/^arn:[^:]*:iam::[^:]+:role\//.test(text) || text.startsWith('<')) {
    return [{ kind: 'role', arn: text }, { kind: 'session', role: text, session: stranger }]
  }
  return []
}

/** Principal ARNs that a pattern matches: its wildcards may stand for a name, an account, or a whole beginning. At most four. */
function arnsLike(text: string, account: string): readonly string[] {
  const begin = `arn:aws:iam::${account}`
  const matches = pattern(text, { wildcards: true, variables: false })
  const stand = ['x', account, foreign(account), `iam::${account}`, begin, `${begin}:`, `${begin}:role/x`, `${begin}:user/x`, 'role/x', 'user/x', '']
  const shaped = (arn: string): boolean => {
    const of = accountOf(arn)
    return of !== undefined && (of === account || /^\d{12}$|</.test(of)) && /:(root|role\/.*[^/]|user\/.*[^/]|assumed-role\/[^/]+\/.+)$/.test(arn)
  }
  let made = [text.replaceAll('?', 'x')]
  for (let star = 0; star < 3; star++) {
    made = made.flatMap((each) => each.includes('*') ? stand.map((value) => each.replace('*', () => value)) : [each])
  }
  const arns = new Set(made.map((each) => each.replaceAll('*', 'x')))
  return [...arns].filter((arn) => text === arn || (shaped(arn) && matches(arn, new Map()) === true)).slice(0, 4)
}

// ── context values ───────────────────────────────────────────────────────────────────────────────
/** null: the key is not in the request. */
export type Value = string | readonly string[] | null

/** Keys that follow from the principal: they are his, not his to choose. aws:userid he may have any, where no ARN tells it. */
const brought = /^aws:(principal(arn|account|type|isawsservice|servicename)|username)$/
/** Keys that every request has (reference_policies_condition-keys, Availability). */
const always = new Set(['aws:securetransport', 'aws:currenttime', 'aws:epochtime', 'aws:userid', 'aws:requestedregion'])
/** Keys that only a call "made directly by an AWS service principal" has, and keys that an anonymous request cannot have (same page). */
const onlyServices = /^aws:(source(arn|account|orgid|orgpaths)|principalservicenameslist)$/
const neverAnonymous = /^aws:(principal|multifactorauth|tokenissuetime|sourceidentity|federatedprovider|calledvia|userid)/
export const isChosen = (key: string): boolean => !brought.test(key)

/** What to try for one key (lower case): not there, each value that the policy mentions, near misses, and something that nobody thought of. */
export function valuesFor(key: string, conditions: readonly Condition[], principal: Principal, userName: string | undefined): readonly Value[] {
  if (principal.kind !== 'service' && onlyServices.test(key)) return [null]
  if (principal.kind === 'anonymous' && neverAnonymous.test(key)) return [null]
  const asked = conditions.filter((condition) => condition.key.toLowerCase() === key)
    .flatMap(({ operator, values }) => texts(values).map((text) => ({ text, operator: operatorOf(operator) })))
  const families = new Set(asked.flatMap(({ operator }) => operator ? [operator.family] : []))
  const near = asked.flatMap(({ text, operator }) => like(text, operator?.family ?? 'string', operator?.wildcards ?? false, userName))
  const patterns = asked.filter(({ text, operator }) => operator?.wildcards && text.includes('*')).slice(0, 8)
  const both = patterns.flatMap(({ text }) => ['', ...near].flatMap((star) => fill(text, star, true, userName))) // `a*` and `*b` at once: axb
  const singles = [...new Set([...near, ...both])]
  const typed = [...families].some((family) => family === 'number' || family === 'date' || family === 'bool' || family === 'ip')
  const junk = families.has('arn') ? [`arn:aws:iam::999999999999:role/${stranger}`] : families.has('binary') ? ['anVuaw=='] : typed ? [] : [stranger]
  const several = asked.some(({ operator }) => operator?.set)
  const lists = several ? [...singles.flatMap((single) => junk.map((other) => [single, other])), ...(singles.length > 1 ? [singles] : [])] : []
  return [...(always.has(key) ? [] : [null]), ...singles, ...junk, ...lists]
}

const day = 86_400_000
function like(text: string, family: Family, wildcards: boolean, userName: string | undefined): readonly string[] {
  switch (family) {
    case 'number': return Number.isNaN(Number(text)) ? [] : [Number(text) - 1, Number(text), Number(text) + 1].map(String)
    case 'date': {
      const time = date(text)
      if (time === undefined) return []
      return [time - day, time, time + day].map((at) => /^\d{5,}/.test(text) ? String(at / 1000) : new Date(at).toISOString())
    }
    case 'bool': return ['true', 'false']
    case 'null': return []
    case 'binary': return [text]
    case 'ip': return [text.split('/')[0]!, '192.0.2.77', '198.51.100.77', '203.0.113.77', '10.99.99.99', '2001:db8:77::77', 'fd00:77::77']
    case 'string': case 'arn': return fill(text, 'x', wildcards, userName)
  }
}

/** The text with its wildcards filled; a policy variable takes the stranger's value, aws:username the name of the user. */
function fill(text: string, star: string, wildcards = true, userName?: string): readonly string[] {
  const parts = partsOf(text, { wildcards, variables: true })
  const written = (part: Part): string => {
    if (typeof part !== 'number') return part.key === 'aws:username' ? userName ?? stranger : stranger
    return part === anyText ? star : part === anyOne ? 'x' : String.fromCharCode(part)
  }
  return parts === null ? [] : [parts.map(written).join('')]
}
