import { editStatement } from '#domain/iam/edit.ts'
import { defaultKeyPolicy } from '#domain/iam/key-policy.ts'
import { serviceGrant } from '#harness/service-grant.ts'
import { beside, check } from '#harness/fact.ts'
import { mediaPipelines } from '#plan/recordings.ts'
import * as keys from '#facts/keys.ts'

export default check({
  title: 'The recording path may use the recordings key, bound to this account',
  why: 'Under SSE-KMS a recording fails at its first put without the key.',
  phases: [3, 4], severity: 'blocker', basis: 'plan',
  requirements: ['R-075', 'R-058', 'R-209'], hipaa: ['164.312(a)(2)(iv)'], controls: ['AC-3', 'SC-12'],
  remedy: { say: 'Allow kms:GenerateDataKey (for concatenation also kms:Decrypt) to mediapipelines.chime.amazonaws.com with aws:SourceAccount, or pass SseAwsKeyManagementParams with a SinkIamRoleArn.' },
  applies: (plan) => plan.meetings === 'chime' || 'visits use Amazon Connect, which stores recordings by its own storage configuration',
  needs: { key: beside(keys.recordingsKey), policy: keys.recordingsKeyPolicy },
  judge: ({ key, policy }, plan) => ['kms:GenerateDataKey', 'kms:Decrypt'].flatMap((action) =>
    serviceGrant(policy, { service: mediaPipelines, action, resource: key.arn, account: plan.account, region: plan.region, kind: 'key' })),
  faults: {
    'alias-elsewhere': (given) => { given.policy = defaultKeyPolicy('111122223333') },
    'key-wildcard': (given) => editStatement(given, 'policy', '+Wildcard', (it) => ({ ...it, Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt', Resource: '*' })),
    'key-default-policy': (given) => { given.policy = defaultKeyPolicy('111122223333') },
    'key-pipelines-absent': (given) => editStatement(given, 'policy', 'AllowMediaPipelines', () => null),
    'key-pipelines-unbound': (given) => editStatement(given, 'policy', 'AllowMediaPipelines', ({ Condition: _, ...it }) => it),
  },
})
