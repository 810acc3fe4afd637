/** The two keys and the API's environment as Terraform declares them. */
import * as keys from '#facts/keys.ts'
import * as terraform from '#facts/terraform.ts'
import type { Grant, Key } from '#facts/keys.ts'
import type { Module, Resource } from '#domain/terraform/module.ts'
import type { Look } from '#harness/kernel.ts'
import { observer } from '#harness/fact.ts'
import { defaultKeyPolicy } from '#domain/iam/key-policy.ts'
import { unknown } from '#domain/unknown.ts'
import { environmentOf, taskDefinition } from './environment.ts'
import { count, document, flag, keyOf, list, needed, onlyOne, speakingOf, text } from '#domain/terraform/find.ts'

const settings = { sources: ['tfplan'], safety: 'A', seconds: 10, calls: [], needs: { module: terraform.module } } as const
type Which = (look: Look) => string
const recordings: Which = (look) => look.plan.recordings.alias
const signing: Which = (look) => look.plan.signing.alias

/** Left out, these are what KMS does by itself (KMS API, CreateKey: KeySpec, KeyUsage, Origin, MultiRegion; a new key is enabled). */
function described(key: Resource, alias: string): Key {
  const field = (name: string) => needed(text(key, name), key, name)
  return {
    alias, id: field('key_id'), arn: field('arn'), state: flag(key, 'is_enabled') === false || flag(key, 'enabled') === false ? 'Disabled' : 'Enabled', manager: 'CUSTOMER',
    spec: text(key, 'customer_master_key_spec') ?? text(key, 'key_spec') ?? 'SYMMETRIC_DEFAULT', usage: text(key, 'key_usage') ?? 'ENCRYPT_DECRYPT', origin: origin(key),
    multiRegion: key.type === 'aws_kms_replica_key' || (flag(key, 'multi_region') ?? false),
  }
}
const origin = (key: Resource): string => {
  if (key.type === 'aws_kms_external_key') return 'EXTERNAL'
  if (text(key, 'xks_key_id') !== undefined) return 'EXTERNAL_KEY_STORE'
  return text(key, 'custom_key_store_id') === undefined ? 'AWS_KMS' : 'AWS_CLOUDHSM'
}

function ourKey(module: Module, alias: string, fact: string): Resource {
  const key = keyOf(module, alias)
  if (key === null) throw unknown('cause', `${fact} is not there: the module makes no ${alias}`, 'settle that first', fact)
  return key
}
function policyOf(module: Module, key: Resource, account: string): unknown {
  const apart = onlyOne(speakingOf(module, 'aws_kms_key_policy', 'key_id', key, 'key_id', 'id', 'arn'), key)
  return (apart === null ? undefined : document(apart, 'policy')) ?? document(key, 'policy') ?? defaultKeyPolicy(account)
}
const grantsOf = (module: Module, key: Resource): Grant[] => speakingOf(module, 'aws_kms_grant', 'key_id', key, 'key_id', 'id', 'arn').map((grant) => ({
  grantee: needed(text(grant, 'grantee_principal'), grant, 'grantee_principal'), operations: needed(list(grant, 'operations'), grant, 'operations').map(String),
}))

const key = (alias: Which) => async ({ module }: { module: Module }, look: Look): Promise<Key | null> => {
  const found = keyOf(module, alias(look))
  return found === null ? null : described(found, alias(look))
}
const ofRecordings = <T>(read: (module: Module, key: Resource, account: string) => T) => async ({ module }: { module: Module }, look: Look): Promise<T> => read(module, ourKey(module, recordings(look), 'keys.recordings'), look.plan.account)
const ofSigning = <T>(read: (module: Module, key: Resource, account: string) => T) => async ({ module }: { module: Module }, look: Look): Promise<T> => read(module, ourKey(module, signing(look), 'keys.signing'), look.plan.account)

export default [
  observer({ ...settings, fact: keys.recordingsKey, observe: key(recordings) }),
  observer({ ...settings, fact: keys.signingKey, observe: key(signing) }),
  observer({
    ...settings, fact: keys.rotation,
    observe: ofRecordings((_, found) => {
      const enabled = flag(found, 'enable_key_rotation') ?? false // KMS API, EnableKeyRotation: off unless enabled, then every 365 days unless said otherwise
      return { enabled, days: count(found, 'rotation_period_in_days') ?? (enabled ? 365 : null) }
    }),
  }),
  observer({
    ...settings, fact: keys.deletionWindows,
    observe: async ({ module }, look) => {
      const window = (alias: string) => {
        const found = keyOf(module, alias)
        return found === null ? null : count(found, 'deletion_window_in_days')
      }
      return { recordings: window(recordings(look)), signing: window(signing(look)) }
    },
  }),
  observer({ ...settings, fact: keys.recordingsKeyPolicy, observe: ofRecordings(policyOf) }),
  observer({ ...settings, fact: keys.signingKeyPolicy, observe: ofSigning(policyOf) }),
  observer({ ...settings, fact: keys.recordingsGrants, observe: ofRecordings(grantsOf) }),
  observer({ ...settings, fact: keys.signingGrants, observe: ofSigning(grantsOf) }),
  observer({
    ...settings, fact: keys.apiEnvironment,
    observe: async ({ module }, look) => {
      const task = taskDefinition(module, look.target.ecs?.service)
      return task === null ? null : environmentOf(task, look.target.ecs?.service)
    },
  }),
] as const
