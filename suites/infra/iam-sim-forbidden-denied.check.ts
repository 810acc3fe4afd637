import { absentKey, mayTask, simulatedAs } from '#domain/iam/task.ts'
import { witnesses } from '#domain/iam/witness.ts'
import { equal, holds, notKnown } from '#harness/claim.ts'
import { beside, check, orNull, when } from '#harness/fact.ts'
import * as keys from '#facts/keys.ts'
import * as recordings from '#facts/recordings.ts'
import * as roles from '#facts/roles.ts'
import { addStatement, editStatement } from '#domain/iam/edit.ts'
import { forbidden, resourceOf, unchosen } from '#plan/roles.ts'

export default check({
  title: 'No forbidden action is allowed to the task role',
  why: 'The internet-facing task must not be able to destroy evidence or widen itself.',
  phases: [3, 4], severity: 'blocker', basis: 'plan',
  requirements: ['R-139', 'R-074', 'R-082', 'R-083'], hipaa: ['164.312(a)(1)', '164.312(c)(1)', '164.502(b)'], controls: ['AC-6', 'AC-5', 'AU-9'],
  remedy: { say: 'Remove the action, or add an explicit Deny.' },
  needs: {
    role: beside(roles.taskRole), grants: roles.taskGrants, simulated: when('live', roles.simulated),
    bucket: beside(recordings.bucket), policy: orNull(recordings.policy), recordingsKey: beside(keys.recordingsKey), signingKey: orNull(keys.signingKey), recordingsPolicy: orNull(keys.recordingsKeyPolicy), signingPolicy: orNull(keys.signingKeyPolicy),
  },
  judge: (given, plan) => {
    const signingKey = given.signingKey ?? absentKey(plan)
    const places = { bucket: given.bucket.arn, recordingsKey: given.recordingsKey.arn, signingKey: signingKey.arn }
    const policies = [...given.grants.attached, ...given.grants.inline].map((policy) => policy.document)
    return [...forbidden, ...unchosen(plan)].flatMap(({ action, on }) => {
      const asked = resourceOf(on, plan, places)
      // "on anything" means: on whatever a statement that holds the action speaks of
      const tried = (asked === '*' ? ['*', ...witnesses(policies, action)] : [asked]).map((resource) => ({ resource, ...mayTask({ ...given, signingKey }, { action, resource }, plan) }))
      const open = tried.find((one) => one.effect === 'allow')
      const unsure = tried.find((one) => one.effect === 'unknown')
      const at = `${action} on ${asked === '*' ? 'anything' : asked}`
      const simulated = given.simulated?.[`${action} ${asked}`]
      return [
        open === undefined && unsure !== undefined
          ? notKnown(at, 'refused', { kind: 'after-apply', say: unsure.say, next: 'give the Terraform source beside the plan (terraform.dir), or judge again after apply', cause: at })
          : holds(at, open === undefined, 'refused', open === undefined ? 'refused' : `allowed${asked === '*' ? ` on ${open.resource}` : ''} by ${open.by.join(', ')}`),
        ...(simulated === undefined ? [] : [equal(`${at}: IAM's own simulation, without context`, simulated, simulatedAs(given, { action, resource: asked }, plan))]),
      ]
    })
  },
  faults: {
    'forbidden-delete-version': ({ grants, bucket, policy }) => {
      (policy as { Statement: { Sid?: string }[] }).Statement = (policy as { Statement: { Sid?: string }[] }).Statement.filter((statement) => statement.Sid !== 'DenyDelete')
      addStatement(grants.attached, { Effect: 'Allow', Action: 's3:DeleteObjectVersion', Resource: `${bucket.arn}/*` })
    },
    'forbidden-key-deletion': (given) => {
      addStatement(given.grants.attached, { Effect: 'Allow', Action: 'kms:ScheduleKeyDeletion', Resource: '*' })
      editStatement(given, 'recordingsPolicy', 'DenyDestruction', () => ({ Sid: 'TaskDeletes', Effect: 'Allow', Principal: { AWS: given.role.arn }, Action: 'kms:ScheduleKeyDeletion', Resource: '*' }))
    },
    'policy-dead-action': ({ grants }) => addStatement(grants.attached, { Effect: 'Allow', Action: 'chime:ListMeetings', Resource: '*' }),
    'signing-same-as-recordings': (given) => { given.signingKey = structuredClone(given.recordingsKey) as never; given.signingPolicy = given.recordingsPolicy },
    'forbidden-pass-role': ({ grants }) => addStatement(grants.attached, { Effect: 'Allow', Action: 'iam:PassRole', Resource: '*' }),
    'forbidden-connect': ({ grants }) => addStatement(grants.attached, { Effect: 'Allow', Action: ['connect:StartWebRTCContact', 'connect:DescribeQueue'], Resource: '*' }),
    'tf-list-meetings': ({ grants }) => addStatement(grants.attached, { Effect: 'Allow', Action: 'chime:ListMeetings', Resource: '*' }),
    'messaging-topic': ({ grants }) => addStatement(grants.attached, { Effect: 'Allow', Action: 'sns:Publish', Resource: 'arn:aws:sns:us-east-1:111122223333:telehealth-ses-notifications-prod' }),
    'policy-inline-star': ({ grants }) => { grants.inline.push({ name: 'stray', document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] } }) },
  },
})
