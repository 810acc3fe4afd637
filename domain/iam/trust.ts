/** Who may take a role, and what binds them. Pure. */
import { evaluate, parsePolicy, type Policy, type Principal, type Statement } from '../iam.ts'
import { isUnresolved, type Text } from './document.ts'
import { foreignAccounts } from './generous.ts'

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
    const denies = parsePolicy(document).statements.filter((one) => one.effect === 'Deny')
    const may = (name: string, context: Record<string, string>) => allows([statement, ...denies], name, context)
    return who.map((name) => ({
      who: name, boundTo: (place: Place) => foreignAccounts(statement, place.account).every((account) => !may(name, sentBy(name, account, place.region))),
      mfa: !may(name, {}) && !may(name, { 'aws:MultiFactorAuthPresent': 'false' }) && may(name, { 'aws:MultiFactorAuthPresent': 'true', 'aws:MultiFactorAuthAge': '60' }),
    }))
  })
}

const text = (value: Text): string => (isUnresolved(value) ? value.unresolved : value)
const foreign = '999999999999'
const sentBy = (name: string, account: string, region: string) => ({ 'aws:SourceAccount': account, 'aws:SourceArn': `arn:aws:${name.split('.')[0]!.replace('-tasks', '')}:${region}:${account}:synthetic` })

function allows(statements: readonly Statement[], name: string, context: Record<string, string>): boolean {
  const policy: Policy = { version: '2012-10-17', statements: statements.map((statement) => ({ ...statement, resources: ['*'], ...(statement.effect === 'Deny' ? {} : { actions: ['sts:AssumeRole'] }) })) }
  const principal: Principal = /\.amazonaws\.com$/.test(name) ? { kind: 'service', service: name } : { kind: 'role', arn: /^arn:.*:(role|user)\//.test(name) ? name : `arn:aws:iam::${/\d{12}/.exec(name)?.[0] ?? foreign}:role/synthetic` }
  const everything: Policy = { version: '2012-10-17', statements: [{ effect: 'Allow', actions: ['*'], resources: ['*'], conditions: [] }] }
  // as with a key, nothing goes past the resource's own policy, and naming an account delegates to its identities (IAM User Guide, "Role trust policies")
  const { effect } = evaluate({ principal, action: 'sts:AssumeRole', resource: '*', context }, { resource: policy, identity: [everything], resourceAccount: /\d{12}/.exec(name)?.[0] ?? foreign, kind: 'key' })
  return effect === 'allow' || effect === 'unknown'
}
