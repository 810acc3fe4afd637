import { editStatement } from '#domain/iam/edit.ts'
import { beside, check } from '#harness/fact.ts'
import { denied } from '#harness/policy.ts'
import { configurationActions } from '#plan/recordings.ts'
import * as recordings from '#facts/recordings.ts'

export default check({
  title: 'Only the deployment or break-glass role may change lock, lifecycle, policy and the rest of the configuration',
  why: 'A lifecycle rule is not subject to the bucket policy: whoever may write it decides what happens when the lock ends.',
  phases: [3, 4], severity: 'blocker', basis: 'plan',
  requirements: ['R-074', 'R-180'], hipaa: ['164.312(c)(1)', '164.308(a)(4)(ii)(C)', '164.312(a)(1)'], controls: ['CM-5', 'AC-3', 'AC-6'],
  remedy: { say: 'Deny the configuration actions with an ArnNotLike exception for the deployment and break-glass roles.', terraform: `{ Sid = "DenyConfigChanges", Effect = "Deny", Principal = "*", Action = ${JSON.stringify(configurationActions)}, Resource = aws_s3_bucket.video_recordings.arn, Condition = { ArnNotLike = { "aws:PrincipalArn" = [aws_iam_role.deploy.arn, aws_iam_role.break_glass.arn] } } }` },
  needs: { bucket: beside(recordings.bucket), policy: recordings.policy },
  judge: ({ bucket, policy }, plan) => configurationActions.map((action) =>
    denied(`ways around the Deny of ${action}`, policy, { account: plan.account, context: {}, actions: [action], resources: [bucket.arn] }, [plan.roleArn(plan.roles.deploy), plan.roleArn(plan.roles.breakGlass)])),
  faults: {
    'policy-absent': { absent: 'policy' },
    'config-deny-absent': (given) => editStatement(given, 'policy', 'DenyConfigChanges', () => null),
    'config-lifecycle-open': (given) => editStatement(given, 'policy', 'DenyConfigChanges', (it) => ({ ...it, Action: (it.Action as string[]).filter((action) => action !== 's3:PutLifecycleConfiguration') })),
    'config-exception-wide': (given) => editStatement(given, 'policy', 'DenyConfigChanges', (it) => ({ ...it, Condition: { ArnNotLike: { 'aws:PrincipalArn': ['arn:aws:iam::*:role/*'] } } })),
  },
})
