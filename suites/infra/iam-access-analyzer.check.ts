import { holds, none } from '#harness/claim.ts'
import { beside, check } from '#harness/fact.ts'
import * as account from '#facts/account.ts'
import * as keys from '#facts/keys.ts'
import * as recordings from '#facts/recordings.ts'

export default check({
  title: 'An external access analyzer is active and has no open finding on our resources',
  why: 'It is independent proof against public or cross-account access.',
  phases: [4], severity: 'major', basis: 'regulation',
  requirements: ['R-194', 'R-177'], hipaa: ['164.308(a)(1)(ii)(D)', '164.312(a)(1)'], controls: ['AC-6', 'CA-7', 'SI-4'],
  remedy: { say: 'Create the analyzer in the region of the bucket; resolve its findings, or archive them with a reason.', terraform: 'resource "aws_accessanalyzer_analyzer" "account" {\n  analyzer_name = "external-access"\n  type          = "ACCOUNT"\n}' },
  needs: { analyzers: account.accessAnalyzers, bucket: beside(recordings.bucket), recordingsKey: beside(keys.recordingsKey), signingKey: beside(keys.signingKey) },
  judge: ({ analyzers, bucket, recordingsKey, signingKey }, plan) => {
    const ours = [bucket.arn, recordingsKey.arn, signingKey.arn, ...[plan.roles.task, plan.roles.breakGlass, plan.roles.deploy].map(plan.roleArn)]
    return [
      holds('active analyzers of external access', analyzers.length > 0, 'at least one', analyzers.map((analyzer) => analyzer.name)),
      none('open findings on our resources', analyzers.flatMap((analyzer) => analyzer.findings).filter((finding) => finding.status === 'ACTIVE' && ours.includes(finding.resource)).map((finding) => `${finding.resource} (${finding.id})`)),
    ]
  },
  faults: {
    'analyzer-absent': ({ analyzers }) => { analyzers.splice(0) },
    'analyzer-finding': ({ analyzers, bucket }) => { analyzers[0]!.findings.push({ id: 'finding', resource: bucket.arn, status: 'ACTIVE' }) },
  },
})
