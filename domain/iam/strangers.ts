/** Statements of a resource policy that allow somebody who is not of this account, or a service that nobody binds to it. Pure. */
import { evaluate, parsePolicy, type Effect, type Policy, type Principal, type Statement } from '../iam.ts'
import { isUnresolved, type Text } from './document.ts'
import { foundIn, type Found } from './found.ts'
import { foreignAccounts, generous } from './generous.ts'
import type { Place } from './trust.ts'

/** One line a stranger: what the statement allows to whom, for sure, or as far as a value that is not known yet lets it. Decided by evaluating witnesses, so that a condition that binds counts and one that does not, does not. */
export function strangers(document: unknown, place: Place): Found {
  const found = parsePolicy(document).statements.flatMap((statement, index) => {
    if (statement.effect === 'Deny') return []
    const sid = statement.sid ?? `statement ${index + 1}`
    if (statement.notPrincipal !== undefined) return [{ effect: 'allow' as const, say: `${sid} allows with NotPrincipal: everybody but those named` }]
    return witnesses(statement, place).map(({ principal, context, say }) => ({ effect: effectOf(statement, principal, context, place.account), say: `${sid} allows ${actions(statement)} to ${say}` }))
  })
  return foundIn(found)
}

const actions = (statement: Statement): string => (statement.actions ?? ['everything but what it names']).map((action) => (isUnresolved(action) ? action.unresolved : action)).join(', ')

interface Witness { readonly principal: Principal; readonly context: Record<string, string>; readonly say: string }
/** Anybody; somebody of each foreign account that the statement names and of one that it does not; each foreign ARN that it names; each service it names, sent by each of those accounts. */
function witnesses(statement: Statement, { account, region }: Place): readonly Witness[] {
  const texts = (values: readonly Text[] | undefined) => (values ?? []).filter((text): text is string => typeof text === 'string')
  const accounts = foreignAccounts(statement, account)
  const of = (owner: string) => ({ 'aws:SecureTransport': 'true', 'kms:CallerAccount': owner })
  const named = [...texts(statement.principal?.AWS), ...statement.conditions.filter(({ key }) => key.toLowerCase() === 'aws:principalarn').flatMap(({ values }) => texts(values))]
    .filter((arn) => /^arn:[^:]*:(iam|sts)::\d{12}:/.test(arn) && !arn.includes(`:${account}:`)).map((arn) => arn.replaceAll('*', 'x').replaceAll('?', 'x'))
  return [
    { principal: { kind: 'anonymous' }, context: { 'aws:SecureTransport': 'true' }, say: 'anybody' },
    ...accounts.map((owner): Witness => ({ principal: { kind: 'role', arn: `arn:aws:iam::${owner}:role/stranger` }, context: of(owner), say: owner === accounts.at(-1) ? 'any other account' : `account ${owner}` })),
    ...named.filter((arn) => !arn.endsWith(':root')).map((arn): Witness => ({ principal: { kind: arn.includes(':user/') ? 'user' : 'role', arn }, context: of(/\d{12}/.exec(arn)![0]), say: arn })),
    ...texts(statement.principal?.Service).flatMap((service) => accounts.map((owner): Witness => ({
      principal: { kind: 'service', service }, say: `${service} on behalf of ${owner === accounts.at(-1) ? 'any other account' : `account ${owner}`}`,
      context: { ...of(owner), 'aws:SourceAccount': owner, 'aws:SourceOwner': owner, 'aws:SourceArn': `arn:aws:${service.split('.')[0]}:${region}:${owner}:stranger` },
    }))),
    ...(statement.principal?.Federated ?? []).map((text): Witness => ({ principal: { kind: 'anonymous' }, context: { 'aws:SecureTransport': 'true' }, say: `federated ${isUnresolved(text) ? text.unresolved : text}` })),
  ]
}

/** Whether this statement by itself lets the witness do anything at all, its other conditions taken as met. */
function effectOf({ notActions: _, notResources: __, ...statement }: Statement, principal: Principal, context: Record<string, string>, account: string): Effect {
  const resource = generous({ version: '2012-10-17', statements: [{ ...statement, actions: ['*'], resources: ['*'] }] })
  const everything: Policy = { version: '2012-10-17', statements: [{ effect: 'Allow', actions: ['*'], resources: ['*'], conditions: [] }] }
  return evaluate({ principal, action: 's3:GetObject', resource: 'arn:aws:s3:::any/thing', context }, { resource, identity: [everything], resourceAccount: account, kind: 'bucket' }).effect
}
