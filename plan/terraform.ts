/** What the plan's Terraform must hold (plan, Phase 3 and 4; requirements … R-098). */

/** The eleven resources of video-visits.tf, by type; a module may hold more, and may split them. */
export const resources = [
  'aws_kms_key', 'aws_kms_alias', 'aws_s3_bucket', 'aws_s3_bucket_versioning', 'aws_s3_bucket_server_side_encryption_configuration',
  'aws_s3_bucket_object_lock_configuration', 'aws_s3_bucket_lifecycle_configuration', 'aws_s3_bucket_public_access_block',
  'aws_s3_bucket_policy', 'aws_iam_policy', 'aws_iam_role_policy_attachment',
] as const
export const variables = ['connect_instance_id', 'connect_video_queue_id'] as const
export const outputs = ['video_recordings_bucket_name', 'video_recordings_bucket_arn', 'video_recordings_kms_key_id', 'video_recordings_kms_key_arn'] as const
export const environment = ['VIDEO_RECORDINGS_BUCKET', 'VIDEO_KMS_KEY_ID', 'CHIME_SDK_ENABLED', 'CONNECT_INSTANCE_ID'] as const

/** Types that no plan may destroy, replace or forget. */
export const irreplaceable = ['aws_s3_bucket', 'aws_kms_key', 'aws_db_instance', 'aws_rds_cluster', 'aws_cloudtrail', 'aws_cloudwatch_log_group'] as const
