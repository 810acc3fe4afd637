import { dropAction, editStatement, value } from '#domain/iam/edit.ts'
import { defaultKeyPolicy } from '#domain/iam/key-policy.ts'
import { simulatedAs, tryTask } from '#domain/iam/task.ts'
import { afterApply, equal, holds, notKnown } from '#harness/claim.ts'
import { check } from '#harness/fact.ts'
import * as roles from '#facts/roles.ts'
import { chosen } from '#plan/roles.ts'

export default check({
  title: 'Every permission that the service needs is allowed on its resource',
  why: 'A missing permission is an outage at the first visit.',
  phases: [3, 4], severity: 'blocker', basis: 'plan',
  requirements: ['R-080', 'R-081', 'R-082', 'R-083', 'R-084', 'R-005', 'R-007', 'R-075', 'R-051'], hipaa: ['164.312(a)(1)', '164.308(a)(4)(ii)(B)'], controls: ['AC-3', 'AC-6'],
  remedy: { say: 'Add the missing action on its ARN; the plan lacks signing, mail, SMS and the capture pipelines.' },
  needs: roles.speaking,
  judge: (given, plan) => chosen(plan).flatMap((permission) => {
    const { at, resource, effect, say, why } = tryTask(given, permission, plan)
    const simulated = given.simulated?.[`${permission.action} ${resource}`]
    return [
      effect === 'unknown' ? notKnown(at, 'allowed', why ?? afterApply(say, at)) : holds(at, effect === 'allow', 'allowed', effect === 'allow' ? 'allowed' : say),
      ...(given.simulated === undefined || resource === '' ? [] : [equal(`${at}: IAM's own simulation, without context`, simulated, simulatedAs(given, permission.action, resource, plan))]),
    ]
  }),
  faults: {
    'algorithm-deny-if-exists': ({ policy }) => editStatement(value(policy), 'value', 'DenyWrongAlgorithm', ({ Condition: _, ...it }) => it), // it refuses every plain put
    'alias-elsewhere': ({ recordingsKey, recordingsPolicy }) => {
      value(recordingsKey).value!.arn = 'arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000000'
      value(recordingsPolicy).value = defaultKeyPolicy('111122223333')
    },
    'signing-same-as-recordings': ({ signingKey, signingPolicy, recordingsKey, recordingsPolicy }) => {
      value(signingKey).value = structuredClone(value(recordingsKey).value)
      value(signingPolicy).value = structuredClone(value(recordingsPolicy).value)
    },
    'policy-detached': ({ grants }) => { grants.attached.splice(0) },
    'required-sign-missing': ({ grants, signingPolicy }) => { dropAction(grants.attached, 'kms:Sign'); editStatement(value(signingPolicy), 'value', 'SignTokens', () => null) }, // a key policy that names the role is enough by itself
    'required-mail-missing': ({ grants }) => dropAction(grants.attached, 'ses:SendEmail'),
    'required-pipeline-missing': ({ grants }) => dropAction(grants.attached, 'chime:CreateMediaCapturePipeline'),
    'required-s3-list-missing': ({ grants }) => dropAction(grants.attached, 's3:ListBucket'),
    'boundary-blocks': ({ role }) => { role.boundary = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', NotAction: 'kms:Sign', Resource: '*' }] } },
  },
})
