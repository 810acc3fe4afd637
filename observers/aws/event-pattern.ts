/**
 * Whether an EventBridge pattern matches an event: just enough to know if a rule notices that a role is assumed.
 * Semantics: EventBridge user guide, "Comparison operators". An operator that is not here makes the rule unknown, never matching.
 */
import type { Plan } from '#plan/expect.ts'
import { unknown } from '#domain/unknown.ts'

/** What CloudTrail puts on the default bus when somebody assumes the role (CloudTrail user guide, AssumeRole record). */
export const assumption = (roleArn: string, plan: Pick<Plan, 'account' | 'region'>): object => ({
  version: '0', source: 'aws.sts', 'detail-type': 'AWS API Call via CloudTrail', account: plan.account, region: plan.region, resources: [],
  detail: {
    eventVersion: '1.08', eventType: 'AwsApiCall', eventCategory: 'Management', eventSource: 'sts.amazonaws.com', eventName: 'AssumeRole', awsRegion: plan.region,
    readOnly: true, managementEvent: true, recipientAccountId: plan.account, userIdentity: { type: 'IAMUser', accountId: plan.account },
    requestParameters: { roleArn, roleSessionName: 'break-glass' }, resources: [{ accountId: plan.account, type: 'AWS::IAM::Role', ARN: roleArn }],
  },
})

/** @param where names the pattern in errors. Throws "unknown" for what is not JSON or uses an operator that is not known here. */
export function matches(pattern: string | undefined, event: object, where: string): boolean {
  if (pattern === undefined) return false // a schedule
  let parsed: unknown
  try {
    parsed = JSON.parse(pattern)
  } catch {
    throw unknown('crashed', `the event pattern of ${where} is not JSON`, 'put a valid pattern there', where)
  }
  return fits(parsed, event, where)
}

function fits(pattern: unknown, value: unknown, where: string): boolean {
  if (Array.isArray(pattern)) { // alternatives for a leaf; a list in the event matches by any of its members
    const leaves = Array.isArray(value) ? value : [value]
    return pattern.some((want) => (isObject(want) ? operator(want, leaves, where) : leaves.includes(want)))
  }
  if (!isObject(pattern)) throw unknown('crashed', `the event pattern of ${where} is not a valid pattern`, 'put a valid pattern there', where)
  if (Array.isArray(value)) return value.some((item) => fits(pattern, item, where))
  return Object.entries(pattern).every(([key, want]) => key === '$or' && Array.isArray(want)
    ? want.some((one) => fits(one, value, where))
    : fits(want, isObject(value) ? value[key] : undefined, where))
}

function operator(want: Record<string, unknown>, leaves: readonly unknown[], where: string): boolean {
  const [name, operand] = Object.entries(want)[0] ?? []
  const texts = leaves.filter((leaf) => typeof leaf === 'string')
  const some = (test: (text: string, affix: string) => boolean) => typeof operand === 'string' && texts.some((text) => test(text, operand))
  if (name === 'exists') return leaves.some((leaf) => leaf !== undefined) === operand
  if (name === 'prefix') return some((text, affix) => text.startsWith(affix))
  if (name === 'suffix') return some((text, affix) => text.endsWith(affix))
  if (name === 'equals-ignore-case') return some((text, other) => text.toLowerCase() === other.toLowerCase())
  if (name === 'wildcard') return some((text, glob) => new RegExp(`^${glob.split('*').map(escape).join('.*')}$`, 's').test(text))
  if (name === 'anything-but') {
    const not = Array.isArray(operand) ? operand : [operand]
    const present = leaves.filter((leaf) => leaf !== undefined)
    return present.length > 0 && present.some((leaf) => !not.some((one) => (isObject(one) ? operator(one, [leaf], where) : one === leaf)))
  }
  throw unknown('crashed', `the event pattern of ${where} uses the operator ${name}, which is not understood here`, 'use exact values, prefix, suffix, wildcard or anything-but', where)
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
