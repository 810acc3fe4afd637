import { editStatement, value } from '#domain/iam/edit.ts'
import { defaultKeyPolicy } from '#domain/iam/key-policy.ts'
import { check, observed } from '#harness/fact.ts'
import { forEach, notKnown } from '#harness/claim.ts'
import { denied } from '#harness/policy.ts'
import * as keys from '#facts/keys.ts'

const destructive = ['kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:PutKeyPolicy', 'kms:CreateGrant']
const everybody = { ArnNotLike: { 'aws:PrincipalArn': ['arn:aws:iam::*:role/*'] } }

export default check({
  title: 'Only the break-glass role may delete, disable, re-policy or grant on the keys',
  why: 'Deleting the key is the one way to destroy recordings that are locked in COMPLIANCE mode.',
  phases: [3, 4], severity: 'blocker', basis: 'plan',
  requirements: ['R-055', 'R-207', 'R-180'], hipaa: ['164.312(c)(1)', '164.308(a)(7)(ii)(A)'], controls: ['SC-12', 'CM-5', 'AC-6'],
  remedy: { say: 'Add the Deny with an exception for the break-glass role; let CreateGrant through for AWS services only (kms:GrantIsForAWSResource).', terraform: '{ Sid = "DenyDestruction", Effect = "Deny", Principal = "*", Action = ["kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:PutKeyPolicy"], Resource = "*", Condition = { ArnNotLike = { "aws:PrincipalArn" = aws_iam_role.break_glass.arn } } }' },
  needs: { recordings: observed(keys.recordingsKeyPolicy), signing: observed(keys.signingKeyPolicy), recordingsKey: observed(keys.recordingsKey), signingKey: observed(keys.signingKey) },
  judge: (given, plan) => forEach(['recordings', 'signing'], { recordings: given.recordings, signing: given.signing }, (policy, name) => {
    const key = name === 'signing' ? given.signingKey : given.recordingsKey
    return !key.ok ? [notKnown(`${name} key`, 'known', key.why)] : destructive.map((action) => denied(`${name} key: ways around the Deny of ${action}`, policy,
      { account: plan.account, actions: [action], resources: [key.value.arn], context: action === 'kms:CreateGrant' ? { 'kms:GrantIsForAWSResource': 'false' } : {} }, [plan.roleArn(plan.roles.breakGlass)]))
  }),
  faults: {
    'alias-elsewhere': ({ recordings }) => { if (recordings.ok) recordings.value = defaultKeyPolicy('111122223333') },
    'forbidden-key-deletion': ({ recordings }) => editStatement(value(recordings), 'value', 'DenyDestruction', () => null),
    'key-default-policy': ({ recordings }) => { if (recordings.ok) recordings.value = defaultKeyPolicy('111122223333') },
    'key-guard-absent': ({ recordings }) => editStatement(value(recordings), 'value', 'DenyDestruction', () => null),
    'key-guard-exception-wide': ({ recordings }) => editStatement(value(recordings), 'value', 'DenyDestruction', (it) => ({ ...it, Condition: everybody })),
  },
})
