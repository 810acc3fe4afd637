/**
 * What a resource will be called: attributes that apply adds and that follow from its name, its account and its region.
 * ARN forms: the "Resource types" tables of the Service Authorization Reference.
 */

import { isUnresolved, symbol } from './value.ts'
import { policyDocument } from './policy-document.ts'
import type { Value, Values } from './value.ts'

/** Where a resource lives; symbols where nobody said. */
export interface Place { readonly account: string; readonly region: string }

/** One symbol for one account, whatever the data source that asks for it is called. */
export const someAccount = symbol('data.aws_caller_identity.current', 'account_id')
export const someRegion = symbol('data.aws_region.current', 'region')

/**
 * The region of a resource: its own argument (provider 6), its provider's, the target's. shown: the argument to add, so that checks
 * find it with every provider version; IAM is global.
 */
export function regionOf(mode: 'managed' | 'data', type: string, ...said: readonly (Value | undefined)[]): { region: string; shown: Values } {
  const region = said.find(value => typeof value === 'string')
  const regional = mode === 'managed' && type.startsWith('aws_') && !type.startsWith('aws_iam_')
  return { region: region ?? someRegion, shown: regional && region !== undefined ? { region } : {} }
}

/** Roles that AWS names itself: https://docs.aws.amazon.com/chime-sdk/latest/dg/create-slr.html */
const serviceRoles: Readonly<Record<string, string>> = {
  'mediapipelines.chime.amazonaws.com': 'AWSServiceRoleForAmazonChimeSDKMediaPipelines',
  'ecs.amazonaws.com': 'AWSServiceRoleForECS',
  'connect.amazonaws.com': 'AWSServiceRoleForAmazonConnect',
}

type Identities = (values: Values, at: Place, called: (attribute: string) => string) => Values

const iam = (kind: string): Identities => (values, at, called) => {
  const name = called('name')
  const arn = `arn:aws:iam::${at.account}:${kind}${typeof values.path === 'string' ? values.path : '/'}${name}`
  return { name, arn, id: kind === 'policy' ? arn : name }
}

const regional = (service: string, prefix = ''): Identities => (_, at, called) => {
  const name = called('name')
  return { name, arn: `arn:aws:${service}:${at.region}:${at.account}:${prefix}${name}` }
}

const keyArn = (at: Place, id: string): string => `arn:aws:kms:${at.region}:${at.account}:key/${id}`

const key: Identities = (_, at, called) => {
  const id = called('key_id')
  return { key_id: id, id, arn: keyArn(at, id) }
}

const bucket: Identities = (_, __, called) => {
  const name = called('bucket')
  return { bucket: name, id: name, arn: `arn:aws:s3:::${name}` }
}

const managed: Readonly<Record<string, Identities>> = {
  aws_s3_bucket: bucket,
  aws_iam_role: iam('role'), aws_iam_policy: iam('policy'), aws_iam_user: iam('user'), aws_iam_group: iam('group'),
  aws_iam_instance_profile: iam('instance-profile'),
  aws_iam_service_linked_role: (values, at, called) => {
    const service = String(values.aws_service_name)
    const name = serviceRoles[service] ?? called('name')
    const path = `/aws-service-role/${service}/`
    const arn = `arn:aws:iam::${at.account}:role${path}${name}`
    return { name, path, arn, id: arn }
  },
  aws_kms_key: key, aws_kms_replica_key: key, aws_kms_external_key: key,
  aws_kms_alias: (values, at, called) => {
    const name = called('name')
    const target = values.target_key_id
    return {
      name, id: name, arn: `arn:aws:kms:${at.region}:${at.account}:${name}`,
      ...(typeof target === 'string' && { target_key_arn: target.startsWith('arn:') ? target : keyArn(at, target) }),
    }
  },
  aws_sns_topic: (values, at, called) => {
    const { name, arn } = regional('sns')(values, at, called)
    return { name: name ?? null, arn: arn ?? null, id: arn ?? null }
  },
  aws_cloudwatch_log_group: (values, at, called) => ({ ...regional('logs', 'log-group:')(values, at, called), id: called('name') }),
  aws_cloudwatch_event_rule: (values, at, called) => ({ ...regional('events', 'rule/')(values, at, called), id: called('name') }),
  aws_ecs_cluster: (values, at, called) => {
    const found = regional('ecs', 'cluster/')(values, at, called)
    return { ...found, id: found.arn ?? null }
  },
}

const data: Readonly<Record<string, Identities>> = {
  aws_caller_identity: (_, at) => ({ account_id: at.account, id: at.account }),
  aws_region: (_, at) => ({ region: at.region, name: at.region, id: at.region }),
  aws_partition: () => ({ partition: 'aws', id: 'aws', dns_suffix: 'amazonaws.com' }),
  aws_iam_policy_document: values => ({ json: policyDocument(values) }),
  aws_s3_bucket: bucket,
  aws_sns_topic: (values, at, called) => managed.aws_sns_topic?.(values, at, called) ?? {},
}

/** The attributes of one resource that its own values decide: `arn`, `id`, names. Known values are never replaced. */
export function identities(mode: 'managed' | 'data', type: string, address: string, values: Values, at: Place): Values {
  const of = (mode === 'data' ? data : managed)[type]
  if (!of) return {}
  const called = (attribute: string) => {
    const value: Value | undefined = values[attribute]
    return typeof value === 'string' && value !== '' ? value : symbol(address, attribute)
  }
  const found = of(values, at, called)
  // a name that is configured, but by an expression we cannot follow, stays Unresolved in the resource itself
  const unknown = Object.entries(values).filter(([name, value]) => name in found && isUnresolved(value))
  return { ...found, ...Object.fromEntries(unknown) }
}
