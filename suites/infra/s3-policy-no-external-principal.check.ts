import { editStatement } from '#domain/iam/edit.ts'
import { strangers } from '#domain/iam/strangers.ts'
import { noneOf, stated } from '#harness/claim.ts'
import { beside, check, orNull } from '#harness/fact.ts'
import * as recordings from '#facts/recordings.ts'

export default check({
  title: 'No statement allows a foreign, wildcard or unbound service principal',
  why: 'Such a statement opens recordings to another account, or to a service that another account can send.',
  phases: [3, 4], severity: 'blocker', basis: 'plan',
  requirements: ['R-072', 'R-194'], hipaa: ['164.312(a)(1)', '164.308(a)(4)(ii)(B)'], controls: ['AC-3', 'AC-6', 'AC-4'],
  remedy: { say: 'Remove the statement, or bind the service by aws:SourceAccount and aws:SourceArn.' },
  needs: { bucket: beside(recordings.bucket), policy: orNull(recordings.policy) },
  judge: ({ bucket, policy }, plan) => policy === null
    ? [stated('statements that allow', `no policy on ${bucket.name}`)]
    : [noneOf('foreign, wildcard or unbound principals', strangers(policy, plan))],
  faults: {
    'foreign-reader': (given) => editStatement(given, 'policy', '+ForeignReader', (it) => ({ ...it, Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::999999999999:root' }, Action: 's3:GetObject', Resource: `${given.bucket.arn}/*` })),
    'public-reader': (given) => editStatement(given, 'policy', '+PublicReader', (it) => ({ ...it, Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `${given.bucket.arn}/*` })),
    'service-unbound': (given) => editStatement(given, 'policy', '+ServiceUnbound', (it) => ({ ...it, Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 's3:PutObject', Resource: `${given.bucket.arn}/*` })),
    'pipelines-unbound': (given) => editStatement(given, 'policy', 'AllowMediaPipelines', ({ Condition: _, ...it }) => it),
  },
})
