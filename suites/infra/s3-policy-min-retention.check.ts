import { editStatement } from '#domain/iam/edit.ts'
import { beside, check } from '#harness/fact.ts'
import { denied } from '#harness/policy.ts'
import * as recordings from '#facts/recordings.ts'

const days = 's3:object-lock-remaining-retention-days'
const mode = 's3:object-lock-mode'

export default check({
  title: 'The bucket policy denies a retention shorter than seven years, another mode, and the governance bypass',
  why: 'An explicit header overrides the default of the bucket, so a writer could store records for one day.',
  phases: [3, 4], severity: 'major', basis: 'plan',
  requirements: ['R-067', 'R-074'], hipaa: ['164.312(c)(1)', '164.316(b)(2)(i)'], controls: ['SI-12', 'AU-11', 'AC-3'],
  remedy: { say: 'Deny s3:PutObject and s3:PutObjectRetention when NumericLessThan s3:object-lock-remaining-retention-days 2557, and when StringEquals s3:object-lock-mode GOVERNANCE; deny s3:BypassGovernanceRetention. No IfExists and no negated operator: with the key absent those are true and would refuse every plain put.' },
  needs: { bucket: beside(recordings.bucket), policy: recordings.policy },
  judge: ({ bucket, policy }, plan) => {
    const ask = (at: string, actions: string[], context: Record<string, string>) =>
      denied(at, policy, { account: plan.account, actions, context, resources: [`${bucket.arn}/recordings/synthetic`, `${bucket.arn}/app/synthetic`] })
    return [
      ...['1', '30', String(plan.recordings.retentionDays - 1)].map((short) => ask(`ways to store for ${short} days`, ['s3:PutObject', 's3:PutObjectRetention'], { [days]: short, [mode]: 'COMPLIANCE' })),
      ask('ways to store in GOVERNANCE mode', ['s3:PutObject', 's3:PutObjectRetention'], { [days]: String(plan.recordings.retentionDays + 1), [mode]: 'GOVERNANCE' }),
      ask('ways to bypass governance', ['s3:BypassGovernanceRetention'], {}),
    ]
  },
  faults: {
    'policy-absent': { absent: 'policy' },
    'retention-deny-absent': (given) => editStatement(given, 'policy', 'DenyShortRetention', () => null),
    'retention-deny-30': (given) => editStatement(given, 'policy', 'DenyShortRetention', (it) => ({ ...it, Condition: { NumericLessThan: { [days]: '30' } } })),
    'governance-deny-absent': (given) => editStatement(given, 'policy', 'DenyGovernance', () => null),
    'bypass-deny-absent': (given) => editStatement(given, 'policy', 'DenyBypass', () => null),
  },
})
