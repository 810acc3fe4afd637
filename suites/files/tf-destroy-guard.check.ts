import { equal, holds, none, notKnown } from '#harness/claim.ts'
import { check } from '#harness/fact.ts'
import { noSource } from '#harness/source.ts'
import { keyOf, recordingsBucket } from '#domain/terraform/find.ts'
import * as terraform from '#facts/terraform.ts'
import { irreplaceable } from '#plan/terraform.ts'

export default check({
  title: 'Keys and bucket cannot be destroyed by a plan, and the state is remote, encrypted and locked',
  why: 'A destroyed key makes seven years of recordings unreadable, and the state holds secrets.',
  phases: [3], severity: 'blocker', basis: 'plan', standing: false,
  requirements: ['R-079', 'R-055', 'R-100'], hipaa: ['164.312(c)(1)', '164.308(a)(7)(ii)(A)'], controls: ['CM-5', 'SC-28', 'CP-9'],
  remedy: { say: 'Guard keys and bucket with prevent_destroy; keep the state in an S3 backend with encryption and a lock.', terraform: 'lifecycle { prevent_destroy = true }\n\nterraform {\n  backend "s3" { encrypt = true  use_lockfile = true }\n}' },
  needs: { module: terraform.module },
  judge: ({ module }, plan) => {
    const ours = module.from === 'plan' ? [] : [recordingsBucket(module, plan), keyOf(module, plan.recordings.alias), keyOf(module, plan.signing.alias)].filter((resource) => resource !== null)
    const destroyed = (module.changes ?? []).filter((change) => (irreplaceable as readonly string[]).includes(change.type) && change.actions.some((action) => action === 'delete' || action === 'forget'))
    return [
      ...(module.from === 'plan' ? [notKnown('prevent_destroy', 'on keys and bucket', noSource), notKnown('backend', 's3', noSource)] : [
        holds('recordings bucket and its key', ours.some((one) => one.type === 'aws_s3_bucket') && ours.length > 1, 'in the module', ours.map((one) => one.address)),
        none('keys and buckets without prevent_destroy', ours.filter((resource) => resource.lifecycle?.preventDestroy !== true).map((resource) => resource.address)),
        equal('backend', module.backend?.type ?? null, 's3'),
        ...(module.backend?.type === 's3' ? [
          equal('encrypt', module.backend.values.encrypt, true),
          holds('lock', module.backend.values.use_lockfile === true || typeof module.backend.values.dynamodb_table === 'string', 'use_lockfile or dynamodb_table', module.backend.values.use_lockfile ?? module.backend.values.dynamodb_table),
        ] : []),
      ]),
      none('buckets, keys, databases, trails and log groups that the plan destroys', destroyed.map((change) => `${change.address}: ${change.actions.join(' then ')}${change.replacePaths.length > 0 ? `, forced by ${change.replacePaths.join(', ')}` : ''}`)),
    ]
  },
  faults: {
    'tf-key-unguarded': ({ module }) => { delete module.resources.find((resource) => resource.address === 'aws_kms_key.video_recordings')!.lifecycle },
    'tf-backend-local': ({ module }) => { module.backend = null },
    'tf-backend-plain': ({ module }) => { Object.assign(module.backend!.values, { encrypt: false }) },
    'tf-plan-replaces-bucket': {
      edit: ({ module }) => { module.changes = [{ address: 'aws_s3_bucket.video_recordings', type: 'aws_s3_bucket', actions: ['delete', 'create'], replacePaths: ['bucket'] }] },
      notLive: 'only real Terraform makes such a plan; self/sources-agree judges the recorded one in fixtures/terraform/plans',
    },
  },
})
