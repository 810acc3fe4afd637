/**
 * The JSON of a data.aws_iam_policy_document, as a document.
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
 */

import { isList, isObject, isUnresolved, parsed, unresolved } from './value.ts'
import type { Value, Values } from './value.ts'

/** values: the data source's own arguments, blocks as lists. Parts that are unknown stay Unresolved in the document. */
export function policyDocument(values: Values): Value {
  const sources = [...documents(values.source_json, values.source_policy_documents)]
  const overrides = [...documents(values.override_json, values.override_policy_documents)]
  const own: Values = {
    ...(values.version != null && { Version: values.version }),
    ...(values.policy_id != null && { Id: values.policy_id }),
    Statement: blocks(values.statement).map(statement),
  }
  return [...sources, own, ...overrides].reduce<Values>(merge, { Version: '2012-10-17', Statement: [] })
}

function* documents(...given: readonly (Value | undefined)[]): Generator<Values> {
  for (const value of given.flat()) {
    const document = typeof value === 'string' ? parsed(value) : value
    if (isObject(document)) yield document
    else if (value != null && value !== '') yield { Statement: [isUnresolved(value) ? value : unresolved('a policy document that is not JSON')] }
  }
}

/** A later statement replaces an earlier one of the same Sid. */
function merge(into: Values, document: Values): Values {
  const statements = [...listed(into.Statement)]
  for (const next of listed(document.Statement)) {
    const sid = isObject(next) ? next.Sid : undefined
    const at = typeof sid === 'string' && sid !== '' ? statements.findIndex(known => isObject(known) && known.Sid === sid) : -1
    if (at >= 0) statements[at] = next
    else statements.push(next)
  }
  return { ...into, ...document, Statement: statements }
}

function statement(block: Value): Value {
  if (!isObject(block)) return block
  const principals = people(block.principals)
  const others = people(block.not_principals)
  const conditions = condition(block.condition)
  const entries: readonly (readonly [string, Value | undefined])[] = [
    ['Sid', block.sid === '' ? undefined : block.sid],
    ['Effect', block.effect ?? 'Allow'],
    ['Action', several(block.actions)], ['NotAction', several(block.not_actions)],
    ['Resource', several(block.resources)], ['NotResource', several(block.not_resources)],
    ['Principal', principals], ['NotPrincipal', others], ['Condition', conditions],
  ]
  return Object.fromEntries(entries.filter((entry): entry is [string, Value] => entry[1] != null))
}

const listed = (value: Value | undefined): readonly Value[] => value == null ? [] : isList(value) ? value : [value]
const blocks = (value: Value | undefined): readonly Value[] => listed(value)

/** &{aws:username} is the provider's way to write a policy variable. */
const variable = (value: Value): Value => typeof value === 'string' ? value.replaceAll('&{', '${') : value

function several(value: Value | undefined): Value | undefined {
  const values = listed(value).map(variable)
  return values.length === 0 ? undefined : values.length === 1 ? values[0] : values
}

function people(value: Value | undefined): Value | undefined {
  const all = blocks(value)
  if (all.length === 0) return undefined
  const unknown = all.find(block => !isObject(block) || isUnresolved(block.type ?? null))
  if (unknown !== undefined) return isUnresolved(unknown) ? unknown : unresolved('principals')
  const found = new Map<string, Value[]>()
  for (const block of all as readonly Values[]) found.set(String(block.type), [...(found.get(String(block.type)) ?? []), ...listed(block.identifiers).map(variable)])
  const everyone = found.get('*')
  if (found.size === 1 && everyone?.length === 1 && everyone[0] === '*') return '*'
  return Object.fromEntries([...found].map(([type, identifiers]) => [type, several(identifiers) ?? []]))
}

function condition(value: Value | undefined): Value | undefined {
  const all = blocks(value)
  if (all.length === 0) return undefined
  const unknown = all.find(block => !isObject(block) || isUnresolved(block.test ?? null) || isUnresolved(block.variable ?? null))
  if (unknown !== undefined) return isUnresolved(unknown) ? unknown : unresolved('condition')
  const found: Record<string, Record<string, Value[]>> = {}
  for (const block of all as readonly Values[]) {
    const tests = (found[String(block.test)] ??= {})
    tests[String(block.variable)] = [...(tests[String(block.variable)] ?? []), ...listed(block.values).map(variable)]
  }
  return Object.fromEntries(Object.entries(found).map(([test, variables]) =>
    [test, Object.fromEntries(Object.entries(variables).map(([name, values]) => [name, several(values) ?? []]))]))
}
