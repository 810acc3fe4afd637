import { expect, test } from 'vitest'
import { parseBody } from './body.ts'
import { buildModule } from './module.ts'
import { unknowns } from './value.ts'

const documents = (source: string) => {
  const { resources } = buildModule({ hcl: [{ path: 'main.tf', body: parseBody(source) }] })
  return Object.fromEntries(resources.map(({ name, values }) => [name, values.json]))
}

// what the AWS provider 5.100.0 made of these documents (it sorts lists of identifiers the other way round)
test('documents as the provider writes them', () => {
  expect(documents(`
data "aws_iam_policy_document" "base" {
  policy_id = "base"
  statement {
    sid       = "One"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*", "arn:aws:s3:::b"]
  }
  statement {
    sid           = "Two"
    effect        = "Deny"
    not_actions   = ["iam:*"]
    not_resources = ["*"]
  }
}
data "aws_iam_policy_document" "merged" {
  source_policy_documents   = [data.aws_iam_policy_document.base.json, ""]
  override_policy_documents = [jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "Two", Effect = "Allow", Action = "s3:PutObject", Resource = "*" }] })]
  statement {
    sid       = "One"
    actions   = ["s3:ListBucket"]
    resources = ["arn:aws:s3:::$\${aws:username}", "arn:aws:s3:::&{aws:username}"]
  }
  statement {
    actions   = ["s3:PutObject"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:root"]
    }
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:role/r"]
    }
    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = ["111122223333"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = ["444455556666"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = [false]
    }
  }
}
data "aws_iam_policy_document" "people" {
  statement {
    actions = ["*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
  statement {
    actions = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
  statement {
    actions = ["*"]
    not_principals {
      type        = "AWS"
      identifiers = ["a", "b"]
    }
  }
}
data "aws_iam_policy_document" "empty" {}
`)).toEqual({
    base: {
      Version: '2012-10-17', Id: 'base', Statement: [
        { Sid: 'One', Effect: 'Allow', Action: 's3:GetObject', Resource: ['arn:aws:s3:::b/*', 'arn:aws:s3:::b'] },
        { Sid: 'Two', Effect: 'Deny', NotAction: 'iam:*', NotResource: '*' },
      ],
    },
    merged: {
      Version: '2012-10-17', Id: 'base', Statement: [
        { Sid: 'One', Effect: 'Allow', Action: 's3:ListBucket', Resource: ['arn:aws:s3:::${aws:username}', 'arn:aws:s3:::${aws:username}'] },
        { Sid: 'Two', Effect: 'Allow', Action: 's3:PutObject', Resource: '*' },
        {
          Effect: 'Allow', Action: 's3:PutObject', Resource: '*',
          Principal: { AWS: ['arn:aws:iam::111122223333:root', 'arn:aws:iam::111122223333:role/r'], Service: 's3.amazonaws.com' },
          Condition: { Bool: { 'aws:SecureTransport': 'false' }, StringEquals: { 'aws:SourceAccount': ['111122223333', '444455556666'] } },
        },
      ],
    },
    people: {
      Version: '2012-10-17', Statement: [
        { Effect: 'Allow', Action: '*', Principal: '*' },
        { Effect: 'Allow', Action: '*', Principal: { AWS: '*' } },
        { Effect: 'Allow', Action: '*', NotPrincipal: { AWS: ['a', 'b'] } },
      ],
    },
    empty: { Version: '2012-10-17' },
  })
})

test.each([
  ['resources = local.lost', 'statement { \n actions = ["a"] \n resources = local.lost \n }'],
  ['one of several resources', 'statement { \n actions = ["a"] \n resources = ["x", local.lost] \n }'],
  ['the type of a principal', 'statement { \n actions = ["a"] \n principals { \n type = local.lost \n identifiers = ["*"] \n } \n }'],
  ['the variable of a condition', 'statement { \n actions = ["a"] \n condition { \n test = "Bool" \n variable = local.lost \n values = ["x"] \n } \n }'],
  ['a dynamic statement', 'dynamic "statement" { \n for_each = local.lost \n content { \n actions = ["a"] \n } \n }'],
  ['a source document', 'source_policy_documents = [local.lost]'],
  ['a source that is not JSON', 'source_policy_documents = ["not json"]'],
])('what is unknown stays in the document: %s', (_, inner) => {
  const { d } = documents(`locals {\n  lost = md5("x")\n}\ndata "aws_iam_policy_document" "d" {\n${inner}\n}`)
  expect(d).toHaveProperty('Statement')
  expect(unknowns(d).length).toBe(1)
})
