/** The other side of a question: "may anybody, in any way?". Conditions of an Allow are taken as met, but those on keys that the question pins. Pure. */
import type { Policy, Statement } from '../iam.ts'

/** Keys whose values the question itself decides: who asks, and on whose behalf. */
const identifying = new Set(['aws:sourceaccount', 'aws:sourcearn', 'aws:sourceowner', 'aws:principalaccount', 'aws:principalarn', 'kms:calleraccount'])

/** @param pinned further keys that the question decides, in lower case */
export const generous = (policy: Policy, pinned: readonly string[] = []): Policy =>
  ({ ...policy, statements: policy.statements.map((statement) => (statement.effect === 'Deny' ? statement : { ...statement, conditions: kept(statement, pinned) })) })

const kept = (statement: Statement, pinned: readonly string[]) => statement.conditions.filter(({ key }) => identifying.has(key.toLowerCase()) || pinned.includes(key.toLowerCase()))

/** Accounts that a statement names anywhere, but for ours, and one that nobody names. */
export function foreignAccounts(statement: Statement, account: string): readonly string[] {
  const named = JSON.stringify(statement).match(/(?<!\d)\d{12}(?!\d)/g) ?? []
  return [...new Set([...named.filter((one) => one !== account), account === '999999999999' ? '888888888888' : '999999999999'])]
}
