import { editStatement } from '#domain/iam/edit.ts'
import { powers } from '#domain/iam/powers.ts'
import { strangers } from '#domain/iam/strangers.ts'
import { none } from '#harness/claim.ts'
import { beside, check } from '#harness/fact.ts'
import * as keys from '#facts/keys.ts'

export default check({
  title: 'Both keys have an explicit policy without foreign, wildcard or all-powerful principals',
  why: 'A foreign or wildcard principal can read recordings, and the default policy hands control to every IAM administrator.',
  phases: [3, 4], severity: 'blocker', basis: 'plan',
  requirements: ['R-058', 'R-207'], hipaa: ['164.312(a)(1)', '164.308(a)(4)(ii)(B)', '164.308(a)(3)(ii)(A)'], controls: ['AC-3', 'AC-5', 'AC-6', 'SC-12'],
  remedy: { say: 'Write a key policy with separate statements for administrators (no decrypt, no sign), users and services; remove grants that nobody expects.' },
  needs: { recordingsKey: beside(keys.recordingsKey), signingKey: beside(keys.signingKey), recordings: keys.recordingsKeyPolicy, signing: keys.signingKeyPolicy, recordingsGrants: keys.recordingsGrants, signingGrants: keys.signingGrants },
  judge: (given, plan) => ([['recordings', given.recordings, given.recordingsGrants], ['signing', given.signing, given.signingGrants]] as const).flatMap(([name, policy, grants]) => {
    const { allPowerful, adminsWhoUse } = powers(policy, plan.roles.keyAdmins.map(plan.roleArn))
    return [
      none(`${name} key: foreign or wildcard principals`, strangers(policy, plan.account)),
      none(`${name} key: principals with kms:*`, allPowerful),
      none(`${name} key: administrators who can use it`, adminsWhoUse),
      none(`${name} key: grants`, grants.map((grant) => `${grant.grantee} ${grant.operations.join(',')}`)),
    ]
  }),
  faults: {
    'key-default-policy': { absent: 'recordings' },
    'key-foreign-decrypt': (given) => editStatement(given, 'recordings', '+ForeignDecrypt', (it) => ({ ...it, Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::999999999999:root' }, Action: 'kms:Decrypt', Resource: '*' })),
    'key-wildcard': (given) => editStatement(given, 'recordings', '+Wildcard', (it) => ({ ...it, Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt', Resource: '*' })),
    'key-admin-decrypts': (given) => editStatement(given, 'recordings', '+AdminDecrypts', (it) => ({ ...it, Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/telehealth-deploy-prod' }, Action: 'kms:Decrypt', Resource: '*' })),
    'key-unexpected-grant': ({ recordingsGrants }) => { recordingsGrants.push({ grantee: 'arn:aws:iam::111122223333:role/unexpected', operations: ['Decrypt'] }) },
    'signing-root-only': (given) => editStatement(given, 'signing', '+RootOnly', (it) => ({ ...it, Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*' })),
  },
})
