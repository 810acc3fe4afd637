/** Who may take a role, and what binds them. Pure. */
import { evaluate, parsePolicy, type Policy, type Principal, type Statement } from '../iam.ts'
import { isUnresolved, type Text } from './document.ts'

/** Where the system is. */
export interface Place { readonly account: string; readonly region: string }
export interface Trusted {
  readonly who: string // a service, ARN, provider, or * for anybody
  /** Whether another account's request on this principal's behalf is refused (confused deputy). */
  readonly boundTo: (place: Place) => boolean
  readonly mfa: boolean // needs aws:MultiFactorAuthPresent
}

/** One entry for each principal of each statement that allows taking the role. Throws PolicyError. */
export function trusted(document: unknown): readonly Trusted[] {
  return parsePolicy(document).statements.filter((statement) => statement.effect !== 'Deny').flatMap((statement) => {
    const who = statement.principal === undefined ? ['*'] : Object.values(statement.principal).flat().map(text)
    return who.map((name) => ({ who: name, boundTo: (place: Place) => bound(statement, name, place), mfa: !allows(statement, name, {}) && allows(statement, name, { 'aws:MultiFactorAuthPresent': 'true' }) }))
  })
}

const text = (value: Text): string => (isUnresolved(value) ? value.unresolved : value)
const foreign = '999999999999'

function bound(statement: Statement, name: string, { account, region }: Place): boolean {
  const service = name.split('.')[0]!.replace('-tasks', '')
  const sent = (from: string) => allows(statement, name, { 'aws:SourceAccount': from, 'aws:SourceArn': `arn:aws:${service}:${region}:${from}:synthetic` })
  return sent(account) && !sent(foreign)
}

function allows(statement: Statement, name: string, context: Record<string, string>): boolean {
  const policy: Policy = { version: '2012-10-17', statements: [{ ...statement, resources: ['*'], actions: ['sts:AssumeRole'] }] }
  const principal: Principal = /\.amazonaws\.com$/.test(name) ? { kind: 'service', service: name } : { kind: 'role', arn: /^arn:.*:(role|user)\//.test(name) ? name : `arn:aws:iam::${/\d{12}/.exec(name)?.[0] ?? foreign}:role/synthetic` }
  const everything: Policy = { version: '2012-10-17', statements: [{ effect: 'Allow', actions: ['*'], resources: ['*'], conditions: [] }] }
  // as with a key, nothing goes past the resource's own policy, and naming an account delegates to its identities (IAM User Guide, "Role trust policies")
  const { effect } = evaluate({ principal, action: 'sts:AssumeRole', resource: '*', context }, { resource: policy, identity: [everything], resourceAccount: /\d{12}/.exec(name)?.[0] ?? foreign, kind: 'key' })
  return effect === 'allow' || effect === 'unknown'
}
