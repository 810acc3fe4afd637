/** The auditor's IAM policy, derived from the calls that read-only observers declare: no permission stands in it that nothing needs. */
import { iamAction, needsPermission } from '#domain/permissions.ts'
import type { Observers } from './ledger.ts'

/** Reading these would be reading PHI or secrets; denied whatever else is attached to the auditor. */
export const neverRead: readonly string[] = [
  's3:GetObject', 's3:GetObjectVersion', 's3:GetObjectTorrent', 'kms:Decrypt', 'kms:ReEncryptFrom', 'kms:CreateGrant', 'secretsmanager:GetSecretValue', 'ssm:GetParameter', 'ssm:GetParameters',
  'ssm:GetParametersByPath', 'logs:GetLogEvents', 'logs:FilterLogEvents', 'logs:StartQuery', 'logs:Unmask', 'rds-data:ExecuteStatement', 'connect:GetContactAttributes', 'ecs:ExecuteCommand',
]

export const auditorCalls = (observers: Observers): readonly string[] =>
  [...new Set([...observers.values()].filter((observer) => observer.safety <= 'B').flatMap((observer) => observer.calls))].filter(needsPermission).sort()

export function auditorPolicy(observers: Observers): object {
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'ReadConfiguration', Effect: 'Allow', Action: [...new Set(auditorCalls(observers).map(iamAction))].sort(), Resource: '*' },
      { Sid: 'NeverReadPhiOrSecrets', Effect: 'Deny', Action: neverRead, Resource: '*' },
    ],
  }
}
