/** The recordings bucket as Terraform declares it. Only recordings.bucket needs its name: the rest is joined by references, so a plan without source can be judged. */
import * as recordings from '#facts/recordings.ts'
import * as terraform from '#facts/terraform.ts'
import type { Module, Resource } from '#domain/terraform/module.ts'
import type { Look } from '#harness/kernel.ts'
import { observer } from '#harness/fact.ts'
import { unknown } from '#domain/unknown.ts'
import { shortestLife } from '#observers/aws/lifecycle.ts'
import * as declared from './bucket.ts'
import { afterApply, document, isUnresolved, managed, needed, ofBucket, read, recordingsBucket, text } from '#domain/terraform/find.ts'

const settings = { sources: ['tfplan'], safety: 'A', seconds: 10, calls: [], needs: { module: terraform.module } } as const
type Given = { module: Module }

function ourBucket({ module }: Given, look: Look): Resource {
  const bucket = recordingsBucket(module, look.plan)
  if (bucket === null) throw unknown('cause', 'recordings.bucket is not there: the module makes no bucket of the planned name', 'settle that first', 'recordings.bucket')
  return bucket
}

export default [
  observer({
    ...settings, fact: recordings.bucket,
    observe: async ({ module }, look) => {
      const bucket = recordingsBucket(module, look.plan)
      if (bucket === null) return null
      const field = (name: string) => needed(text(bucket, name), bucket, name)
      return { name: field('bucket'), arn: field('arn'), region: field('region') }
    },
  }),
  observer({
    ...settings, fact: recordings.namesakes,
    observe: async ({ module }) => managed(module, 'aws_s3_bucket').map((bucket) => needed(text(bucket, 'bucket'), bucket, 'bucket')).filter((name) => name.includes('video-recordings')),
  }),
  observer({
    ...settings, fact: recordings.tags,
    observe: async (given, look) => {
      const bucket = ourBucket(given, look)
      const tags = (read(bucket, 'tags_all') ?? read(bucket, 'tags') ?? {}) as Record<string, unknown> // tags_all: with the provider's default_tags
      return Object.fromEntries(Object.entries(tags).map(([key, value]) => {
        if (isUnresolved(value)) throw afterApply(`${bucket.address}.tags.${key}`, value.unresolved)
        return [key, String(value)]
      }))
    },
  }),
  observer({
    ...settings, fact: recordings.objectLock,
    observe: async (given, look) => {
      const lock = declared.lock(given.module, ourBucket(given, look))
      return lock === null ? null : { enabled: lock.enabled }
    },
  }),
  observer({ ...settings, fact: recordings.defaultRetention, needs: { ...settings.needs, lock: recordings.objectLock }, observe: async (given, look) => declared.lock(given.module, ourBucket(given, look))?.retention ?? null }),
  observer({ ...settings, fact: recordings.versioning, observe: async (given, look) => declared.versioning(given.module, ourBucket(given, look)) }),
  observer({ ...settings, fact: recordings.encryption, observe: async (given, look) => declared.encryption(given.module, ourBucket(given, look)) }),
  observer({ ...settings, fact: recordings.publicAccess, observe: async (given, look) => declared.publicAccess(given.module, ourBucket(given, look)) }),
  observer({ ...settings, fact: recordings.ownership, observe: async (given, look) => declared.ownership(given.module, ourBucket(given, look)) }),
  observer({ ...settings, fact: recordings.lifecycle, observe: async (given, look) => declared.lifecycle(given.module, ourBucket(given, look)) }),
  observer({
    ...settings, fact: recordings.policy,
    observe: async (given, look) => {
      const policy = ofBucket(given.module, 'aws_s3_bucket_policy', ourBucket(given, look))
      return policy === null ? null : needed(document(policy, 'policy'), policy, 'policy')
    },
  }),
  observer({
    ...settings, fact: recordings.logging,
    observe: async (given, look) => {
      const logging = ofBucket(given.module, 'aws_s3_bucket_logging', ourBucket(given, look))
      if (logging === null) return null
      const name = needed(text(logging, 'target_bucket'), logging, 'target_bucket')
      const target = managed(given.module, 'aws_s3_bucket').find(({ values }) => values.bucket === name || values.id === name)
      if (target === undefined) throw afterApply(`${logging.address}.target_bucket`, `${name} is a bucket that this module does not make`)
      const { module } = given
      return {
        name, publicAccess: declared.publicAccess(module, target), encryption: declared.encryption(module, target).algorithm,
        defaultRetention: (declared.lock(module, target)?.retention ?? null) !== null, keepDays: shortestLife(declared.lifecycle(module, target) ?? []),
      }
    },
  }),
] as const
