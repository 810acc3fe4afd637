/** One bucket's settings as Terraform declares them, in the shapes of facts/recordings.ts. What AWS does where Terraform says nothing is given with its source, else it is null. */
import type { Module, Resource } from '#domain/terraform/module.ts'
import type { LifecycleRule, PublicAccess, Retention } from '#facts/recordings.ts'
import { count, flag, isCreated, list, needed, ofBucket, read, text } from '#domain/terraform/find.ts'

/** null: not declared. An argument that is left out is false (provider documentation, aws_s3_bucket_public_access_block). */
export function publicAccess(module: Module, bucket: Resource): PublicAccess | null {
  const block = ofBucket(module, 'aws_s3_bucket_public_access_block', bucket)
  if (block === null) return null
  const on = (name: string) => flag(block, name) ?? false
  return { blockPublicAcls: on('block_public_acls'), ignorePublicAcls: on('ignore_public_acls'), blockPublicPolicy: on('block_public_policy'), restrictPublicBuckets: on('restrict_public_buckets') }
}

/** Without a declaration S3 encrypts with its own keys: "the base level of encryption for every bucket" since 2023-01-05 (S3 user guide, default encryption). */
export function encryption(module: Module, bucket: Resource): { algorithm: string; key: string | null; bucketKey: boolean } {
  const declared = ofBucket(module, 'aws_s3_bucket_server_side_encryption_configuration', bucket)
  if (declared === null) return { algorithm: 'AES256', key: null, bucketKey: false }
  const by = ['rule', 0, 'apply_server_side_encryption_by_default', 0] as const
  return {
    algorithm: needed(text(declared, ...by, 'sse_algorithm'), declared, by.join('.')), key: text(declared, ...by, 'kms_master_key_id') ?? null,
    bucketKey: flag(declared, 'rule', 0, 'bucket_key_enabled') ?? false, // S3 API, ServerSideEncryptionRule: not enabled by default
  }
}

/** null: neither the bucket nor a configuration beside it switches Object Lock on (which cannot be switched off again). */
export function lock(module: Module, bucket: Resource): { enabled: boolean; retention: Retention | null } | null {
  const declared = ofBucket(module, 'aws_s3_bucket_object_lock_configuration', bucket)
  if (declared === null) return flag(bucket, 'object_lock_enabled') === true ? { enabled: true, retention: null } : null
  const by = ['rule', 0, 'default_retention', 0] as const
  const mode = text(declared, ...by, 'mode')
  return {
    enabled: (text(declared, 'object_lock_enabled') ?? 'Enabled') === 'Enabled', // provider documentation: "Defaults to Enabled. Valid values: Enabled"
    retention: read(declared, ...by) === undefined ? null : { mode: needed(mode, declared, `${by.join('.')}.mode`), days: count(declared, ...by, 'days'), years: count(declared, ...by, 'years') },
  }
}

/** null: never versioned, as S3 then says nothing. With Object Lock "S3 automatically enables versioning" (S3 user guide, Object Lock). */
export function versioning(module: Module, bucket: Resource): { status: string } | null {
  const declared = ofBucket(module, 'aws_s3_bucket_versioning', bucket)
  if (declared === null) return flag(bucket, 'object_lock_enabled') === true ? { status: 'Enabled' } : null
  const status = needed(text(declared, 'versioning_configuration', 0, 'status'), declared, 'versioning_configuration.status')
  return status === 'Disabled' ? null : { status } // provider documentation: Disabled is only for buckets that never had versioning
}

