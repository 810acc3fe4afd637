import { equal, none } from '#harness/claim.ts'
import { check } from '#harness/fact.ts'
import * as recordings from '#facts/recordings.ts'

export default check({
  title: 'Object ownership is BucketOwnerEnforced and no ACL grants anything',
  why: 'An ACL is a second, forgotten way in.',
  phases: [3, 4], severity: 'major', basis: 'plan',
  requirements: ['R-077'], hipaa: ['164.312(a)(1)'], controls: ['AC-3', 'AC-6'],
  remedy: { say: 'Enforce bucket ownership; this switches ACLs off.', terraform: 'resource "aws_s3_bucket_ownership_controls" "video_recordings" {\n  bucket = aws_s3_bucket.video_recordings.id\n  rule { object_ownership = "BucketOwnerEnforced" }\n}' },
  needs: { ownership: recordings.ownership },
  judge: ({ ownership }) => [equal('ObjectOwnership', ownership.rule, 'BucketOwnerEnforced'), none('grants to others', ownership.grants)],
  faults: { 'ownership-object-writer': ({ ownership }) => { ownership.rule = 'ObjectWriter'; ownership.grants = ['http://acs.amazonaws.com/groups/global/AuthenticatedUsers READ'] } },
})
