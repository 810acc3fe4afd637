/** Statements of a resource policy that allow somebody who is not of this account, or a service that nobody binds to it. Pure. */
import { evaluate, parsePolicy, type Policy, type Principal, type Statement } from '../iam.ts'
import { isUnresolved } from './document.ts'

/** @returns one line a stranger: what the statement allows to whom. Decided by evaluating witnesses, so that a condition that binds counts and one that does not, does not. */
export function strangers(document: unknown, account: string): readonly string[] {
  return parsePolicy(document).statements.flatMap((statement, index) => {
    if (statement.effect === 'Deny') return []
    const sid = statement.sid ?? `statement ${index + 1}`
    if (statement.notPrincipal !== undefined) return [`${sid} allows with NotPrincipal: everybody but those named`]
    return witnesses(statement, account).filter(({ principal, context }) => allows(statement, principal, context, account)).map(({ say }) => `${sid} allows ${actions(statement)} to ${say}`)
  })
}

const foreign = '999999999999'
const actions = (statement: Statement): string => (statement.actions ?? ['everything but what it names']).map((action) => (isUnresolved(action) ? action.unresolved : action)).join(', ')

interface Witness { readonly principal: Principal; readonly context: Record<string, string>; readonly say: string }
/** Somebody of another account, anybody, each foreign account that the statement names, and each service it names, sent by another account. */
function witnesses(statement: Statement, account: string): readonly Witness[] {
  const named = (statement.principal?.AWS ?? []).filter((text): text is string => typeof text === 'string' && text !== '*')
  const foreignNamed = named.filter((arn) => !arn.includes(`:${account}:`) && arn !== account)
  const services = (statement.principal?.Service ?? []).filter((text): text is string => typeof text === 'string')
  const https = { 'aws:SecureTransport': 'true' }
  return [
    { principal: { kind: 'anonymous' }, context: https, say: 'anybody' },
    { principal: { kind: 'role', arn: `arn:aws:iam::${foreign}:role/stranger` }, context: https, say: 'any other account' },
    ...foreignNamed.map((arn): Witness => ({ principal: { kind: 'role', arn: /^\d{12}$|:root$/.test(arn) ? `arn:aws:iam::${/\d{12}/.exec(arn)?.[0] ?? foreign}:role/stranger` : arn }, context: https, say: arn })),
    ...services.map((service): Witness => ({ principal: { kind: 'service', service }, context: { ...https, 'aws:SourceAccount': foreign, 'aws:SourceArn': `arn:aws:${service.split('.')[0]}:us-east-1:${foreign}:stranger` }, say: `${service} on behalf of another account` })),
    ...(statement.principal?.Federated ?? []).map((text): Witness => ({ principal: { kind: 'anonymous' }, context: https, say: `federated ${isUnresolved(text) ? text.unresolved : text}` })),
  ]
}

/** Whether this statement by itself would let the witness do the first thing that it allows. */
function allows(statement: Statement, principal: Principal, context: Record<string, string>, account: string): boolean {
  const policy: Policy = { version: '2012-10-17', statements: [statement] }
  const action = sample(statement.actions, 's3:GetObject')
  const resource = sample(statement.resources, 'arn:aws:s3:::any/thing')
  const everything: Policy = { version: '2012-10-17', statements: [{ effect: 'Allow', actions: ['*'], resources: ['*'], conditions: [] }] }
  const { effect } = evaluate({ principal, action, resource, context }, { resource: policy, identity: [everything], resourceAccount: account, kind: 'bucket' })
  return effect === 'allow' || effect === 'unknown' // a stranger that cannot be ruled out is one
}
const sample = (texts: Statement['actions'], instead: string): string => {
  const text = texts?.find((one): one is string => typeof one === 'string')
  return text === undefined ? instead : text.replaceAll('*', 'x').replaceAll('?', 'x')
}
