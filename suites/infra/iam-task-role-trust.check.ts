import { trusted } from '#domain/iam/trust.ts'
import { holds, none, sameSet } from '#harness/claim.ts'
import { check } from '#harness/fact.ts'
import * as roles from '#facts/roles.ts'
import { editStatement } from '#domain/iam/edit.ts'

export default check({
  title: 'The task role trusts ECS tasks of this account only and is not the execution role',
  why: 'A wide trust lets others take the role.',
  phases: [2, 4], severity: 'major', basis: 'plan',
  requirements: ['R-047', 'R-086'], hipaa: ['164.308(a)(4)(ii)(B)', '164.312(a)(1)'], controls: ['AC-3', 'AC-6'],
  remedy: { say: 'Trust ecs-tasks.amazonaws.com alone, with aws:SourceAccount and aws:SourceArn.', terraform: 'condition { test = "StringEquals"  variable = "aws:SourceAccount"  values = [data.aws_caller_identity.current.account_id] }\ncondition { test = "ArnLike"  variable = "aws:SourceArn"  values = ["arn:aws:ecs:us-east-1:${data.aws_caller_identity.current.account_id}:*"] }' },
  needs: { role: roles.taskRole },
  judge: ({ role }, plan) => {
    const trust = trusted(role.trust)
    return [
      sameSet('who is trusted', trust.map(({ who }) => who), ['ecs-tasks.amazonaws.com']),
      none('trusted without aws:SourceAccount or aws:SourceArn of this account', trust.filter(({ boundTo }) => !boundTo(plan)).map(({ who }) => who)),
      holds('another role than the execution role', role.name !== plan.roles.execution, 'another role', role.name),
    ]
  },
  faults: {
    'task-role-absent': { absent: 'role' },
    'trust-account-root': ({ role }) => editStatement(role, 'trust', '+Root', (it) => ({ ...it, Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'sts:AssumeRole' })),
    'trust-star': ({ role }) => editStatement(role, 'trust', '+Anybody', (it) => ({ ...it, Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' })),
    'trust-unbound': ({ role }) => { for (const statement of (role.trust as { Statement: { Condition?: unknown }[] }).Statement) delete statement.Condition },
  },
})
