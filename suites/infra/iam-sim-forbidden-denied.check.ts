import { addStatement, editStatement, value } from '#domain/iam/edit.ts'
import { simulatedAs, tryTask } from '#domain/iam/task.ts'
import { afterApply, equal, holds, notKnown } from '#harness/claim.ts'
import { check } from '#harness/fact.ts'
import * as roles from '#facts/roles.ts'
import { forbidden, unchosen } from '#plan/roles.ts'

export default check({
  title: 'No forbidden action is allowed to the task role',
  why: 'The internet-facing task must not be able to destroy evidence or widen itself.',
  phases: [3, 4], severity: 'blocker', basis: 'plan',
  requirements: ['R-139', 'R-074', 'R-082', 'R-083'], hipaa: ['164.312(a)(1)', '164.312(c)(1)', '164.502(b)'], controls: ['AC-6', 'AC-5', 'AU-9'],
  remedy: { say: 'Remove the action, or add an explicit Deny.' },
  needs: roles.speaking,
  judge: (given, plan) => [...forbidden, ...unchosen(plan)].flatMap((permission) => {
    const { at, resource, effect, say, why } = tryTask(given, permission, plan, true)
    const simulated = given.simulated?.[`${permission.action} ${resource}`]
    return [
      effect === 'unknown' ? notKnown(at, 'refused', why ?? afterApply(say, at)) : holds(at, effect !== 'allow', 'refused', effect === 'allow' ? `allowed: ${say}` : 'refused'),
      ...(given.simulated === undefined || resource === '' ? [] : [equal(`${at}: IAM's own simulation, without context`, simulated, simulatedAs(given, permission.action, resource, plan))]),
    ]
  }),
  faults: {
    'forbidden-delete-version': ({ grants, bucket, policy }) => {
      editStatement(value(policy), 'value', 'DenyDelete', () => null)
      addStatement(grants.attached, { Effect: 'Allow', Action: 's3:DeleteObjectVersion', Resource: `${value(bucket).value!.arn}/*` })
    },
    'forbidden-key-deletion': ({ grants, role, recordingsPolicy }) => {
      addStatement(grants.attached, { Effect: 'Allow', Action: 'kms:ScheduleKeyDeletion', Resource: '*' })
      editStatement(value(recordingsPolicy), 'value', 'DenyDestruction', () => ({ Sid: 'TaskDeletes', Effect: 'Allow', Principal: { AWS: role.arn }, Action: 'kms:ScheduleKeyDeletion', Resource: '*' }))
    },
    'signing-same-as-recordings': ({ signingKey, signingPolicy, recordingsKey, recordingsPolicy }) => {
      value(signingKey).value = structuredClone(value(recordingsKey).value)
      value(signingPolicy).value = structuredClone(value(recordingsPolicy).value)
    },
    'forbidden-pass-role': ({ grants }) => addStatement(grants.attached, { Effect: 'Allow', Action: 'iam:PassRole', Resource: '*' }),
    'forbidden-connect': ({ grants }) => addStatement(grants.attached, { Effect: 'Allow', Action: ['connect:StartWebRTCContact', 'connect:GetCurrentMetricData', 'connect:DescribeQueue', 'connect:DescribeInstance', 'connect:ListQueues'], Resource: '*' }),
    'tf-list-meetings': ({ grants }) => addStatement(grants.attached, { Effect: 'Allow', Action: 'chime:ListMeetings', Resource: '*' }),
    'messaging-topic': ({ grants }) => addStatement(grants.attached, { Effect: 'Allow', Action: 'sns:Publish', Resource: 'arn:aws:sns:us-east-1:111122223333:telehealth-ses-notifications-prod' }),
    'policy-inline-star': ({ grants }) => { grants.inline.push({ name: 'stray', document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] } }) },
  },
})
