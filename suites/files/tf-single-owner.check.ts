import { holds, none } from '#harness/claim.ts'
import { check } from '#harness/fact.ts'
import * as repository from '#facts/repository.ts'

export default check({
  title: 'Nothing but Terraform creates the bucket, the keys, the policy and their aliases',
  why: 'Two owners cause drift and a second, unlocked bucket.',
  phases: [1, 3], severity: 'major', basis: 'plan', standing: false,
  requirements: ['R-017', 'R-018', 'R-200'], hipaa: ['164.308(a)(8)'], controls: ['CM-2', 'CM-8'],
  remedy: { say: 'Let the script call terraform.', cli: 'terraform -chdir=infrastructure/terraform apply' },
  needs: { owners: repository.owners },
  judge: ({ owners }) => [
    holds('files or resources looked at', owners.scanned > 0, 'some', owners.scanned),
    none('other owners', owners.found.map((owner) => `${owner.file}:${owner.line} ${owner.command}`)),
  ],
  faults: {
    'repo-script-creates-bucket': ({ owners }) => { owners.found.push({ file: 'scripts/deploy-video-infrastructure.sh', line: 12, command: 'aws s3api create-bucket' }) },
    'tf-second-bucket': ({ owners }) => { owners.found.push({ file: 'second.tf', line: 1, command: 'aws_s3_bucket.second makes another bucket of the recordings name' }) },
  },
})
