import { editStatement, value } from '#domain/iam/edit.ts'
import { defaultKeyPolicy } from '#domain/iam/key-policy.ts'
import { powers } from '#domain/iam/powers.ts'
import { strangers } from '#domain/iam/strangers.ts'
import { forEach, none, noneOf } from '#harness/claim.ts'
import { check, observed } from '#harness/fact.ts'
import * as keys from '#facts/keys.ts'

export default check({
  title: 'Both keys have an explicit policy without foreign, wildcard or all-powerful principals',
  why: 'A foreign or wildcard principal can read recordings, and the default policy hands control to every IAM administrator.',
  phases: [3, 4], severity: 'blocker', basis: 'plan',
  requirements: ['R-058', 'R-207'], hipaa: ['164.312(a)(1)', '164.308(a)(4)(ii)(B)', '164.308(a)(3)(ii)(A)'], controls: ['AC-3', 'AC-5', 'AC-6', 'SC-12'],
  remedy: { say: 'Write a key policy with separate statements for administrators (no decrypt, no sign), users and services; remove grants that nobody expects.' },
  needs: { recordings: observed(keys.recordingsKeyPolicy), signing: observed(keys.signingKeyPolicy), recordingsGrants: observed(keys.recordingsGrants), signingGrants: observed(keys.signingGrants) },
  judge: (given, plan) => [
    ...forEach(['recordings', 'signing'], { recordings: given.recordings, signing: given.signing }, (policy, name) => {
      const { allPowerful, adminsWhoUse } = powers(policy, plan.roles.keyAdmins.map(plan.roleArn), plan)
      return [
        noneOf(`${name} key: foreign or wildcard principals`, strangers(policy, plan)),
        none(`${name} key: principals with all rights`, allPowerful),
        noneOf(`${name} key: administrators who can use it`, adminsWhoUse),
      ]
    }),
    ...forEach(['recordings grants', 'signing grants'], { 'recordings grants': given.recordingsGrants, 'signing grants': given.signingGrants }, (grants, name) =>
      [none(name, grants.map((grant) => `${grant.grantee} ${grant.operations.join(',')}`))]),
  ],
  faults: {
    'alias-elsewhere': ({ recordings }) => { if (recordings.ok) recordings.value = defaultKeyPolicy('111122223333') },
    'key-pipelines-unbound': ({ recordings }) => editStatement(value(recordings), 'value', 'AllowMediaPipelines', ({ Condition: _, ...it }) => it),
    'key-default-policy': ({ recordings }) => { if (recordings.ok) recordings.value = defaultKeyPolicy('111122223333') },
    'key-foreign-decrypt': ({ recordings }) => editStatement(value(recordings), 'value', '+ForeignDecrypt', (it) => ({ ...it, Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::999999999999:root' }, Action: 'kms:Decrypt', Resource: '*' })),
    'key-wildcard': ({ recordings }) => editStatement(value(recordings), 'value', '+Wildcard', (it) => ({ ...it, Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt', Resource: '*' })),
    'key-admin-decrypts': ({ recordings }) => editStatement(value(recordings), 'value', '+AdminDecrypts', (it) => ({ ...it, Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/telehealth-deploy-prod' }, Action: 'kms:Decrypt', Resource: '*' })),
    'key-unexpected-grant': ({ recordingsGrants }) => { value(recordingsGrants).value.push({ grantee: 'arn:aws:iam::111122223333:role/unexpected', operations: ['Decrypt'] }) },
    'signing-root-only': ({ signing }) => editStatement(value(signing), 'value', '+RootOnly', (it) => ({ ...it, Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*' })),
  },
})
