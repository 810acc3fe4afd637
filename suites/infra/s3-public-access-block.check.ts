import { equal } from '#harness/claim.ts'
import { check } from '#harness/fact.ts'
import * as recordings from '#facts/recordings.ts'

export default check({
  title: 'All four public-access blocks are on at bucket level',
  why: 'One wrong policy would publish recordings.',
  phases: [3, 4], severity: 'blocker', basis: 'plan',
  requirements: ['R-072'], hipaa: ['164.312(a)(1)', '164.308(a)(3)(i)'], controls: ['AC-3', 'AC-6', 'SC-7'],
  remedy: { say: 'Set all four to true.', terraform: 'block_public_acls = true\nblock_public_policy = true\nignore_public_acls = true\nrestrict_public_buckets = true' },
  needs: { block: recordings.publicAccess },
  judge: ({ block }) => [
    equal('BlockPublicAcls', block.blockPublicAcls, true),
    equal('IgnorePublicAcls', block.ignorePublicAcls, true),
    equal('BlockPublicPolicy', block.blockPublicPolicy, true),
    equal('RestrictPublicBuckets', block.restrictPublicBuckets, true),
  ],
  faults: {
    'pab-absent': { absent: 'block' },
    'pab-block-acls-off': ({ block }) => { block.blockPublicAcls = false },
    'pab-ignore-acls-off': ({ block }) => { block.ignorePublicAcls = false },
    'pab-block-policy-off': ({ block }) => { block.blockPublicPolicy = false },
    'pab-restrict-off': ({ block }) => { block.restrictPublicBuckets = false },
  },
})
