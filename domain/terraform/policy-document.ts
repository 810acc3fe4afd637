/**
 * The JSON of a data.aws_iam_policy_document, as a document.
 * https://github.com/hashicorp/terraform-provider-aws/blob/main/website/docs/d/iam_policy_document.html.markdown
 */

import { isList, isObject, isUnresolved, parsed, unresolved } from './value.ts'
import type { Value, Values } from './value.ts'

/** values: the data source's own arguments, blocks as lists. Parts that are unknown stay Unresolved in the document. */
export function policyDocument(values: Values): Value {
  const sources = documents(values.source_json, values.source_policy_documents)
  const overrides = documents(values.override_json, values.override_policy_documents)
  const own: Values = {
    ...(values.version != null && { Version: values.version }),
    ...(values.policy_id != null && { Id: values.policy_id }),
    Statement: listed(values.statement).map(statement),
  }
  const { Statement: statements, ...head } = [...sources, own, ...overrides].reduce<Values>(merge, { Version: '2012-10-17' })
  return listed(statements).length > 0 ? { ...head, Statement: statements ?? [] } : head
}

const documents = (...given: readonly (Value | undefined)[]): Values[] =>
  given.flatMap(listed).filter(value => value !== null && value !== '').map(value => {
    const document = typeof value === 'string' ? parsed(value) : value
    return isObject(document) ? document : { Statement: [isUnresolved(value) ? value : unresolved('a policy document that is not JSON')] }
  })

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

/** Every list is one of strings; &{aws:username} is the provider's way to write a policy variable. */
const text = (value: Value): Value =>
  typeof value === 'string' ? value.replace(/&(?=\{)/g, '$$') : typeof value === 'number' || typeof value === 'boolean' ? String(value) : value

function several(value: Value | undefined): Value | undefined {
  const values = listed(value).map(text)
  return values.length === 0 ? undefined : values.length === 1 ? values[0] : values
}

function people(value: Value | undefined): Value | undefined {
  const all = listed(value)
  if (all.length === 0) return undefined
  const unknown = all.find(block => !isObject(block) || isUnresolved(block.type ?? null))
  if (unknown !== undefined) return isUnresolved(unknown) ? unknown : unresolved('principals')
  const found = new Map<string, Value[]>()
  for (const { type, identifiers } of all as readonly Values[]) {
    found.set(String(type), [...(found.get(String(type)) ?? []), ...listed(identifiers).map(text)])
  }
  const everyone = found.get('*')
  if (found.size === 1 && everyone?.length === 1 && everyone[0] === '*') return '*'
  return Object.fromEntries([...found].map(([type, identifiers]) => [type, several(identifiers) ?? []]))
}

function condition(value: Value | undefined): Value | undefined {
  const all = listed(value)
  if (all.length === 0) return undefined
  const unknown = all.find(block => !isObject(block) || isUnresolved(block.test ?? null) || isUnresolved(block.variable ?? null))
  if (unknown !== undefined) return isUnresolved(unknown) ? unknown : unresolved('condition')
  const found: Record<string, Record<string, Value[]>> = {}
  for (const block of all as readonly Values[]) {
    const tests = (found[String(block.test)] ??= {})
    tests[String(block.variable)] = [...(tests[String(block.variable)] ?? []), ...listed(block.values).map(text)]
  }
  return Object.fromEntries(Object.entries(found).map(([test, variables]) =>
    [test, Object.fromEntries(Object.entries(variables).map(([name, values]) => [name, several(values) ?? []]))]))
}
