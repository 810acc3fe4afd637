/**
 * Condition operators. Source: IAM User Guide, "Condition operators" (reference_policies_elements_condition_operators),
 * "Conditions with multiple context keys or values" (reference_policies_condition-logic-multiple-context-keys-or-values) and
 * "Single-valued vs. multivalued context keys" (reference_policies_condition-single-vs-multi-valued-context-keys).
 */
import { BlockList, isIP } from 'node:net'
import type { Condition, Text } from './document.ts'
import { any, arnPattern, every, not, pattern, type Context, type Pattern, type Reading, type Tri } from './pattern.ts'

/** What the values of a key are, so that an adversary knows what to try. */
export type Family = 'string' | 'number' | 'date' | 'bool' | 'binary' | 'ip' | 'arn' | 'null'
interface Operator {
  readonly family: Family
  readonly negated: boolean
  readonly wildcards: boolean
  readonly test: (text: Text, variables: Tri) => Pattern
}
interface Named extends Operator { readonly set: 'ForAllValues' | 'ForAnyValue' | null; readonly ifExists: boolean }

const unknownTest: Pattern = () => 'unknown'
const string = (negated: boolean, wildcards: boolean, ignoreCase = false): Operator =>
  ({ family: 'string', negated, wildcards, test: (text, variables) => pattern(text, { wildcards, variables, ignoreCase } satisfies Reading) })
const arn = (negated: boolean): Operator =>
  ({ family: 'arn', negated, wildcards: true, test: (text, variables) => arnPattern(text, { wildcards: true, variables }) })
/**
 * Values that are read before they are compared; one that cannot be read is unknown. Policy variables do not work here
 * (reference_policies_variables, Condition element).
 */
const typed = <V>(family: Family, negated: boolean, read: (text: string) => V | undefined, holds: (got: V, want: V) => boolean): Operator => ({
  family, negated, wildcards: false,
  test: (text) => {
    const want = typeof text === 'string' ? read(text) : undefined
    if (want === undefined) return unknownTest
    return (value) => {
      const got = read(value)
      return got === undefined ? 'unknown' : holds(got, want)
    }
  },
})
const number = (text: string): number | undefined => /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined
/** Milliseconds. W3C profile of ISO 8601, or seconds since 1970 (five digits and more: four are a year). */
export const date = (text: string): number | undefined => {
  if (/^\d{5,}(\.\d+)?$/.test(text)) return Number(text) * 1000
  const time = /^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?$/.test(text) ? Date.parse(text) : NaN
  return Number.isNaN(time) ? undefined : time
}
const bool = (text: string): boolean | undefined => /^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : undefined
/** The bytes that base64 text stands for, as one comparable string; the value of the request is base64 too (iam:SimulateCustomPolicy takes it so). */
const bytes = (text: string): string | undefined => /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64').toString('hex') : undefined
const ordered = (family: 'number' | 'date', prefix: string, read: (text: string) => number | undefined): readonly (readonly [string, Operator])[] => [
  [`${prefix}Equals`, typed(family, false, read, (got, want) => got === want)],
  [`${prefix}NotEquals`, typed(family, true, read, (got, want) => got === want)],
  [`${prefix}LessThan`, typed(family, false, read, (got, want) => got < want)],
  [`${prefix}LessThanEquals`, typed(family, false, read, (got, want) => got <= want)],
  [`${prefix}GreaterThan`, typed(family, false, read, (got, want) => got > want)],
  [`${prefix}GreaterThanEquals`, typed(family, false, read, (got, want) => got >= want)],
]
/** CIDR; an address alone is that one address. */
const ip = (negated: boolean): Operator => ({
  family: 'ip', negated, wildcards: false,
  test: (text) => {
    const [net = '', prefix] = typeof text === 'string' ? text.split('/') : []
    const family = isIP(net)
    const bits = family === 6 ? 128 : 32
    const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : NaN
    if (family === 0 || !(length <= bits) || String(text).split('/').length > 2) return unknownTest
    const range = new BlockList()
    range.addSubnet(net, length, family === 6 ? 'ipv6' : 'ipv4')
    return (value) => {
      const got = isIP(value)
      return got === 0 ? 'unknown' : range.check(value, got === 6 ? 'ipv6' : 'ipv4')
    }
  },
})
const operators: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['StringEquals', string(false, false)], ['StringNotEquals', string(true, false)],
  ['StringEqualsIgnoreCase', string(false, false, true)], ['StringNotEqualsIgnoreCase', string(true, false, true)],
  ['StringLike', string(false, true)], ['StringNotLike', string(true, true)],
  ...ordered('number', 'Numeric', number), ...ordered('date', 'Date', date),
  ['Bool', typed('bool', false, bool, (got, want) => got === want)],
  ['BinaryEquals', typed('binary', false, bytes, (got, want) => got === want)],
  ['IpAddress', ip(false)], ['NotIpAddress', ip(true)],
  ['ArnEquals', arn(false)], ['ArnLike', arn(false)], ['ArnNotEquals', arn(true)], ['ArnNotLike', arn(true)],
  ['Null', { family: 'null', negated: false, wildcards: false, test: () => unknownTest }],
])

