import { editStatement } from '#domain/iam/edit.ts'
import { beside, check } from '#harness/fact.ts'
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
  needs: { recordingsKey: beside(keys.recordingsKey), signingKey: beside(keys.signingKey), recordings: keys.recordingsKeyPolicy, signing: keys.signingKeyPolicy },
  judge: (given, plan) => ([['recordings', given.recordings, given.recordingsKey], ['signing', given.signing, given.signingKey]] as const).flatMap(([name, policy, key]) =>
    destructive.map((action) => denied(`${name} key: ways around the Deny of ${action}`, policy,
      { account: plan.account, actions: [action], resources: [key.arn], context: action === 'kms:CreateGrant' ? { 'kms:GrantIsForAWSResource': 'false' } : {} }, [plan.roleArn(plan.roles.breakGlass)]))),
  faults: {
    'key-default-policy': { absent: 'recordings' },
    'key-guard-absent': (given) => editStatement(given, 'recordings', 'DenyDestruction', () => null),
    'key-guard-exception-wide': (given) => editStatement(given, 'recordings', 'DenyDestruction', (it) => ({ ...it, Condition: everybody })),
  },
})
