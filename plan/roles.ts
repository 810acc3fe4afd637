/**
 * What the ECS task role must and must not be able to do (requirements R-080 … ).
 * Resource types follow AWS's service authorization reference; `scopable: false` means that the reference gives no resource type, so "*" is right.
 * Resources are patterns over names that the target and the observed system fill in: see resourcesOf().
 */
import type { Plan } from '#plan/expect.ts'
import { configurationActions } from './recordings.ts'

export type Path = 'chime' | 'connect' | 'both'
export interface Permission { readonly action: string; readonly on: string; readonly path: Path; readonly scopable: boolean; readonly optional?: true; readonly context?: Readonly<Record<string, string>> }

/** Names a permission's resource is made of; ARNs come from the observed bucket and keys, so that symbolic ones work as well. */
export interface Places { readonly bucket: string; readonly recordingsKey: string; readonly signingKey: string }

const needed = (path: Path, on: string, ...actions: string[]): Permission[] => actions.map((action) => ({ action, on, path, scopable: on !== '*' }))

export const required: readonly Permission[] = [
  ...needed('chime', '*', 'chime:CreateMeeting', 'chime:CreateMediaCapturePipeline'),
  ...needed('chime', 'meeting', 'chime:GetMeeting', 'chime:DeleteMeeting', 'chime:CreateAttendee', 'chime:GetAttendee', 'chime:DeleteAttendee', 'chime:ListAttendees'),
  ...needed('chime', 'media-pipeline', 'chime:DeleteMediaPipeline', 'chime:GetMediaPipeline'),
  ...needed('chime', 'bucket', 's3:GetBucketPolicy'), // Chime SDK guide: the caller of CreateMediaCapturePipeline needs it
  ...needed('connect', 'contact-flow', 'connect:StartWebRTCContact'),
  ...needed('connect', 'contact', 'connect:StopContact', 'connect:DescribeContact'),
  ...needed('connect', 'queue', 'connect:DescribeQueue', 'connect:GetCurrentMetricData'),
  ...needed('connect', 'queues', 'connect:ListQueues'),
  ...needed('connect', 'instance', 'connect:DescribeInstance'),
  ...needed('both', 'signing-key', 'kms:Sign', 'kms:GetPublicKey', 'kms:DescribeKey'),
  ...needed('both', 'recordings-key', 'kms:GenerateDataKey', 'kms:Decrypt'),
  ...needed('both', 'app-object', 's3:PutObject', 's3:AbortMultipartUpload'),
  ...needed('both', 'recording', 's3:GetObject'),
  ...needed('both', 'bucket', 's3:ListBucket'),
  ...needed('both', 'identity', 'ses:SendEmail'),
  ...needed('both', 'pool', 'sms-voice:SendTextMessage'),
]

const forbid = (on: string, ...actions: string[]) => actions.map((action) => ({ action, on }))

