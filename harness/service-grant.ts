/** Claims that an AWS service may do something for us and for nobody else. */
import type { Claim } from './kernel.ts'
import { evaluate, parsePolicy } from '#domain/iam.ts'
import { afterApply, holds, notKnown } from './claim.ts'

/** @param asked the service, what it does on what, and the account whose meetings it records */
export function serviceGrant(document: unknown, asked: { service: string; action: string; resource: string; account: string; region: string; kind: 'bucket' | 'key' }): readonly Claim[] {
  const policy = parsePolicy(document)
  const ask = (account: string, at: string, want: 'allow' | 'implicit-deny') => {
    const context = { 'aws:SecureTransport': 'true', 'aws:SourceAccount': account, 'aws:SourceArn': `arn:aws:chime:${asked.region}:${account}:media-pipeline/synthetic` }
    const { effect, say } = evaluate({ principal: { kind: 'service', service: asked.service }, action: asked.action, resource: asked.resource, context }, { resource: policy, resourceAccount: asked.account, kind: asked.kind })
    if (effect === 'unknown') return notKnown(at, want, afterApply(say, at))
    return holds(at, want === 'allow' ? effect === 'allow' : effect !== 'allow', want === 'allow' ? 'allowed' : 'refused', effect === 'allow' ? 'allowed' : 'refused')
  }
  return [
    ask(asked.account, `${asked.action} by ${asked.service} for this account`, 'allow'),
    ask('999999999999', `${asked.action} by ${asked.service} for another account`, 'implicit-deny'),
  ]
}
