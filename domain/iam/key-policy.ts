/** KMS writes this when a key is made without a policy (KMS Developer Guide, "Default key policy"): every IAM administrator of the account then controls the key. */
export const defaultKeyPolicy = (account: string) =>
  ({ Version: '2012-10-17', Statement: [{ Sid: 'Enable IAM User Permissions', Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*', Resource: '*' }] })
