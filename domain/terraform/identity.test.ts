import { expect, test } from 'vitest'
import { identities } from './identity.ts'
import type { Values } from './value.ts'

const at = { account: '111122223333', region: 'us-east-1' }

test.each<[string, string, Values, Values]>([
  ['managed', 'aws_s3_bucket', { bucket: 'b' }, { bucket: 'b', id: 'b', arn: 'arn:aws:s3:::b' }],
  ['managed', 'aws_s3_bucket', {}, { bucket: '<a.x.bucket>', id: '<a.x.bucket>', arn: 'arn:aws:s3:::<a.x.bucket>' }],
  ['managed', 'aws_s3_bucket', { bucket: { unresolved: 'e' } }, { bucket: { unresolved: 'e' }, id: '<a.x.bucket>', arn: 'arn:aws:s3:::<a.x.bucket>' }],
  ['managed', 'aws_iam_role', { name: 'r' }, { name: 'r', id: 'r', arn: 'arn:aws:iam::111122223333:role/r' }],
  ['managed', 'aws_iam_role', { name: 'r', path: '/app/' }, { name: 'r', id: 'r', arn: 'arn:aws:iam::111122223333:role/app/r' }],
  ['managed', 'aws_iam_role', { name_prefix: 'r-' }, { name: '<a.x.name>', id: '<a.x.name>', arn: 'arn:aws:iam::111122223333:role/<a.x.name>' }],
  ['managed', 'aws_iam_policy', { name: 'p' }, { name: 'p', id: 'arn:aws:iam::111122223333:policy/p', arn: 'arn:aws:iam::111122223333:policy/p' }],
  ['managed', 'aws_iam_user', { name: 'u' }, { name: 'u', id: 'u', arn: 'arn:aws:iam::111122223333:user/u' }],
  ['managed', 'aws_iam_service_linked_role', { aws_service_name: 'mediapipelines.chime.amazonaws.com' }, {
    name: 'AWSServiceRoleForAmazonChimeSDKMediaPipelines', path: '/aws-service-role/mediapipelines.chime.amazonaws.com/',
    arn: 'arn:aws:iam::111122223333:role/aws-service-role/mediapipelines.chime.amazonaws.com/AWSServiceRoleForAmazonChimeSDKMediaPipelines',
    id: 'arn:aws:iam::111122223333:role/aws-service-role/mediapipelines.chime.amazonaws.com/AWSServiceRoleForAmazonChimeSDKMediaPipelines',
  }],
  ['managed', 'aws_kms_key', {}, { key_id: '<a.x.key_id>', id: '<a.x.key_id>', arn: 'arn:aws:kms:us-east-1:111122223333:key/<a.x.key_id>' }],
  ['managed', 'aws_kms_alias', { name: 'alias/k', target_key_id: '<k.key_id>' }, {
    name: 'alias/k', id: 'alias/k', arn: 'arn:aws:kms:us-east-1:111122223333:alias/k', target_key_arn: 'arn:aws:kms:us-east-1:111122223333:key/<k.key_id>',
  }],
  ['managed', 'aws_sns_topic', { name: 't' }, { name: 't', id: 'arn:aws:sns:us-east-1:111122223333:t', arn: 'arn:aws:sns:us-east-1:111122223333:t' }],
  ['managed', 'aws_cloudwatch_log_group', { name: '/g' }, { name: '/g', id: '/g', arn: 'arn:aws:logs:us-east-1:111122223333:log-group:/g' }],
  ['managed', 'aws_cloudwatch_event_rule', { name: 'r' }, { name: 'r', id: 'r', arn: 'arn:aws:events:us-east-1:111122223333:rule/r' }],
  ['managed', 'aws_ecs_cluster', { name: 'c' }, { name: 'c', id: 'arn:aws:ecs:us-east-1:111122223333:cluster/c', arn: 'arn:aws:ecs:us-east-1:111122223333:cluster/c' }],
  ['managed', 'aws_db_instance', { identifier: 'd' }, {}],
  ['data', 'aws_caller_identity', {}, { account_id: '111122223333', id: '111122223333' }],
  ['data', 'aws_region', {}, { region: 'us-east-1', name: 'us-east-1', id: 'us-east-1' }],
  ['data', 'aws_partition', {}, { partition: 'aws', id: 'aws', dns_suffix: 'amazonaws.com' }],
  ['data', 'aws_s3_bucket', { bucket: 'b' }, { bucket: 'b', id: 'b', arn: 'arn:aws:s3:::b' }],
  ['data', 'aws_iam_role', { name: 'r' }, {}], // its path is not known
])('%s %s %j', (mode, type, values, wanted) =>
  expect(identities(mode as 'managed' | 'data', type, 'a.x', values, at)).toEqual(wanted))
