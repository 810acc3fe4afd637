/** Claims about policy documents, decided by evaluation and not by text. */
import type { Claim } from './kernel.ts'
import { escapes, parsePolicy, type Asked, type Escape, type Principal } from '#domain/iam.ts'
import { none, notKnown } from './claim.ts'

/** Who asks, in words. */
export const nameOf = (principal: Principal): string =>
  principal.kind === 'service' ? principal.service : principal.kind === 'anonymous' ? 'anybody' : principal.kind === 'session' ? `a session of ${principal.role}` : principal.arn

const roleOf = (principal: Principal): string => (principal.kind === 'session' ? principal.role : principal.kind === 'role' || principal.kind === 'user' ? principal.arn : '')

/**
 * The Deny has teeth: nobody gets around it, whatever the principal and the context, but the excepted roles.
 * @param except role ARNs for which the Deny is meant to make way
 */
export function denied(at: string, document: unknown, asked: Asked, except: readonly string[] = [], say?: string): Claim {
  const open = escapes(parsePolicy(document), asked).filter(({ principal }) => !except.includes(roleOf(principal)))
  const sure = open.filter((escape) => escape.effect !== 'unknown')
  if (sure.length === 0 && open.length > 0) {
    return notKnown(at, 'denied', { kind: 'after-apply', say: `whether ${open[0]!.action} is denied hangs on ${open[0]!.say ?? 'a value that is not known yet'}`, next: 'give the Terraform source beside the plan (terraform.dir), or judge again after apply', cause: at })
  }
  return none(at, unique(sure.map(describe)).slice(0, 6), say)
}

const describe = ({ action, resource, principal, context }: Escape & { action: string; resource: string }): string => {
  const when = Object.entries(context).map(([key, value]) => `${key}=${String(value)}`).join(', ')
  return `${action} on ${resource} by ${nameOf(principal)}${when === '' ? '' : ` when ${when}`} is not denied`
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
