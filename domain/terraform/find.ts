/** Finds resources in a Terraform module and reads their attributes. What a fact needs and only apply will know is thrown as "after apply"; null is: not there. */
import type { Module, Resource, Unresolved } from './module.ts'
import type { Plan } from '#plan/expect.ts'
import { unknown, type Unknown } from '../unknown.ts'

export const isUnresolved = (value: unknown): value is Unresolved => typeof value === 'object' && value !== null && typeof (value as Unresolved).unresolved === 'string'
export const afterApply = (where: string, text: string): Unknown =>
  unknown('after-apply', `${where}: ${text.replace(/^\w+\.\w+: /, '')}`, 'give the Terraform source beside the plan (terraform.dir), or judge again after apply', where.replace(/\.[^.]*$/, ''))

export const managed = (module: Module, type: string): Resource[] => module.resources.filter((resource) => resource.mode === 'managed' && resource.type === type)

/** The attribute at a path of names and block numbers; undefined where it is not written. Throws when any part of the way is only known after apply. */
export function read(resource: Resource, ...path: readonly (string | number)[]): unknown {
  let value: unknown = resource.values
  for (const [index, step] of path.entries()) {
    value = (value as Record<string | number, unknown> | undefined)?.[step]
    if (isUnresolved(value)) throw afterApply(`${resource.address}.${path.slice(0, index + 1).join('.')}`, value.unresolved)
    if (value === undefined || value === null) return undefined
  }
  return value
}
const typed = <T>(is: (value: unknown) => value is T, name: string) => (resource: Resource, ...path: readonly (string | number)[]): T | undefined => {
  const value = read(resource, ...path)
  if (value === undefined || is(value)) return value
  throw unknown('crashed', `${resource.address}.${path.join('.')} is not ${name}`, 'correct the Terraform source', resource.address)
}
export const text = typed((value): value is string => typeof value === 'string', 'text')
export const flag = typed((value): value is boolean => typeof value === 'boolean', 'true or false')
export const list = typed((value): value is readonly unknown[] => Array.isArray(value), 'a list')
/** Providers before 6 wrote some numbers as text, and nothing as '' or 0: S3 takes neither as a number of days or bytes. */
export const count = (resource: Resource, ...path: readonly (string | number)[]): number | null => Number(read(resource, ...path) ?? 0) || null
export function needed<T>(value: T | undefined, resource: Resource, name: string): T {
  if (value === undefined) throw afterApply(`${resource.address}.${name}`, 'it is not written')
  return value
}

/** A policy as evaluators take it: parts that only apply will know stay, as { unresolved } alone. undefined: not written. Throws when nothing of it is known. */
export function document(resource: Resource, ...path: readonly (string | number)[]): unknown {
  const value = read(resource, ...path)
  if (typeof value === 'string') throw unknown('crashed', `${resource.address}.${path.join('.')} is not JSON`, 'write a policy document', resource.address)
  return value === undefined ? undefined : bare(value)
}
const bare = (value: unknown): unknown => {
  if (isUnresolved(value)) return { unresolved: value.unresolved }
  if (Array.isArray(value)) return value.map(bare)
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, bare(item)])) : value
}

/** Whether a value names the resource: by any of its own names, or, where it is not known, by what it refers to. undefined: cannot be said. */
export function names(value: unknown, resource: Resource, ...attributes: readonly string[]): boolean | undefined {
  if (!isUnresolved(value)) return typeof value === 'string' && attributes.some((name) => resource.values[name] === value)
  return value.references?.some((reference) => reference === resource.address || reference.startsWith(`${resource.address}.`)) || undefined
}
/** Resources of a type that speak of another by an attribute. Throws when one may or may not. */
export function speakingOf(module: Module, type: string, attribute: string, of: Resource, ...own: readonly string[]): Resource[] {
  return managed(module, type).filter((resource) => {
    const value = resource.values[attribute]
    const found = names(value, of, ...own)
    if (found === undefined) throw afterApply(`${resource.address}.${attribute}`, (value as Unresolved).unresolved)
    return found
  })
}

