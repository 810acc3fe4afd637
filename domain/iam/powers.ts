/** Who holds too much of a key: kms:* for anybody, or use of the key by those who administer it. Pure. */
import { evaluate, parsePolicy, type Statement } from '../iam.ts'
import { isUnresolved, type Text } from './document.ts'

const use = ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:Encrypt', 'kms:ReEncryptFrom', 'kms:Sign'] as const

/** @param administrators role ARNs that manage the key and must not use it */
export function powers(document: unknown, administrators: readonly string[]): { allPowerful: readonly string[]; adminsWhoUse: readonly string[] } {
  const policy = parsePolicy(document)
  const allowing = policy.statements.filter((statement) => statement.effect !== 'Deny')
  const account = /::(\d{12}):/.exec(administrators[0] ?? '')?.[1] ?? ''
  return {
    allPowerful: allowing.filter(takesAll).map((statement) => `${principalOf(statement)} by ${statement.sid ?? 'a statement without Sid'}`),
    adminsWhoUse: administrators.flatMap((arn) => use.filter((action) => ([{}, { 'kms:ViaService': 's3.us-east-1.amazonaws.com' }] as Record<string, string>[]).some((context) =>
      ['allow', 'unknown'].includes(evaluate({ principal: { kind: 'role', arn }, action, resource: '*', context }, { resource: policy, resourceAccount: account, kind: 'key' }).effect)))
      .map((action) => `${arn} ${action}`)),
  }
}

const takesAll = (statement: Statement): boolean =>
  statement.notActions !== undefined || (statement.actions ?? []).some((action) => !isUnresolved(action) && (action === '*' || action.toLowerCase() === 'kms:*'))
const principalOf = (statement: Statement): string =>
  Object.values(statement.principal ?? {}).flat().map((text: Text) => (isUnresolved(text) ? text.unresolved : text)).join(', ') || 'everybody but those named'
