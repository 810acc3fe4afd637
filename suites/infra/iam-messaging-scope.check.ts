import { messaging } from '#domain/iam/messaging.ts'
import { noneOf } from '#harness/claim.ts'
import { beside, check } from '#harness/fact.ts'
import * as roles from '#facts/roles.ts'
import { addStatement, changeStatements } from '#domain/iam/edit.ts'

export default check({
  title: 'Mail and SMS are limited to our identity, sender and pool',
  why: 'Otherwise the task can send as anyone, or push patient data to the subscribers of a topic.',
  phases: [3, 4], severity: 'major', basis: 'plan',
  requirements: ['R-084', 'R-007', 'R-043'], hipaa: ['164.312(a)(1)', '164.502(b)'], controls: ['AC-6', 'AC-3'],
  remedy: { say: 'Scope ses:SendEmail by the ARN of the identity and ses:FromAddress, SMS by the ARN of the pool, and drop sns:Publish on the feedback topic.' },
  needs: { role: beside(roles.taskRole), grants: roles.taskGrants },
  judge: ({ role, grants }, plan) => {
    const open = messaging(role.arn, [...grants.attached, ...grants.inline].map((policy) => policy.document), plan)
    return [
      noneOf('senders other than ours that mail may come from', open.senders),
      noneOf('identities other than ours that mail may be sent with', open.identities),
      noneOf('pools and numbers other than ours that SMS may come from', open.pools),
      noneOf('topics that the task may publish to', open.topics),
    ]
  },
  faults: {
    'messaging-any-identity': ({ grants }) => changeStatements(grants.attached, 'ses:SendEmail', (it) => { it.Resource = '*' }),
    'messaging-no-from': ({ grants }) => changeStatements(grants.attached, 'ses:SendEmail', (it) => { delete it.Condition }),
    'messaging-topic': ({ grants }) => addStatement(grants.attached, { Effect: 'Allow', Action: 'sns:Publish', Resource: 'arn:aws:sns:us-east-1:111122223333:telehealth-ses-notifications-prod' }),
  },
})
