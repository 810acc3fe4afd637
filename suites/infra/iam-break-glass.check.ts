import { trusted } from '#domain/iam/trust.ts'
import { atMost, holds, none } from '#harness/claim.ts'
import { check, orNull } from '#harness/fact.ts'
import { exceptions } from '#harness/policy.ts'
import * as keys from '#facts/keys.ts'
import * as recordings from '#facts/recordings.ts'
import * as roles from '#facts/roles.ts'
import { editStatement } from '#domain/iam/edit.ts'

const wide = { ArnNotLike: { 'aws:PrincipalArn': ['arn:aws:iam::*:role/*'] } }

export default check({
  title: 'The break-glass role needs MFA, is short, is the only exception and raises an alarm',
  why: 'Emergency access is required, and without it people bypass controls.',
  phases: [4], severity: 'major', basis: 'plan',
  requirements: ['R-180', 'R-074'], hipaa: ['164.312(a)(2)(ii)', '164.308(a)(7)(ii)(C)'], controls: ['AC-2', 'AC-6', 'IR-4'],
  remedy: { say: 'Create the role with aws:MultiFactorAuthPresent and a session of one hour at most, and an EventBridge rule on its AssumeRole that tells somebody.' },
  needs: { role: roles.breakGlass, alarms: roles.breakGlassAlarms, policy: orNull(recordings.policy), recordings: orNull(keys.recordingsKeyPolicy), signing: orNull(keys.signingKeyPolicy) },
  judge: ({ role, alarms, ...documents }, plan) => {
    const meant = [plan.roleArn(plan.roles.breakGlass), plan.roleArn(plan.roles.deploy)]
    const trust = trusted(role.trust)
    return [
      holds('principals that may take it', trust.length > 0, 'somebody', trust.map(({ who }) => who)),
      none('principals outside this account', trust.filter(({ who }) => !who.includes(`:${plan.account}:`) && who !== plan.account).map(({ who }) => who)),
      none('principals that may take it without MFA', trust.filter(({ mfa }) => !mfa).map(({ who }) => who)),
      atMost('longest session, seconds', role.maxSessionSeconds, 3600),
      ...Object.entries(documents).flatMap(([name, document]) => (document === null ? [] : [none(`other exceptions in the Denies of the ${name === 'policy' ? 'bucket' : `${name} key`}`, exceptions(document).filter((arn) => !meant.includes(arn)))])),
      holds('rules on its use that reach somebody', alarms.length > 0, 'at least one', alarms),
    ]
  },
  faults: {
    'break-glass-absent': { absent: 'role' },
    'break-glass-no-mfa': ({ role }) => { for (const statement of (role.trust as { Statement: { Condition?: unknown }[] }).Statement) delete statement.Condition },
    'break-glass-long-session': ({ role }) => { role.maxSessionSeconds = 43200 },
    'break-glass-no-alarm': ({ alarms }) => { alarms.splice(0) },
    'config-exception-wide': (given) => editStatement(given, 'policy', 'DenyConfigChanges', (it) => ({ ...it, Condition: wide })),
    'key-guard-exception-wide': (given) => editStatement(given, 'recordings', 'DenyDestruction', (it) => ({ ...it, Condition: wide })),
  },
})