/** rule null: not declared, on a bucket that may be older than 2023-04; for a new one S3 enforces the owner (S3 user guide, default settings for new buckets). */
export function ownership(module: Module, bucket: Resource): { rule: string | null; grants: string[] } {
  const controls = ofBucket(module, 'aws_s3_bucket_ownership_controls', bucket)
  const declared = controls === null ? undefined : needed(text(controls, 'rule', 0, 'object_ownership'), controls, 'rule.object_ownership')
  const acl = ofBucket(module, 'aws_s3_bucket_acl', bucket)
  const canned = [acl === null ? undefined : text(acl, 'acl'), text(bucket, 'acl')].filter((name) => name !== undefined && name !== 'private')
  const granted = acl === null ? [] : (list(acl, 'access_control_policy', 0, 'grant') ?? []).map((_, index) => {
    const at = ['access_control_policy', 0, 'grant', index] as const
    return `${text(acl, ...at, 'grantee', 0, 'uri') ?? text(acl, ...at, 'grantee', 0, 'id') ?? text(acl, ...at, 'grantee', 0, 'email_address')} ${text(acl, ...at, 'permission')}`
  })
  const owner = acl === null ? undefined : text(acl, 'access_control_policy', 0, 'owner', 0, 'id')
  return {
    rule: declared ?? (isCreated(module, bucket) ? 'BucketOwnerEnforced' : null),
    grants: [...canned.map((name) => `canned ACL ${name}`), ...granted.filter((grant) => owner === undefined || !grant.startsWith(`${owner} `))],
  }
}

export function lifecycle(module: Module, bucket: Resource): LifecycleRule[] | null {
  const declared = ofBucket(module, 'aws_s3_bucket_lifecycle_configuration', bucket)
  return declared === null ? null : (list(declared, 'rule') ?? []).map((_, index) => rule(declared, index))
}

function rule(declared: Resource, index: number): LifecycleRule {
  const at = ['rule', index] as const
  return {
    id: needed(text(declared, ...at, 'id'), declared, `rule.${index}.id`),
    enabled: needed(text(declared, ...at, 'status'), declared, `rule.${index}.status`) === 'Enabled',
    scope: scope(declared, index),
    transitions: (list(declared, ...at, 'transition') ?? []).map((_, number) => ({
      days: transitionDays(declared, index, number), class: needed(text(declared, ...at, 'transition', number, 'storage_class'), declared, `rule.${index}.transition.${number}.storage_class`),
    })),
    expireDays: count(declared, ...at, 'expiration', 0, 'days'),
    expireDate: date(text(declared, ...at, 'expiration', 0, 'date')),
    expireDeleteMarker: flag(declared, ...at, 'expiration', 0, 'expired_object_delete_marker') ?? false,
    noncurrentDays: count(declared, ...at, 'noncurrent_version_expiration', 0, 'noncurrent_days'),
    noncurrentNewer: count(declared, ...at, 'noncurrent_version_expiration', 0, 'newer_noncurrent_versions'),
    abortUploadDays: count(declared, ...at, 'abort_incomplete_multipart_upload', 0, 'days_after_initiation'),
  }
}
/** 0 is a number here: "at once" (S3 API, Transition); null: a date is given instead. */
const transitionDays = (declared: Resource, index: number, number: number): number | null => {
  const days = read(declared, 'rule', index, 'transition', number, 'days')
  return days === undefined || text(declared, 'rule', index, 'transition', number, 'date') ? null : Number(days)
}
const date = (written: string | undefined): string | null => (written ? new Date(written).toISOString() : null)

/** In the words of the live observer: '' = whole bucket. */
function scope(declared: Resource, index: number): string {
  const at = ['rule', index] as const
  const filters = [[...at], [...at, 'filter', 0], [...at, 'filter', 0, 'and', 0]] as const
  return filters.flatMap((path) => {
    const prefix = text(declared, ...path, 'prefix')
    const [larger, smaller] = [count(declared, ...path, 'object_size_greater_than'), count(declared, ...path, 'object_size_less_than')]
    const tags = read(declared, ...path, 'tags') ?? {}
    return [
      ...(prefix ? [`prefix ${prefix}`] : []),
      ...(list(declared, ...path, 'tag') ?? []).map((_, number) => `tag ${text(declared, ...path, 'tag', number, 'key')}=${text(declared, ...path, 'tag', number, 'value')}`),
      ...Object.keys(tags as object).map((key) => `tag ${key}=${text(declared, ...path, 'tags', key)}`),
      ...(larger === null ? [] : [`larger than ${larger} bytes`]), ...(smaller === null ? [] : [`smaller than ${smaller} bytes`]),
    ]
  }).filter((word, number, all) => all.indexOf(word) === number).join(' and ')
}
