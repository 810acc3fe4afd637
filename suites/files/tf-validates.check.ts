import { holds, none, notKnown } from '#harness/claim.ts'
import { check } from '#harness/fact.ts'
import { noSource } from '#harness/source.ts'
import * as terraform from '#facts/terraform.ts'

export default check({
  title: 'Every local, resource and data reference resolves, and provider versions are pinned and locked',
  why: 'An invalid module cannot be planned, and an unpinned provider is another module tomorrow.',
  phases: [3], severity: 'blocker', basis: 'plan', standing: false,
  requirements: ['R-091', 'R-061'], hipaa: ['164.308(a)(8)'], controls: ['CM-2', 'SA-10'],
  remedy: { say: 'Define what is referred to; pin each provider in required_providers and commit .terraform.lock.hcl.', terraform: 'required_providers { aws = { source = "hashicorp/aws"  version = "~> 6.0" } }' },
  needs: { validation: terraform.validation, module: terraform.module },
  judge: ({ validation, module }) => [
    holds('references looked at', validation.references > 0, 'some', validation.references, `by ${validation.by}`),
    none('references to what is not defined', validation.problems.map((problem) => `${problem.at}: ${problem.say}`)),
    ...(module.providers === null ? [notKnown('providers', 'pinned', noSource)] : [
      none('providers without a version', module.providers.filter((provider) => provider.version === undefined).map((provider) => provider.name)),
      none('providers without a lock', module.providers.filter((provider) => provider.locked === undefined).map((provider) => provider.name)),
    ]),
  ],
  faults: {
    'tf-dangling-reference': ({ validation }) => { validation.problems.push({ at: 'aws_iam_policy.video_visits', say: 'aws_sns_topic.nowhere is not defined' }) },
    'tf-variable-missing': ({ validation }) => { validation.problems.push({ at: 'ecs.tf', say: 'var.connect_video_queue_id is not defined' }) },
    'tf-provider-unpinned': ({ module }) => { delete module.providers![0]!.version },
    'tf-lock-absent': ({ module }) => { for (const provider of module.providers!) delete provider.locked },
  },
})
