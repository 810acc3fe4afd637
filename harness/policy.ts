/** Claims about policy documents, decided by evaluation and not by text. */
import type { Claim } from './kernel.ts'
import { escapes, parsePolicy, type Asked, type Escape, type Policy, type Principal } from '#domain/iam.ts'
import { stranger } from '#domain/iam/adversary.ts'
import { afterApply, none, notKnown } from './claim.ts'

/** Who asks, in words. */
export const nameOf = (principal: Principal): string =>
  principal.kind === 'service' ? principal.service : principal.kind === 'anonymous' ? 'anybody' : principal.kind === 'session' ? `a session of ${principal.role}` : principal.arn

const roleOf = (principal: Principal): string => (principal.kind === 'session' ? principal.role : principal.kind === 'role' || principal.kind === 'user' ? principal.arn : '')

/**
 * The Deny has teeth: nobody gets around it, whatever the principal and the context, but the excepted roles.
 * @param except role ARNs for which the Deny is meant to make way
 */
export function denied(at: string, document: unknown, asked: Asked, except: readonly string[] = [], say?: string): Claim {
  const policy = parsePolicy(document)
  const open = escapes(policy, { ...asked, resources: unique([...asked.resources, ...spokenOf(policy, asked.resources)]) }).filter(({ principal }) => !except.includes(roleOf(principal)))
  const sure = open.filter((escape) => escape.effect !== 'unknown')
  if (sure.length === 0 && open.length > 0) {
    return notKnown(at, 'denied', afterApply(`whether ${open[0]!.action} is denied hangs on ${open[0]!.say ?? 'a value that is not known yet'}`, at))
  }
  return none(at, describe(sure), say)
}

/** Objects that the policy itself speaks of, where the question is about objects: a Deny with a hole has its hole there. */
function spokenOf(policy: Policy, resources: readonly string[]): readonly string[] {
  const [bucket, key] = resources[0]!.split(/\/(.*)/s) as [string, string?]
  if (key === undefined || !bucket.startsWith('arn:aws:s3:::')) return []
  const texts = policy.statements.flatMap((statement) => [...(statement.resources ?? []), ...(statement.notResources ?? [])])
  return texts.filter((text): text is string => typeof text === 'string' && text.startsWith(`${bucket}/`)).map((text) => text.replaceAll('*', 'synthetic').replaceAll('?', 'x'))
}

type Open = Escape & { readonly action: string; readonly resource: string }
/** One line for each action and resource: who gets around, at most three of them, each with the context that lets them. */
function describe(open: readonly Open[]): readonly string[] {
  const places = unique(open.map(({ action, resource }) => `${action} on ${resource}`))
  return places.map((place) => {
    const who = unique(open.filter(({ action, resource }) => `${action} on ${resource}` === place).map(({ principal, context }) => `${shortNameOf(principal)}${when(context)}`))
    return `${places.length > 1 ? `${place}: ` : ''}open to ${who.slice(0, 3).join('; ')}${who.length > 3 ? ` and ${who.length - 3} more` : ''}`
  })
}
const anyone = new RegExp(`arn:aws:iam::(\\d+):(role|user)/${stranger}`)
const shortNameOf = (principal: Principal): string => nameOf(principal).replace(anyone, 'any $2 of account $1').replace(/arn:aws:iam::(\d+):/, '$1 ')
const when = (context: Escape['context']): string => {
  const keys = Object.entries(context).filter(([key]) => !/^aws:(SecureTransport|Principal)/i.test(key))
  return keys.length === 0 ? '' : ` when ${keys.map(([key, value]) => `${key} is ${String(value)}`).join(' and ')}`
}
const unique = <T>(items: readonly T[]): T[] => [...new Set(items)]

/** Principal ARNs that a document's Denies make way for, as written in conditions on aws:PrincipalArn and in NotPrincipal. */
export function exceptions(document: unknown): readonly string[] {
  const texts = parsePolicy(document).statements.filter((statement) => statement.effect === 'Deny').flatMap((statement) => [
    ...statement.conditions.filter(({ key, operator }) => key.toLowerCase() === 'aws:principalarn' && /not/i.test(operator)).flatMap(({ values }) => values),
    ...(statement.notPrincipal?.AWS ?? []),
  ])
  return unique(texts.map((text) => (typeof text === 'string' ? text : text.unresolved)))
}
