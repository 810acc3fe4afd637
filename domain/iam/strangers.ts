/** Statements of a resource policy that allow somebody who is not of this account, or a service that nobody binds to it. Pure. */
import { evaluate, parsePolicy, type Effect, type Policy, type Principal, type Statement } from '../iam.ts'
import { isUnresolved } from './document.ts'
import type { Place } from './trust.ts'

/** One line a stranger: what the statement allows to whom, for sure, or as far as a value that is not known yet lets it. Decided by evaluating witnesses, so that a condition that binds counts and one that does not, does not. */
export function strangers(document: unknown, place: Place): { sure: readonly string[]; unsure: readonly string[] } {
  const found = parsePolicy(document).statements.flatMap((statement, index) => {
    if (statement.effect === 'Deny') return []
    const sid = statement.sid ?? `statement ${index + 1}`
    if (statement.notPrincipal !== undefined) return [{ effect: 'allow', say: `${sid} allows with NotPrincipal: everybody but those named` }]
    return witnesses(statement, place).map(({ principal, context, say }) => ({ effect: effectOf(statement, principal, context, place.account), say: `${sid} allows ${actions(statement)} to ${say}` }))
  })
  return { sure: found.filter(({ effect }) => effect === 'allow').map(({ say }) => say), unsure: found.filter(({ effect }) => effect === 'unknown').map(({ say }) => say) }
}

const foreign = '999999999999'
const actions = (statement: Statement): string => (statement.actions ?? ['everything but what it names']).map((action) => (isUnresolved(action) ? action.unresolved : action)).join(', ')

interface Witness { readonly principal: Principal; readonly context: Record<string, string>; readonly say: string }
/** Somebody of another account, anybody, each foreign account that the statement names, and each service it names, sent by another account. */
function witnesses(statement: Statement, { account, region }: Place): readonly Witness[] {
  const named = (statement.principal?.AWS ?? []).filter((text): text is string => typeof text === 'string' && text !== '*')
  const foreignNamed = named.filter((arn) => !arn.includes(`:${account}:`) && arn !== account)
  const services = (statement.principal?.Service ?? []).filter((text): text is string => typeof text === 'string')
  const https = { 'aws:SecureTransport': 'true' }
  return [
    { principal: { kind: 'anonymous' }, context: https, say: 'anybody' },
    { principal: { kind: 'role', arn: `arn:aws:iam::${foreign}:role/stranger` }, context: https, say: 'any other account' },
    ...foreignNamed.map((arn): Witness => ({ principal: { kind: 'role', arn: /^\d{12}$|:root$/.test(arn) ? `arn:aws:iam::${/\d{12}/.exec(arn)?.[0] ?? foreign}:role/stranger` : arn }, context: https, say: arn })),
    ...services.map((service): Witness => ({ principal: { kind: 'service', service }, context: { ...https, 'aws:SourceAccount': foreign, 'aws:SourceArn': `arn:aws:${service.split('.')[0]}:${region}:${foreign}:stranger` }, say: `${service} on behalf of another account` })),
    ...(statement.principal?.Federated ?? []).map((text): Witness => ({ principal: { kind: 'anonymous' }, context: https, say: `federated ${isUnresolved(text) ? text.unresolved : text}` })),
  ]
}

/** Whether this statement by itself would let the witness do the first thing that it allows. */
function effectOf(statement: Statement, principal: Principal, context: Record<string, string>, account: string): Effect {
  const policy: Policy = { version: '2012-10-17', statements: [statement] }
  const action = sample(statement.actions, 's3:GetObject')
  const resource = sample(statement.resources, 'arn:aws:s3:::any/thing')
  const everything: Policy = { version: '2012-10-17', statements: [{ effect: 'Allow', actions: ['*'], resources: ['*'], conditions: [] }] }
  return evaluate({ principal, action, resource, context }, { resource: policy, identity: [everything], resourceAccount: account, kind: 'bucket' }).effect
}
const sample = (texts: Statement['actions'], instead: string): string => {
  const text = texts?.find((one): one is string => typeof one === 'string')
  return text === undefined ? instead : text.replaceAll('*', 'x').replaceAll('?', 'x')
}
