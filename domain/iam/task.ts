/** What the task role may do, with everything that speaks for or against it. Pure. */
import type { Observed, Why } from '#harness/kernel.ts'
import type { Plan } from '#plan/expect.ts'
import { resourceOf } from '#plan/roles.ts'
import type { Grants, Role } from '#facts/roles.ts'
import { evaluate, parsePolicy, type Effect } from '../iam.ts'
import { generous } from './generous.ts'
import { witnesses } from './witness.ts'

/** Documents and places are as observed: one that is not known makes unknown only what hangs on it. */
export interface Speaking {
  readonly role: Role
  readonly grants: Grants
  readonly bucket: Observed<{ readonly arn: string } | null> // null: there is none
  readonly policy: Observed<unknown> // of the bucket; null: none
  readonly recordingsKey: Observed<{ readonly arn: string } | null>
  readonly signingKey: Observed<{ readonly arn: string } | null>
  readonly recordingsPolicy: Observed<unknown>
  readonly signingPolicy: Observed<unknown>
}
export interface Tried { readonly at: string; readonly resource: string; readonly effect: Effect; readonly say: string; readonly why?: Why }

type Place = 'bucket' | 'recordingsKey' | 'signingKey'
const placeOf: Readonly<Record<string, Place>> = { bucket: 'bucket', recording: 'bucket', 'app-object': 'bucket', 'recordings-key': 'recordingsKey', 'signing-key': 'signingKey' }
const documentOf = { bucket: 'policy', recordingsKey: 'recordingsPolicy', signingKey: 'signingPolicy' } as const
const causeOf: Readonly<Record<Place, string>> = { bucket: 'recordings.bucket', recordingsKey: 'keys.recordings', signingKey: 'keys.signing' }
/** Never asked for: a permission whose place is not known has returned before. */
const nowhere = { bucket: 'arn:aws:s3:::unknown-bucket', recordingsKey: 'arn:aws:kms:us-east-1:000000000000:key/unknown', signingKey: 'arn:aws:kms:us-east-1:000000000000:key/unknown' } as const

const documentsOf = ({ grants }: Pick<Speaking, 'grants'>): readonly unknown[] => [...grants.attached, ...grants.inline].map((policy) => policy.document)

/**
 * One permission of plan/roles.ts, tried as the task asks for it: over TLS, data keys through S3, signatures as ES256, mail from our address.
 * `anyhow`: the question is whether it may at all, so conditions of an Allow are taken as met.
 * On "anything" it is tried wherever a statement that holds the action speaks of, and the worst counts.
 */
export function tryTask(speaking: Speaking, { action, on }: { action: string; on: string }, plan: Plan, anyhow = false): Tried {
  const place = placeOf[on]
  const seen = place === undefined ? undefined : speaking[place]
  if (seen !== undefined && (!seen.ok || seen.value === null)) {
    const at = `${action} on any ${on.replaceAll('-', ' ')}`
    if (!seen.ok) return { at, resource: '', effect: 'unknown', say: seen.why.say, why: seen.why }
    const why: Why = { kind: 'cause', say: `there is no ${on.replaceAll('-', ' ')}`, next: 'settle that first', cause: causeOf[place!] }
    return witnesses(documentsOf(speaking), action).length > 0 ? { at, resource: '', effect: 'unknown', say: why.say, why } : { at, resource: '', effect: 'implicit-deny', say: 'nothing allows it' }
  }
  const arn = (name: Place) => (speaking[name].ok ? speaking[name].value?.arn : undefined) ?? nowhere[name]
  const asked = resourceOf(on, plan, { bucket: arn('bucket'), recordingsKey: arn('recordingsKey'), signingKey: arn('signingKey') })
  const tries = (asked === '*' ? ['*', ...witnesses(documentsOf(speaking), action)] : [asked]).map((resource) => ({ resource, ...decide(speaking, place, action, resource, plan, anyhow) }))
  const { resource, effect, say } = tries.find((one) => one.effect === 'allow') ?? tries.find((one) => one.effect === 'unknown') ?? tries[0]!
  const document = place === undefined ? undefined : speaking[documentOf[place]]
  return { ...(effect === 'unknown' && document?.ok === false ? { why: document.why } : {}), at: `${action} on ${asked === '*' ? 'anything' : asked}`, resource: asked, effect, say: effect === 'allow' && resource !== asked ? `${say} (on ${resource})` : say }
}

function decide(speaking: Speaking, place: Place | undefined, action: string, resource: string, plan: Plan, anyhow: boolean): { effect: Effect; say: string } {
  const own = place === undefined ? undefined : speaking[documentOf[place]]
  const document = own === undefined ? null : own.ok ? own.value : { unresolved: own.why.say } // an unknown policy may allow or deny
  return evaluate({ principal: { kind: 'role', arn: speaking.role.arn }, action, resource, context: { 'aws:SecureTransport': 'true', 'aws:RequestedRegion': plan.region, ...ownContext(action, place, speaking, plan) } }, {
    ...(anyhow ? generousIdentity(speaking) : identity(speaking)), ...(document === null ? {} : { resource: anyhow ? generous(parsePolicy(document)) : parsePolicy(document) }),
    resourceAccount: plan.account, kind: place === 'bucket' ? 'bucket' : /^arn:[^:]+:kms:/.test(resource) && place !== undefined ? 'key' : 'other',
  })
}
const generousIdentity = (speaking: Speaking) => { const own = identity(speaking); return { ...own, identity: own.identity.map((policy) => generous(policy)) } }
const identity = ({ role, grants }: Pick<Speaking, 'role' | 'grants'>) =>
  ({ identity: documentsOf({ grants }).map(parsePolicy), ...(role.boundary === null ? {} : { boundary: parsePolicy(role.boundary) }) })

/** What IAM's own simulator should say (SimulatePrincipalPolicy without context entries): identity policies and boundary alone. null: own evaluation cannot tell. */
export function simulatedAs(speaking: Pick<Speaking, 'role' | 'grants'>, action: string, resource: string, plan: Plan): 'allowed' | 'explicitDeny' | 'implicitDeny' | null {
  const { effect } = evaluate({ principal: { kind: 'role', arn: speaking.role.arn }, action, resource, context: {} }, { ...identity(speaking), resourceAccount: plan.account })
  return effect === 'unknown' ? null : effect === 'allow' ? 'allowed' : effect === 'deny' ? 'explicitDeny' : 'implicitDeny'
}

function ownContext(action: string, place: Place | undefined, { bucket }: Speaking, plan: Plan): Record<string, string> {
  if (action === 'kms:Sign' && place === 'signingKey') return { 'kms:SigningAlgorithm': 'ECDSA_SHA_256', 'kms:MessageType': 'DIGEST' }
  if (/^kms:(Decrypt|GenerateDataKey)$/.test(action)) return { 'kms:ViaService': `s3.${plan.region}.amazonaws.com`, ...(bucket.ok && bucket.value !== null ? { 'kms:EncryptionContext:aws:s3:arn': bucket.value.arn } : {}) }
  if (action.startsWith('ses:')) return plan.target.messaging === undefined ? {} : { 'ses:FromAddress': plan.mail.from }
  if (action === 's3:ListBucket') return { 's3:prefix': 'recordings/' }
  if (action.startsWith('connect:')) return { 'connect:InstanceId': plan.connect.instanceId }
  return {}
}
