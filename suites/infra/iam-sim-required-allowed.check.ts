import type { Claim, Why } from '#harness/kernel.ts'
import { absentKey, mayTask, simulatedAs } from '#domain/iam/task.ts'
import { witnesses } from '#domain/iam/witness.ts'
import { equal, holds, notKnown } from '#harness/claim.ts'
import { beside, check, orNull, when } from '#harness/fact.ts'
import * as keys from '#facts/keys.ts'
import * as recordings from '#facts/recordings.ts'
import * as roles from '#facts/roles.ts'
import { dropAction, editStatement } from '#domain/iam/edit.ts'
import { chosen, resourceOf } from '#plan/roles.ts'

const otherKey = 'arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000000'
const noSigningKey: Why = { kind: 'cause', say: 'keys.signing is not there', next: 'make the signing key first', cause: 'keys.signing' }

export default check({
  title: 'Every permission that the service needs is allowed on its resource',
  why: 'A missing permission is an outage at the first visit.',
  phases: [3, 4], severity: 'blocker', basis: 'plan',
  requirements: ['R-080', 'R-081', 'R-082', 'R-083', 'R-084', 'R-005', 'R-007', 'R-075', 'R-051'], hipaa: ['164.312(a)(1)', '164.308(a)(4)(ii)(B)'], controls: ['AC-3', 'AC-6'],
  remedy: { say: 'Add the missing action on its ARN; the plan lacks signing, mail, SMS and the capture pipelines.' },
  needs: {
    role: beside(roles.taskRole), grants: roles.taskGrants, simulated: when('live', roles.simulated),
    bucket: beside(recordings.bucket), policy: orNull(recordings.policy), recordingsKey: beside(keys.recordingsKey), signingKey: orNull(keys.signingKey), recordingsPolicy: orNull(keys.recordingsKeyPolicy), signingPolicy: orNull(keys.signingKeyPolicy),
  },
  judge: (given, plan) => {
    const signingKey = given.signingKey ?? absentKey(plan)
    const places = { bucket: given.bucket.arn, recordingsKey: given.recordingsKey.arn, signingKey: signingKey.arn }
    const policies = [...given.grants.attached, ...given.grants.inline].map((policy) => policy.document)
    return chosen(plan).flatMap(({ action, on }): readonly Claim[] => {
      const resource = resourceOf(on, plan, places)
      const { effect, say } = mayTask({ ...given, signingKey }, { action, resource }, plan)
      const at = `${action} on ${resource}`
      if (on === 'signing-key' && given.signingKey === null) return [witnesses(policies, action).length === 0 ? holds(`${action} on any key`, false, 'allowed', 'nothing allows it') : notKnown(at, 'allowed', noSigningKey)]
      const simulated = given.simulated?.[`${action} ${resource}`]
      return [
        effect === 'unknown' ? notKnown(at, 'allowed', { kind: 'after-apply', say, next: 'give the Terraform source beside the plan (terraform.dir), or judge again after apply', cause: at }) : holds(at, effect === 'allow', 'allowed', effect === 'allow' ? 'allowed' : say),
        ...(simulated === undefined ? [] : [equal(`${at}: IAM's own simulation, without context`, simulated, simulatedAs(given, { action, resource }, plan))]),
      ]
    })
  },
  faults: {
    'algorithm-deny-if-exists': (given) => editStatement(given, 'policy', 'DenyWrongAlgorithm', ({ Condition: _, ...it }) => it), // it refuses every plain put
    'alias-elsewhere': (given) => { given.recordingsKey.arn = otherKey; given.recordingsPolicy = null },
    'signing-same-as-recordings': (given) => { given.signingKey = structuredClone(given.recordingsKey) as never; given.signingPolicy = given.recordingsPolicy },
    'policy-detached': ({ grants }) => { grants.attached.splice(0) },
    'required-sign-missing': (given) => { dropAction(given.grants.attached, 'kms:Sign'); editStatement(given, 'signingPolicy', 'SignTokens', () => null) }, // a key policy that names the role is enough by itself
    'required-mail-missing': ({ grants }) => dropAction(grants.attached, 'ses:SendEmail'),
    'required-pipeline-missing': ({ grants }) => dropAction(grants.attached, 'chime:CreateMediaCapturePipeline'),
    'required-s3-list-missing': ({ grants }) => dropAction(grants.attached, 's3:ListBucket'),
    'boundary-blocks': ({ role }) => { role.boundary = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', NotAction: 'kms:Sign', Resource: '*' }] } },
  },
})
