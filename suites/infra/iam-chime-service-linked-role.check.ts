import { trusted } from '#domain/iam/trust.ts'
import { sameSet } from '#harness/claim.ts'
import { check } from '#harness/fact.ts'
import { mediaPipelines } from '#plan/recordings.ts'
import * as roles from '#facts/roles.ts'

export default check({
  title: 'The service-linked role of the Chime media pipelines exists and trusts only it',
  why: 'Recording fails without it, and making it needs an administrator.',
  phases: [4], severity: 'major', basis: 'plan',
  requirements: ['R-075'], hipaa: ['164.308(a)(4)(ii)(B)'], controls: ['AC-3'],
  remedy: { say: 'Create it once per account.', terraform: 'resource "aws_iam_service_linked_role" "media_pipelines" {\n  aws_service_name = "mediapipelines.chime.amazonaws.com"\n}', cli: 'aws iam create-service-linked-role --aws-service-name mediapipelines.chime.amazonaws.com' },
  applies: (plan) => plan.meetings === 'chime' || 'visits use Amazon Connect, which records with its own service-linked role',
  needs: { role: roles.mediaPipelinesRole },
  judge: ({ role }) => [sameSet('who is trusted', trusted(role.trust).map(({ who }) => who), [mediaPipelines])],
  faults: {
    'slr-absent': { absent: 'role' },
    'slr-wrong-trust': ({ role }) => { (role.trust as { Statement: { Principal: unknown }[] }).Statement[0]!.Principal = { Service: 'ec2.amazonaws.com' } },
  },
})
