import { equal, holds, matches, sameSet } from '#harness/claim.ts'
import { check, when } from '#harness/fact.ts'
import * as account from '#facts/account.ts'
import * as recordings from '#facts/recordings.ts'

export default check({
  title: 'The recordings bucket has the planned name, region, account and tags, and no namesake',
  why: 'Checks on the wrong bucket prove nothing, and tags drive policy and cost rules.',
  phases: [3, 4], severity: 'major', basis: 'plan',
  requirements: ['R-061', 'R-063', 'R-050', 'R-125', 'R-191', 'R-173'], hipaa: ['164.310(d)(1)', '164.308(a)(1)(ii)(A)'], controls: ['CM-8', 'SC-7'],
  remedy: { say: 'Correct the name, region or tags through Terraform; remove the second bucket, or rename it.', terraform: 'tags = merge(local.common_tags, { Name = "${local.name_prefix}-video-recordings-${local.environment}", Compliance = "HIPAA", DataClassification = "PHI", Retention = "7-years" })' },
  needs: { bucket: recordings.bucket, tags: recordings.tags, namesakes: recordings.namesakes, caller: when('live', account.callerIdentity) },
  judge: ({ bucket, tags, namesakes, caller }, plan) => [
    matches('name', bucket.name, plan.recordings.pattern),
    equal('region', bucket.region, plan.region),
    ...(caller === undefined ? [] : [
      holds('owner', namesakes.includes(bucket.name) && caller.account === plan.account, `among the buckets of account ${plan.account}`, caller.account),
      ...(plan.recordings.bucket === undefined ? [] : [equal('name in the Terraform outputs', bucket.name, plan.recordings.bucket)]),
    ]),
    ...Object.entries(plan.recordings.tags).map(([tag, value]) => equal(`tag ${tag}`, tags[tag], value)),
    sameSet('buckets with the recordings name', namesakes, [bucket.name]),
  ],
  faults: {
    'bucket-absent': { absent: 'bucket' },
    'bucket-wrong-tag': ({ tags }) => { delete tags.DataClassification },
    'tf-second-bucket': ({ namesakes }) => { namesakes.push('telehealth-video-recordings-prod-second') },
    'bucket-namesake': ({ namesakes }) => { namesakes.push('x-video-recordings-prod-old') },
  },
})