/** Two of a kind overwrite each other at every apply; one whose number nobody knows ([*]) may be none. */
export function onlyOne(found: readonly Resource[], of: Resource): Resource | null {
  if (found.length > 1) throw unknown('other-target', `${found.map(({ address }) => address).join(' and ')} both configure ${of.address}`, 'keep one of them', of.address)
  const uncertain = found.find(({ address }) => address.includes('[*]'))
  if (uncertain !== undefined) throw afterApply(`${uncertain.address}.count`, 'how many there are')
  return found[0] ?? null
}
/** Arguments that older providers took on the bucket itself. They are not read here, so where one is written nothing is known. */
const inline = ['acl', 'grant', 'policy', 'lifecycle_rule', 'versioning', 'server_side_encryption_configuration', 'object_lock_configuration', 'logging', 'replication_configuration']
function plainBucket(bucket: Resource): Resource {
  const written = inline.filter((name) => { const value = bucket.values[name]; return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0) })
  if (written.length > 0) throw unknown('not-built', `${bucket.address} sets ${written.join(', ')} on the bucket itself, which is not read`, 'use the resources of their own (aws_s3_bucket_policy, …)', bucket.address)
  return bucket
}

/** A resource of S3's own family, such as aws_s3_bucket_versioning, that configures this bucket. Two of a kind overwrite each other at every apply. */
export function ofBucket(module: Module, type: string, bucket: Resource): Resource | null {
  const found = speakingOf(module, type, 'bucket', bucket, 'bucket', 'id')
  return onlyOne(found, bucket)
}

/** The bucket of the planned name. A name that only apply will know is ours when the planned output, or the planned tag, says so. null: the module makes none. */
export function recordingsBucket(module: Module, plan: Plan): Resource | null {
  const buckets = managed(module, 'aws_s3_bucket')
  const { pattern, bucket: declared } = plan.recordings
  const named = buckets.filter(({ values }) => typeof values.bucket === 'string' && (pattern.test(values.bucket) || values.bucket === declared))
  if (named.length > 1) throw unknown('other-target', `several buckets have the planned name: ${named.map(({ address }) => address).join(', ')}`, 'keep one', 'recordings.bucket')
  const unnamed = buckets.filter(({ values }) => isUnresolved(values.bucket))
  if (named[0] !== undefined || unnamed.length === 0) return named[0] === undefined ? null : plainBucket(onlyOne([named[0]], named[0])!)
  const output = module.outputs.find(({ name }) => name === 'video_recordings_bucket_name')?.value
  const tag = (bucket: Resource) => (bucket.values.tags as Record<string, unknown> | undefined)?.Name
  const ours = unnamed.filter((bucket) => names(output, bucket, 'bucket', 'id') === true || tag(bucket) === plan.recordings.tags.Name)
  if (ours.length === 1) return plainBucket(onlyOne(ours, ours[0]!)!)
  throw afterApply(`${unnamed[0]!.address}.bucket`, (unnamed[0]!.values.bucket as Unresolved).unresolved)
}

/** The key that an alias points to, by id, ARN or reference. null: the module makes no such alias, or it points at nothing that the module makes. */
export function keyOf(module: Module, alias: string): Resource | null {
  const aliases = managed(module, 'aws_kms_alias')
  const own = aliases.find(({ values }) => values.name === alias)
  if (own === undefined) {
    const unnamed = aliases.find(({ values }) => isUnresolved(values.name))
    if (unnamed !== undefined) throw afterApply(`${unnamed.address}.name`, (unnamed.values.name as Unresolved).unresolved)
    return null
  }
  const target = own.values.target_key_id
  const keys = ['aws_kms_key', 'aws_kms_external_key', 'aws_kms_replica_key'].flatMap((type) => managed(module, type))
  const key = keys.find((one) => names(target, one, 'key_id', 'id', 'arn') === true)
  if (key !== undefined) onlyOne([key], key)
  if (key === undefined && isUnresolved(target)) throw afterApply(`${own.address}.target_key_id`, target.unresolved)
  if (key === undefined) throw afterApply(`${own.address}.target_key_id`, `${String(target)} is a key that this module does not make`)
  return key
}

export const isCreated = (module: Module, resource: Resource): boolean =>
  module.changes?.some(({ address, actions }) => address === resource.address && actions.includes('create')) ?? false
