/** Who holds too much of a key: kms:* for anybody, or use of the key by those who administer it. Pure. */
import { evaluate, parsePolicy, type Statement } from '../iam.ts'
import { isUnresolved, type Text } from './document.ts'
import type { Place } from './trust.ts'

const use = ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:Encrypt', 'kms:ReEncryptFrom', 'kms:Sign'] as const

/** @param administrators role ARNs that manage the key and must not use it; `unsure`: what a value that is not known yet may let them */
export function powers(document: unknown, administrators: readonly string[], { account, region }: Place): { allPowerful: readonly string[]; adminsWhoUse: { sure: readonly string[]; unsure: readonly string[] } } {
  const policy = parsePolicy(document)
  const contexts: readonly Record<string, string>[] = [{}, { 'kms:ViaService': `s3.${region}.amazonaws.com` }]
  const uses = administrators.flatMap((arn) => use.map((action) => {
    const effects = contexts.map((context) => evaluate({ principal: { kind: 'role', arn }, action, resource: '*', context }, { resource: policy, resourceAccount: account, kind: 'key' }).effect)
    return { say: `${arn} ${action}`, effect: effects.includes('allow') ? 'allow' : effects.includes('unknown') ? 'unknown' : 'deny' }
  }))
  return {
    allPowerful: policy.statements.filter((statement) => statement.effect !== 'Deny' && takesAll(statement)).map((statement) => `${principalOf(statement)} by ${statement.sid ?? 'a statement without Sid'}`),
    adminsWhoUse: { sure: uses.filter(({ effect }) => effect === 'allow').map(({ say }) => say), unsure: uses.filter(({ effect }) => effect === 'unknown').map(({ say }) => say) },
  }
}

const takesAll = (statement: Statement): boolean =>
  statement.notActions !== undefined || (statement.actions ?? []).some((action) => !isUnresolved(action) && (action === '*' || action.toLowerCase() === 'kms:*'))
const principalOf = (statement: Statement): string =>
  Object.values(statement.principal ?? {}).flat().map((text: Text) => (isUnresolved(text) ? text.unresolved : text)).join(', ') || 'everybody but those named'
