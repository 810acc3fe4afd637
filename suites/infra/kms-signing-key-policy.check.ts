import { editStatement } from '#domain/iam/edit.ts'
import { evaluate, parsePolicy, type Principal } from '#domain/iam.ts'
import { foundIn } from '#domain/iam/found.ts'
import { generous } from '#domain/iam/generous.ts'
import { afterApply, holds, none, noneOf, notKnown } from '#harness/claim.ts'
import { beside, check } from '#harness/fact.ts'
import { nameOf } from '#harness/policy.ts'
import * as keys from '#facts/keys.ts'

const wanted = { 'kms:SigningAlgorithm': 'ECDSA_SHA_256', 'kms:MessageType': 'DIGEST' }
const unwanted = [{ ...wanted, 'kms:MessageType': 'RAW' }, { ...wanted, 'kms:SigningAlgorithm': 'RSASSA_PSS_SHA_256' }]

const asPrincipal = (arn: string): Principal => {
  const [, account, role, session] = /^arn:[^:]*:sts::(\d{12}):assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? []
  return session === undefined ? { kind: arn.includes(':user/') ? 'user' : 'role', arn } : { kind: 'session', role: `arn:aws:iam::${account}:role/${role}`, session }
}

export default check({
  title: 'Only the task role may sign with the signing key, algorithm and message type bound',
  why: 'Whoever can sign can mint join tokens.',
  phases: [3, 4], severity: 'major', basis: 'plan',
  requirements: ['R-060', 'R-207'], hipaa: ['164.312(a)(1)', '164.312(d)'], controls: ['AC-6', 'SC-12', 'IA-5'],
  remedy: { say: 'Name the task role alone for kms:Sign, with conditions on kms:SigningAlgorithm and kms:MessageType; give the account root no kms:* here.' },
  needs: { key: beside(keys.signingKey), policy: keys.signingKeyPolicy, grants: keys.signingGrants },
  judge: ({ key, policy: document, grants }, plan) => {
    const policy = parsePolicy(document)
    const everything = parsePolicy({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] })
    const task: Principal = { kind: 'role', arn: plan.roleArn(plan.roles.task) }
    const maySign = (principal: Principal, context: Record<string, string>, document = policy) =>
      evaluate({ principal, action: 'kms:Sign', resource: key.arn, context: { 'aws:SecureTransport': 'true', 'kms:CallerAccount': plan.account, ...context } }, { resource: document, identity: [everything], resourceAccount: plan.account, kind: 'key' }).effect
    const named = policy.statements.filter((statement) => statement.effect !== 'Deny').flatMap((statement) => (statement.principal?.AWS ?? []).filter((arn): arn is string => typeof arn === 'string' && /:(role|user|assumed-role)\//.test(arn)))
    // anyone with every IAM right of this account, and everyone whom the key policy names
    const conditioned = policy.statements.flatMap((statement) => statement.conditions.filter((condition) => condition.key.toLowerCase() === 'aws:principalarn').flatMap((condition) => condition.values)).filter((arn): arn is string => typeof arn === 'string').map((arn) => arn.replaceAll('*', 'x'))
    const services = policy.statements.filter((statement) => statement.effect !== 'Deny').flatMap((statement) => statement.principal?.Service ?? []).filter((name): name is string => typeof name === 'string')
    const others = [...services.map((service): Principal => ({ kind: 'service', service })), ...['administrator', ...named, ...conditioned].map((name): Principal => asPrincipal(name.startsWith('arn:') ? name : plan.roleArn(name)))].filter((principal) => nameOf(principal) !== nameOf(task))
    return [
      ...(maySign(task, wanted) === 'unknown' ? [notKnown('kms:Sign by the task role', 'allowed', afterApply('the key policy is not known yet', 'keys.signingPolicy'))] : [holds('kms:Sign by the task role', maySign(task, wanted) === 'allow', 'allowed', maySign(task, wanted))]),
      noneOf('others who may sign', foundIn(others.map((principal) => ({ say: nameOf(principal), effect: maySign(principal, wanted, generous(policy)) })))),
      noneOf('other algorithms or message types that the task role may sign with', foundIn(unwanted.map((context) => ({ say: Object.values(context).join(' '), effect: maySign(task, context) })))),
      none('grants that can sign', grants.filter((grant) => grant.operations.includes('Sign')).map((grant) => grant.grantee)),
    ]
  },
  faults: {
    'signing-same-as-recordings': (given) => editStatement(given, 'policy', 'SignTokens', () => null),
    'signing-developer-may-sign': (given) => editStatement(given, 'policy', '+Developer', (it) => ({ ...it, Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/developer' }, Action: 'kms:Sign', Resource: '*' })),
    'signing-root-only': (given) => editStatement(given, 'policy', '+RootOnly', (it) => ({ ...it, Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*' })),
    'required-sign-missing': (given) => editStatement(given, 'policy', 'SignTokens', () => null),
    'signing-unbound': ({ policy }) => { for (const statement of (policy as { Statement: { Action: unknown; Condition?: unknown }[] }).Statement) if (JSON.stringify(statement.Action).includes('kms:Sign')) delete statement.Condition },
  },
})
