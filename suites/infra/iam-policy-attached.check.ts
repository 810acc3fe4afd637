import { sameDocument } from '#domain/iam/same.ts'
import { equal, holds, none } from '#harness/claim.ts'
import { check, from } from '#harness/fact.ts'
import * as roles from '#facts/roles.ts'

type Document = { Statement: { Action: string | string[]; Condition?: unknown }[] }
const changed = (given: { grants: { attached: { document?: unknown }[] } }) => { (given.grants.attached[0]!.document as Document).Statement[0]!.Action = 's3:ListAllMyBuckets' }

export default check({
  title: 'The reviewed video policy, and no other video grant, is on the task role',
  why: 'Without it nothing works, and an extra grant escapes review.',
  phases: [4, 6], severity: 'blocker', basis: 'plan',
  requirements: ['R-085', 'R-086', 'R-127', 'R-051'], hipaa: ['164.308(a)(4)(ii)(B)'], controls: ['AC-3', 'AC-6', 'CM-6'],
  remedy: { say: 'Attach the policy as Terraform has it, and remove the stray grant.', cli: 'terraform apply -target=aws_iam_role_policy_attachment.ecs_task_video_visits' },
  needs: { grants: roles.taskGrants, reviewed: from('tfplan', roles.taskGrants) },
  judge: ({ grants, reviewed }, plan) => {
    const ours = grants.attached.filter((policy) => policy.name === plan.policyName)
    const review = reviewed.attached.find((policy) => policy.name === plan.policyName)
    return [
      equal('attached policies of this name', ours.length, 1, plan.policyName),
      ...(ours[0] === undefined ? [] : [holds('content', review !== undefined && sameDocument(review.document, ours[0].document), 'as reviewed in Terraform', review === undefined ? 'Terraform has no such policy' : 'compared statement by statement')]),
      none('other video policies', grants.attached.filter((policy) => policy.name !== plan.policyName && /video|chime|connect/i.test(policy.name)).map((policy) => policy.name)),
      none('inline grants', grants.inline.map((policy) => policy.name)),
    ]
  },
  faults: {
    'policy-detached': ({ grants }) => { grants.attached.splice(0) },
    'policy-inline-star': ({ grants }) => { grants.inline.push({ name: 'stray', document: {} }) },
    'policy-second-video': ({ grants }) => { grants.attached.push({ name: 'telehealth-video-extra', document: {} }) },
    'policy-content-changed': changed,
    'required-sign-missing': changed, 'required-mail-missing': changed, 'required-pipeline-missing': changed, 'required-s3-list-missing': changed,
    'forbidden-delete-version': changed, 'forbidden-key-deletion': changed, 'forbidden-pass-role': changed, 'forbidden-connect': changed,
    'scope-chime-star': changed, 'scope-kms-no-via': changed, 'messaging-any-identity': changed, 'messaging-no-from': changed, 'messaging-topic': changed,
  },
})
