/** Who holds too much of a key: kms:* for anybody, or use of the key by those who administer it. Pure. */
import { evaluate, parsePolicy, type Statement } from '../iam.ts'
import { isUnresolved, type Text } from './document.ts'
import { foundIn, type Found } from './found.ts'
import { generous } from './generous.ts'
import { actionsOf } from './scope.ts'
import type { Place } from './trust.ts'

const use = ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:Encrypt', 'kms:ReEncryptFrom', 'kms:Sign'] as const

/** @param administrators role ARNs that manage the key and must not use it; `unsure`: what a value that is not known yet may let them */
export function powers(document: unknown, administrators: readonly string[], { account }: Place): { allPowerful: readonly string[]; adminsWhoUse: Found } {
  const policy = parsePolicy(document)
  const uses = administrators.flatMap((arn) => use.map((action) => ({
    say: `${arn} ${action}`,
    effect: evaluate({ principal: { kind: 'role', arn }, action, resource: '*', context: { 'kms:CallerAccount': account } }, { resource: generous(policy), resourceAccount: account, kind: 'key' }).effect,
  })))
  return {
    allPowerful: policy.statements.filter((statement) => statement.effect !== 'Deny' && tooMuch(statement, account)).map((statement) => `${principalOf(statement)} by ${statement.sid ?? 'a statement without Sid'}`),
    adminsWhoUse: foundIn(uses),
  }
}

/** One statement that lets somebody both decide on the key and use it; or that hands its use to the account, so to every IAM administrator. */
function tooMuch(statement: Statement, account: string): boolean {
  const covers = (action: string) => statement.notActions !== undefined || (statement.actions ?? []).some((text) => !isUnresolved(text) && actionsOf(text)?.includes(action))
  const uses = use.some(covers)
  const root = (statement.principal?.AWS ?? []).some((text) => text === account || text === `arn:aws:iam::${account}:root`)
  return uses && (root || covers('kms:PutKeyPolicy') || covers('kms:CreateGrant'))
}
const principalOf = (statement: Statement): string =>
  Object.values(statement.principal ?? {}).flat().map((text: Text) => (isUnresolved(text) ? text.unresolved : text)).join(', ') || 'everybody but those named'
