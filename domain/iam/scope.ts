/** Grants that are wider than the service authorization reference lets them be. Pure. */
import authorization from '../authorization.json' with { type: 'json' }
import { parsePolicy, type Statement } from '../iam.ts'
import { isUnresolved } from './document.ts'

const services = authorization.services as unknown as Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
const withoutOperation = authorization.noOperation as Readonly<Record<string, string>>

/** Actions of the reference that a pattern in a policy covers, as service:Action. Empty: the reference knows none. undefined: it does not know the service. */
export function actionsOf(pattern: string): readonly string[] | undefined {
  const [prefix, name = '*'] = pattern === '*' ? ['*', '*'] : pattern.split(':', 2) as [string, string?]
  if (prefix === '*') return Object.entries(services).flatMap(([service, actions]) => Object.keys(actions).map((action) => `${service}:${action}`))
  const actions = services[prefix.toLowerCase()]
  if (actions === undefined) return undefined
  const like = new RegExp(`^${name.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i')
  return Object.keys(actions).filter((action) => like.test(action)).map((action) => `${prefix.toLowerCase()}:${action}`)
}
const typesOf = (action: string): readonly string[] => services[action.split(':')[0]!]?.[action.split(':')[1]!] ?? []

const allowing = (document: unknown): readonly Statement[] => parsePolicy(document).statements.filter((statement) => statement.effect !== 'Deny')
const texts = (values: Statement['actions']): readonly string[] => (values ?? []).filter((text): text is string => !isUnresolved(text))

/** Actions on a wildcard resource although they take an ARN, and data key use without kms:ViaService. Unknown services count as wide: nobody can say that "*" is right there. */
export function unscoped(document: unknown): { wide: readonly string[]; unbound: readonly string[] } {
  const wide = allowing(document).flatMap((statement) => {
    if (statement.notActions !== undefined) return ['everything but what NotAction names']
    const open = statement.notResources !== undefined || texts(statement.resources).some(everything)
    return !open ? [] : texts(statement.actions).flatMap((pattern) => {
      const actions = actionsOf(pattern)
      return actions === undefined ? [`${pattern} (not in the reference)`] : actions.some((action) => typesOf(action).length > 0) ? [pattern] : []
    })
  })
  const unbound = allowing(document).filter((statement) => !statement.conditions.some(({ operator, key, values }) => key.toLowerCase() === 'kms:viaservice' && /^String(Equals|Like)$/i.test(operator) && values.every((value) => typeof value === 'string' && /^[a-z0-9-]+\.[a-z0-9*-]+\.amazonaws\.com$/.test(value))))
    .flatMap((statement) => texts(statement.actions).filter((pattern) => actionsOf(pattern)?.some((action) => action === 'kms:Decrypt' || action === 'kms:GenerateDataKey')))
  return { wide, unbound }
}
/** "*", or an ARN whose service, account or resource part is nothing but a wildcard. */
const everything = (resource: string): boolean => resource === '*' || /^arn:[^:]*:(\*|[^:]*:[^:]*:[^:]*:\*$)/.test(resource)

/** Actions that the reference does not know, or that no current SDK client can call. */
export function dead(document: unknown): readonly string[] {
  return parsePolicy(document).statements.flatMap((statement) => texts([...(statement.actions ?? []), ...(statement.notActions ?? [])]).flatMap((pattern) => {
    const actions = actionsOf(pattern)
    if (actions === undefined) return [`${pattern}: the reference here does not know the service`]
    if (actions.length === 0) return [`${pattern}: no such action`]
    const gone = withoutOperation[pattern]
    return gone === undefined ? [] : [`${pattern}: ${gone}`]
  }))
}