/** About 110 pairs of action and resource: deletion, lock and policy change, key administration, identity, administration, evidence. */
export const forbidden: readonly { readonly action: string; readonly on: string }[] = [
  ...forbid('recording', 's3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention', 's3:PutObjectRetention', 's3:PutObjectLegalHold', 's3:PutObjectAcl', 's3:GetObjectVersion'),
  ...forbid('bucket', ...configurationActions),
  ...forbid('other-object', 's3:GetObject', 's3:PutObject'), ...forbid('other-bucket', 's3:ListBucket'),
  ...['recordings-key', 'signing-key'].flatMap((key) => forbid(key, 'kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:PutKeyPolicy', 'kms:CreateGrant', 'kms:RevokeGrant',
    'kms:DisableKeyRotation', 'kms:UpdateAlias', 'kms:DeleteAlias', 'kms:ReEncryptFrom', 'kms:ReplicateKey')),
  ...forbid('recordings-key', 'kms:Sign'),
  ...['signing-key', 'other-key'].flatMap((key) => forbid(key, 'kms:Decrypt', 'kms:GenerateDataKey')),
  ...forbid('anything', 'iam:PassRole', 'iam:CreateRole', 'iam:AttachRolePolicy', 'iam:PutRolePolicy', 'iam:CreatePolicyVersion', 'iam:UpdateAssumeRolePolicy', 'iam:CreateAccessKey', 'iam:CreateServiceLinkedRole', 'sts:AssumeRole'),
  ...['instance', 'contact'].flatMap((on) => forbid(on, 'connect:CreateUser', 'connect:UpdateContactFlowContent', 'connect:AssociateApprovedOrigin', 'connect:AssociateInstanceStorageConfig',
    'connect:DisassociateInstanceStorageConfig', 'connect:UpdateInstanceAttribute', 'connect:GetFederationToken', 'connect:ListUsers', 'connect:SearchContacts', 'connect:GetContactAttributes')),
  ...forbid('anything', 'chime:CreateMediaLiveConnectorPipeline', 'chime:CreateMediaInsightsPipeline', 'chime:StartMeetingTranscription', 'chime:CreateSipMediaApplicationCall', 'chime:ListMeetings'),
  ...forbid('anything', 'ses:CreateEmailIdentity', 'ses:PutAccountDetails', 'ses:DeleteEmailIdentity', 'sns:CreateTopic', 'sns:Subscribe', 'sns:AddPermission'),
  ...forbid('feedback-topic', 'sns:Publish'),
  ...forbid('anything', 'cloudtrail:StopLogging', 'cloudtrail:DeleteTrail', 'cloudtrail:PutEventSelectors', 'logs:DeleteLogGroup', 'logs:DeleteLogStream', 'logs:PutRetentionPolicy',
    'config:StopConfigurationRecorder', 'guardduty:DeleteDetector', 'cloudwatch:DeleteAlarms', 'events:DisableRule'),
  ...forbid('anything', 'rds:DeleteDBInstance', 'rds:ModifyDBInstance', 'rds:ModifyDBSnapshotAttribute', 'ecs:ExecuteCommand', 'ecs:RunTask', 'ecs:UpdateService', 'amplify:UpdateBranch',
    'secretsmanager:PutSecretValue', 'ssm:GetParametersByPath', 'backup:DeleteRecoveryPoint'),
  ...forbid('other-secret', 'secretsmanager:GetSecretValue'),
]

/** The other half of the two meeting designs is forbidden as soon as the target has chosen one. */
export const unchosen = (plan: Plan) => required.filter((permission) => permission.path !== 'both' && permission.path !== plan.meetings && permission.action.split(':')[0] !== 's3')
export const chosen = (plan: Plan) => required.filter((permission) => permission.path === 'both' || permission.path === plan.meetings)

/** The concrete ARN that a permission is tried on. */
export function resourceOf(on: string, plan: Plan, places: Places): string {
  const arn = (service: string, resource: string) => `arn:aws:${service}:${plan.region}:${plan.account}:${resource}`
  const instance = () => arn('connect', `instance/${plan.connect.instanceId}`)
  switch (on) {
    case '*': case 'anything': return '*'
    case 'bucket': return places.bucket
    case 'recording': return `${places.bucket}/recordings/synthetic`
    case 'app-object': return `${places.bucket}/app/synthetic`
    case 'recordings-key': return places.recordingsKey
    case 'signing-key': return places.signingKey
    case 'other-key': return arn('kms', 'key/00000000-0000-0000-0000-000000000000')
    case 'other-bucket': return 'arn:aws:s3:::some-other-bucket'
    case 'other-object': return 'arn:aws:s3:::some-other-bucket/synthetic'
    case 'other-secret': return arn('secretsmanager', 'secret:some-other')
    case 'meeting': return arn('chime', 'meeting/synthetic')
    case 'media-pipeline': return arn('chime', 'media-pipeline/synthetic')
    case 'contact-flow': return `${instance()}/contact-flow/${plan.connect.contactFlowId}`
    case 'contact': return `${instance()}/contact/synthetic`
    case 'queue': return `${instance()}/queue/${plan.connect.queueId}`
    case 'queues': return `${instance()}/queue/*`
    case 'instance': return instance()
    case 'identity': return arn('ses', `identity/${plan.mail.domain}`)
    case 'pool': return arn('sms-voice', `pool/${plan.mail.pool}`)
    case 'feedback-topic': return arn('sns', `${plan.naming.prefix}-ses-notifications-${plan.naming.environment}`)
    default: throw new Error(`plan/roles.ts: no resource is known for "${on}"`)
  }
}
