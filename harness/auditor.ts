/** The IAM policies that Visitgate's own identities need: the auditor's derived from the calls that read-only observers declare, the probe's by hand. */
import { iamAction, needsPermission } from '#domain/permissions.ts'
import type { Observers } from './ledger.ts'

/** Reading these would be reading PHI or secrets; denied whatever else is attached to the auditor. */
export const neverRead: readonly string[] = [
  's3:GetObject', 's3:GetObjectVersion', 's3:GetObjectTorrent', 'kms:Decrypt', 'kms:ReEncryptFrom', 'kms:CreateGrant', 'secretsmanager:GetSecretValue', 'ssm:GetParameter', 'ssm:GetParameters',
  'ssm:GetParametersByPath', 'logs:GetLogEvents', 'logs:FilterLogEvents', 'logs:StartQuery', 'logs:Unmask', 'rds-data:ExecuteStatement', 'connect:GetContactAttributes', 'ecs:ExecuteCommand',
]

interface Statement { readonly Sid: string; readonly Effect: 'Allow' | 'Deny'; readonly Action: readonly string[]; readonly Resource: string | readonly string[] }
export interface PolicyDocument { readonly Version: '2012-10-17'; readonly Statement: readonly Statement[] }
const document = (...Statement: readonly Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement })
const allow = (Sid: string, Action: readonly string[], Resource: string | readonly string[]): Statement => ({ Sid, Effect: 'Allow', Action, Resource })

/** What observers of class A and B call, each once, in order. */
export const auditorCalls = (observers: Observers): readonly string[] =>
  [...new Set([...observers.values()].filter((observer) => observer.safety <= 'B').flatMap((observer) => observer.calls))].filter(needsPermission).sort()

/**
 * @param calls as observers declare them ('S3.GetBucketPolicy')
 * @param roles ARNs of the probe and log-auditor roles that the auditor may take; none: it only reads
 * Throws when there are no calls (an auditor without permissions would prove nothing), or when one needs what the auditor must never have.
 */
export function auditorPolicy(calls: readonly string[], roles: readonly string[]): PolicyDocument {
  const actions = [...new Set(calls.filter(needsPermission).map(iamAction))].sort()
  if (actions.length === 0) throw new Error('no observer declares a call: the auditor would be allowed nothing')
  const never = actions.filter((action) => neverRead.includes(action))
  if (never.length > 0) throw new Error(`an observer of class A or B declares ${never.join(', ')}, which the auditor must never do: make it a probe`)
  return document(
    allow('ReadConfiguration', actions, '*'),
    ...(roles.length === 0 ? [] : [allow('AssumeProbes', ['sts:AssumeRole'], roles)]),
    { Sid: 'NeverReadPhiOrSecrets', Effect: 'Deny', Action: neverRead, Resource: '*' },
  )
}

/** The probe's: deletion and bypass are granted on purpose, on the canary bucket only, so that a refusal proves the lock and not a missing grant. */
export const probePolicy = (canary: string, recordingsKey: string): PolicyDocument => document(
  allow('CanaryBucket', ['s3:ListBucket', 's3:ListBucketVersions', 's3:GetBucketObjectLockConfiguration'], `arn:aws:s3:::${canary}`),
  allow('CanaryObjects', ['s3:PutObject', 's3:PutObjectRetention', 's3:GetObjectRetention', 's3:PutObjectLegalHold', 's3:GetObjectLegalHold', 's3:GetObject', 's3:GetObjectVersion', 's3:DeleteObject',
    's3:DeleteObjectVersion', 's3:BypassGovernanceRetention'], `arn:aws:s3:::${canary}/*`),
  allow('RoundTrip', ['kms:GenerateDataKey', 'kms:Decrypt'], recordingsKey),
)
