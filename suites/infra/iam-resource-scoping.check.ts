import { unscoped } from '#domain/iam/scope.ts'
import { none, notKnown } from '#harness/claim.ts'
import { check } from '#harness/fact.ts'
import type { Why } from '#harness/kernel.ts'
import * as roles from '#facts/roles.ts'
import { addStatement, changeStatements } from '#domain/iam/edit.ts'

const nothingGranted: Why = { kind: 'cause', say: 'no policy speaks for the task role', next: 'attach the video policy', cause: 'roles.taskGrants' }

export default check({
  title: 'Actions that take a resource are scoped to it, and key use is bound to its service',
  why: 'Least privilege: the risk section of the plan itself calls for it.',
  phases: [3, 4], severity: 'major', basis: 'plan',
  requirements: ['R-080', 'R-081', 'R-139', 'R-083'], hipaa: ['164.308(a)(4)(ii)(B)', '164.502(b)'], controls: ['AC-6', 'AC-3'],
  remedy: { say: 'Replace "*" by the ARNs of our instance, meetings, bucket, key, identity and pool; bind data keys by kms:ViaService.' },
  needs: { grants: roles.taskGrants },
  judge: ({ grants }) => grants.attached.length + grants.inline.length === 0 ? [notKnown('policies of the task role', 'some', nothingGranted)] : [...grants.attached, ...grants.inline].flatMap(({ name, document }) => {
    const { wide, unbound } = unscoped(document)
    return [none(`${name}: actions on "*" that take a resource`, wide), none(`${name}: key use that kms:ViaService does not bind`, unbound)]
  }),
  faults: {
    'forbidden-connect': ({ grants }) => addStatement(grants.attached, { Effect: 'Allow', Action: 'connect:StartWebRTCContact', Resource: '*' }),
    'forbidden-pass-role': ({ grants }) => addStatement(grants.attached, { Effect: 'Allow', Action: 'iam:PassRole', Resource: '*' }),
    'forbidden-key-deletion': ({ grants }) => addStatement(grants.attached, { Effect: 'Allow', Action: 'kms:ScheduleKeyDeletion', Resource: '*' }),
    'scope-chime-star': ({ grants }) => changeStatements(grants.attached, 'chime:GetMeeting', (it) => { it.Resource = '*' }),
    'scope-kms-no-via': ({ grants }) => changeStatements(grants.attached, 'kms:Decrypt', (it) => { delete it.Condition }),
    'messaging-any-identity': ({ grants }) => changeStatements(grants.attached, 'ses:SendEmail', (it) => { it.Resource = '*' }),
    'policy-inline-star': ({ grants }) => { grants.inline.push({ name: 'stray', document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] } }) },
  },
})
