import { describe, expect, test } from 'vitest'
import * as repository from '#facts/repository.ts'
import { fakeAws, observerOf } from '#observers/fake-aws.ts'
import { commandsIn } from './commands.ts'
import list from './owners.observer.ts'

describe('commands that create what Terraform owns', () => {
  test.each([
    'aws s3 mb s3://recordings', 'aws s3api create-bucket --bucket x', 'aws --profile prod --region us-east-1 s3api put-bucket-policy --bucket x', 'aws s3api put-object-lock-configuration --bucket x',
    'aws kms create-key', 'aws kms create-alias --alias-name alias/x', 'aws iam create-policy --policy-name p', 'aws iam attach-role-policy --role-name r', 'aws cloudformation deploy --stack-name s',
    'npx cdk deploy', 'new CreateBucketCommand({ Bucket })', 'new s3.PutBucketEncryptionCommand({})', 'new CreateKeyCommand({})', 's3.createBucket({', 'kms.createAlias({', 'client.create_bucket(Bucket=b)',
    "boto3.client('iam').attach_role_policy(", 's3.put_bucket_lifecycle_configuration(', '    - run: aws kms schedule-key-deletion --key-id k',
  ])('%s', (line) => expect(commandsIn(line)).toHaveLength(1))
  test.each([
    'aws s3 ls', 'aws s3 cp a s3://b', 'aws s3api get-bucket-policy --bucket x', 'aws kms list-aliases', 'aws kms decrypt --ciphertext-blob x', 'terraform apply', '# aws s3 mb s3://x', '  // new CreateBucketCommand()',
    'new PutObjectCommand({})', 's3.putObject({', 'client.put_object(', 'aws s3api create-multipart-upload --bucket x', 'createBuckets(1)', 'echo aws; s3api create-bucket',
  ])('not: %s', (line) => expect(commandsIn(line)).toEqual([]))
  test('a command over several lines begins on its first', () => {
    expect(commandsIn('#!/bin/sh\naws s3api \\\n  create-bucket \\\n  --bucket x\necho done\naws kms create-key')).toEqual([
      { line: 2, command: 'aws s3api create-bucket --bucket x' }, { line: 6, command: 'aws kms create-key' },
    ])
  })
})

const observe = (files: Record<string, string>, repo: object = { repository: { path: 'repo', branch: 'main' } }) => fakeAws({}, { source: 'repo', files, target: repo }).observe(observerOf(list, repository.owners))
test.each([
  ['nothing to read', { 'repo/README.md': 'aws s3 mb s3://video' }, 0, []],
  ['a script of the video system', { 'repo/scripts/deploy-video.sh': '#!/bin/sh\naws s3 mb s3://x' }, 1, [{ file: 'scripts/deploy-video.sh', line: 2, command: 'aws s3 mb s3://x' }]],
  ['one that names it inside', { 'repo/Makefile': 'all:\n\taws s3 mb s3://telehealth-video-recordings-prod' }, 1, [{ file: 'Makefile', line: 2, command: 'aws s3 mb s3://telehealth-video-recordings-prod' }]],
  ['another service\'s', { 'repo/claims/deploy.sh': 'aws s3 mb s3://claims' }, 1, []],
  ['tests against an emulator', { 'repo/video/test/s3.ts': 'new CreateBucketCommand({})', 'repo/video/s3.test.ts': 'new CreateBucketCommand({})' }, 0, []],
])('%s', async (_, files, scanned, found) => expect(await observe(files)).toEqual({ scanned, found }))
test('no repository is named', async () => await expect(observe({}, { repository: undefined })).rejects.toMatchObject({ why: { kind: 'not-configured', cause: '/repository' } }))