/** The parts of an operator's name; undefined: no operator that AWS documents. */
export function operatorOf(name: string): Named | undefined {
  const [, set, base, ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name) ?? []
  const operator = operators.get(base ?? '')
  if (!operator || (base === 'Null' && (set || ifExists))) return undefined // "Null with if exists" is an error; what a set of Null is, nobody says
  return { ...operator, set: (set ?? null) as Named['set'], ifExists: ifExists !== undefined }
}

/**
 * Reads one condition. Rules for a key that the request does not have: positive operators are false, negated ones true, ...IfExists and
 * ForAllValues true, ForAnyValue false, also when negated ("for no matching key or a null dataset, the condition returns false").
 * Several values of the policy: OR; of a negated operator: NOR. Several values of the request without ForAllValues or ForAnyValue:
 * AWS asks for one of them and does not say what happens without, so it is unknown unless every value gives the same answer.
 */
export function condition({ operator: name, key, values }: Condition, variables: Tri): (context: Context) => Tri {
  const operator = operatorOf(name)
  if (!operator) return () => 'unknown'
  const asked = key.toLowerCase()
  if (operator.family === 'null') return isNull(asked, values)
  const { negated, set, ifExists } = operator
  const tests = values.map((value) => operator.test(value, variables))
  const absent = ifExists || set === 'ForAllValues' || (negated && set === null)
  return (context) => {
    const got = context.get(asked)
    if (got === 'maybe') return 'unknown'
    if (got === undefined || got.length === 0) return absent
    const one = (value: Text): Tri => {
      const match = typeof value === 'string' ? any(tests, (test) => test(value, context)) : 'unknown'
      return negated ? not(match) : match
    }
    if (set !== null && got.length === 1 && got[0] === '') return set === 'ForAllValues' // "a null dataset, such as an empty string"
    if (set !== null) return set === 'ForAllValues' ? every(got, one) : any(got, one)
    const first = one(got[0]!)
    return got.every((value) => one(value) === first) ? first : 'unknown'
  }
}

/** Null true: the key is not there. Whether an empty string counts as there is said both ways in the guide, so it is unknown. */
function isNull(key: string, values: readonly Text[]): (context: Context) => Tri {
  const wanted = values.map((value) => typeof value === 'string' ? bool(value) : undefined)
  return (context) => {
    const got = context.get(key)
    const absent: Tri = got === 'maybe' || (got?.length === 1 && got[0] === '') ? 'unknown' : got === undefined || got.length === 0
    return any(wanted, (want) => want === undefined ? 'unknown' : want ? absent : not(absent))
  }
}
