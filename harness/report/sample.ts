/** Made-up results in the shape of real ones, for the tests of the reports: 21 built checks, the rest of the ledger not built. */
import type { Check, CheckId, CheckMeta, Claim, Json, Line, ObservationId, Phase, PhaseVerdict, Row, RunResult, Severity, Source, Suite, Trial, Verdict, Why } from '../kernel.ts'
import { outcomes } from '../kernel.ts'
import { phases as planned } from '#plan/phases.ts'

const ok = (at: string, want: unknown, got: unknown = want): Claim => ({ at, want, got, holds: true })
const bad = (at: string, want: unknown, got: unknown, say?: string): Claim => ({ at, want, got, holds: false, ...(say ? { say } : {}) })
const t34 = ['tfplan@3', 'live@4'] as const

type Spec = readonly [id: CheckId, severity: Severity, where: readonly string[], requirements: readonly string[], hipaa: readonly string[], controls: readonly string[], facts: readonly string[], title: string, why: string, remedy: Check['remedy'], claims: readonly Claim[]]
const specs: readonly Spec[] = [
  ['infra/s3-bucket-identity', 'major', t34, ['R-061', 'R-063'], ['164.310(d)(1)'], ['CM-8', 'SC-7'], ['recordings.bucket'], 'The recordings bucket has the planned name, region, account and tags', 'Every other statement about recordings rests on looking at the right bucket.', { say: 'Create the bucket with the planned name in us-east-1 and set its four tags.', terraform: 'resource "aws_s3_bucket" "video_recordings" {\n  bucket = "${local.name_prefix}-video-recordings-${local.environment}-${random_id.suffix.hex}"\n}' }, [ok('name', '/^telehealth-video-recordings-prod-[0-9a-f]{8}$/', 'telehealth-video-recordings-prod-9f2c41aa'), ok('region', 'us-east-1'), ok('account', '111122223333'), ok('tags.Compliance', 'HIPAA')]],
  ['infra/s3-object-lock-enabled', 'blocker', t34, ['R-062', 'R-050'], ['164.312(c)(1)', '164.310(d)(2)(iv)'], ['CP-9', 'AU-9'], ['recordings.objectLock'], 'Object Lock is enabled on the bucket', 'Without Object Lock nothing stops the deletion of a recording.', { say: 'Enable Object Lock when the bucket is created.', terraform: 'object_lock_enabled = true', cli: 'aws s3api get-object-lock-configuration --bucket <bucket>' }, [ok('ObjectLockEnabled', 'Enabled')]],
  ['infra/s3-object-lock-compliance', 'blocker', t34, ['R-067'], ['164.312(c)(1)', '164.312(c)(2)'], ['AU-9', 'SI-12'], ['recordings.defaultRetention'], 'The default retention mode is COMPLIANCE', 'GOVERNANCE can be bypassed by whoever holds one permission.', { say: 'Set the default retention mode to COMPLIANCE.', terraform: 'default_retention { mode = "COMPLIANCE"  days = 2557 }' }, [ok('Mode', 'COMPLIANCE')]],
  ['infra/s3-object-lock-days', 'blocker', t34, ['R-068', 'R-009'], ['164.316(b)(2)(i)', '164.312(c)(1)'], ['SI-12', 'AU-11'], ['recordings.defaultRetention'], 'Recordings are locked for at least seven years', 'A recording that can be deleted before seven years breaks the retention promise.', { say: 'Set the default retention to 2557 days.', terraform: 'default_retention { mode = "COMPLIANCE"  days = 2557 }', cli: 'aws s3api put-object-lock-configuration --bucket <bucket> \\\n  --object-lock-configuration \'ObjectLockEnabled=Enabled,Rule={DefaultRetention={Mode=COMPLIANCE,Days=2557}}\'' }, [ok('Days', 'at least 2557', 2557)]],
  ['infra/s3-versioning-enabled', 'blocker', t34, ['R-064'], ['164.312(c)(1)'], ['AU-9.2', 'CP-9'], ['recordings.versioning'], 'Versioning is Enabled', 'An overwritten recording is a lost recording.', { say: 'Enable versioning.', terraform: 'versioning_configuration { status = "Enabled" }' }, [ok('Status', 'Enabled')]],
  ['infra/s3-sse-kms-cmk', 'blocker', t34, ['R-065', 'R-066'], ['164.312(a)(2)(iv)', '164.312(e)(2)(ii)'], ['SC-28', 'SC-28.1'], ['recordings.encryption', 'keys.recordings'], 'Default encryption is aws/kms with the recordings key', 'Only our own key lets us say who may read a recording.', { say: 'Name the recordings key in the default encryption.', terraform: 'kms_master_key_id = aws_kms_key.video_recordings.arn' }, [ok('SSEAlgorithm', 'aws:kms'), ok('KMSMasterKeyID', 'arn:aws:kms:us-east-1:111122223333:key/0b6e2a5d-5a0e-4d2e-9f0e-2f1f3f6f9b11'), ok('BucketKeyEnabled', true)]],
  ['infra/s3-public-access-block', 'blocker', t34, ['R-072'], ['164.312(a)(1)', '164.308(a)(3)(i)'], ['AC-3', 'AC-6'], ['recordings.publicAccess'], 'All four public-access blocks are on at bucket level', 'One statement too many must not make recordings public.', { say: 'Turn all four blocks on.', terraform: 'block_public_acls = true\nblock_public_policy = true\nignore_public_acls = true\nrestrict_public_buckets = true' }, ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'].map(at => ok(at, true))],
  ['infra/s3-policy-deny-insecure-transport', 'blocker', t34, ['R-073', 'R-187'], ['164.312(e)(1)', '164.312(e)(2)(i)'], ['SC-8', 'SC-8.1'], ['recordings.policy'], 'The bucket policy denies requests without TLS', 'A recording must not cross a network in the clear.', { say: 'Deny s3:* to everyone where aws:SecureTransport is false.', terraform: 'Condition = { Bool = { "aws:SecureTransport" = "false" } }' }, [ok('bucket', 'denied'), ok('objects', 'denied')]],
  ['infra/s3-policy-deny-delete', 'blocker', t34, ['R-074'], ['164.312(c)(1)', '164.308(a)(7)(ii)(A)'], ['AU-9', 'CP-9.8'], ['recordings.policy'], 'The policy denies deleting objects and versions', 'The lock protects versions; the Deny also protects what is not locked yet.', { say: 'Add s3:DeleteObjectVersion to the Deny.', terraform: 'Action = ["s3:DeleteObject", "s3:DeleteObjectVersion"]' }, [ok('s3:DeleteObject', 'denied'), ok('s3:DeleteObjectVersion', 'denied')]],
  ['infra/s3-policy-media-pipeline-grant', 'blocker', t34, ['R-075', 'R-006'], ['164.312(a)(1)'], ['AC-3', 'AC-4'], ['recordings.policy'], 'The Chime media pipeline may write recordings', 'Without this grant not one recording is ever stored.', { say: 'Allow mediapipelines.chime.amazonaws.com to put objects, bound to our account.', terraform: 'Principal = { Service = "mediapipelines.chime.amazonaws.com" }\nAction    = ["s3:PutObject", "s3:PutObjectAcl"]' }, [ok('s3:PutObject', 'allowed'), ok('s3:PutObjectAcl', 'allowed')]],
  ['infra/s3-lifecycle-no-early-expiry', 'blocker', t34, ['R-071', 'R-074'], ['164.312(c)(1)', '164.316(b)(2)(i)'], ['SI-12', 'AU-11'], ['recordings.lifecycle'], 'No lifecycle rule ends an object before seven years', 'A lifecycle rule deletes without asking anyone.', { say: 'Remove the rule, or raise its days to 2557.', terraform: 'expiration { days = 2557 }' }, [ok('retention_rule expiration', 'at least 2557', 2557)]],
  ['infra/s3-lifecycle-transition', 'minor', t34, ['R-069', 'R-070'], ['164.310(d)(2)(iv)'], ['SI-12'], ['recordings.lifecycle'], 'Recordings move to GLACIER at 90 days', 'Seven years in the standard class cost six times as much.', { say: 'Add the transition.', terraform: 'transition {\n  days          = 90\n  storage_class = "GLACIER"\n}' }, [ok('transition', 'GLACIER at 90 days')]],
  ['infra/s3-probe-delete-denied', 'blocker', ['live@4+7'], ['R-074', 'R-067', 'R-159'], ['164.312(c)(1)'], ['AU-9', 'CP-9.8'], ['recordings.deletionMatrix'], 'Deleting a locked version is refused to everyone', 'A setting says what should happen; only trying shows what does.', { say: 'Set COMPLIANCE retention on the canary bucket and find out who was let through.', cli: 'aws s3api delete-object --bucket <canary> --key <key> --version-id <version>' }, [ok('administrator, DeleteObjectVersion', 'refused'), ok('task role, DeleteObjectVersion', 'refused'), ok('task role, DeleteObjects', 'refused'), ok('administrator, bypass governance', 'refused')]],
  ['infra/kms-recordings-key-state', 'blocker', t34, ['R-059', 'R-049'], ['164.312(a)(2)(iv)'], ['SC-12', 'SC-13'], ['keys.recordings'], 'The recordings key is enabled and ours', 'A disabled key makes every recording unreadable.', { say: 'Point the alias to an enabled customer-managed key.', cli: 'aws kms describe-key --key-id alias/telehealth-video-recordings-prod' }, [ok('KeyState', 'Enabled'), ok('KeyManager', 'CUSTOMER'), ok('KeyUsage', 'ENCRYPT_DECRYPT')]],
  ['infra/kms-rotation-enabled', 'major', t34, ['R-056'], ['164.312(a)(2)(iv)'], ['SC-12'], ['keys.recordingsRotation'], 'Automatic rotation is on for the recordings key', 'A key that never changes protects all years with one secret.', { say: 'Turn rotation on.', terraform: 'enable_key_rotation = true' }, [ok('KeyRotationEnabled', true), ok('RotationPeriodInDays', 'at most 365', 365)]],
  ['infra/kms-signing-key-es256', 'blocker', t34, ['R-060', 'R-005'], ['164.312(d)'], ['SC-12', 'SC-13'], ['keys.signing'], 'A separate signing key for ES256 exists', 'The join tokens need an elliptic-curve key; the recordings key cannot sign.', { say: 'Create a second key.', terraform: 'resource "aws_kms_key" "video_tokens" {\n  key_usage                = "SIGN_VERIFY"\n  customer_master_key_spec = "ECC_NIST_P256"\n}' }, [ok('KeySpec', 'ECC_NIST_P256'), ok('KeyUsage', 'SIGN_VERIFY')]],
  ['infra/iam-policy-attached', 'blocker', ['live@4+6'], ['R-085', 'R-086'], ['164.308(a)(4)(ii)(B)'], ['AC-3', 'AC-6'], ['roles.taskPolicies'], 'The reviewed video policy is attached to the task role', 'A policy that nobody carries permits nothing.', { say: 'Attach the policy.', cli: 'aws iam attach-role-policy --role-name telehealth-ecs-task-role-prod --policy-arn <policy>' }, [ok('attached policies', ['telehealth-video-visits-policy-prod'])]],
  ['infra/iam-resource-scoping', 'major', t34, ['R-080', 'R-081', 'R-139'], ['164.308(a)(4)(ii)(B)', '164.502(b)'], ['AC-6', 'AC-3'], ['roles.taskPolicies', 'connect.instance'], 'Actions that take an ARN are scoped to it', 'A wildcard lets one stolen token reach every meeting of the account.', { say: 'Name the Connect instance, its queue and the meetings of this account.', terraform: 'resources = ["arn:aws:connect:us-east-1:${local.account}:instance/${var.connect_instance_id}/*"]' }, [ok('connect:StartWebRTCContact', 'arn:aws:connect:us-east-1:111122223333:instance/4d5f…/*'), ok('chime:CreateMeeting', 'arn:aws:chime:us-east-1:111122223333:meeting/*')]],
  ['infra/iam-sim-forbidden-denied', 'blocker', t34, ['R-139', 'R-074'], ['164.312(a)(1)', '164.502(b)'], ['AC-6', 'AC-5'], ['roles.taskPolicies', 'recordings.policy'], 'No forbidden action is allowed to the task role', 'The application must not be able to undo its own audit trail.', { say: 'Remove the action from the policy.' }, ['s3:DeleteObjectVersion', 's3:PutLifecycleConfiguration', 's3:BypassGovernanceRetention', 'kms:ScheduleKeyDeletion', 'kms:PutKeyPolicy', 'iam:PassRole'].map(at => ok(at, 'denied'))],
  ['files/tf-validates', 'blocker', ['tfplan@3'], ['R-153'], ['164.308(a)(8)'], ['CM-2'], ['terraform.validation'], 'The Terraform configuration validates', 'What does not validate cannot be reviewed.', { say: 'Run terraform validate and correct what it names.', cli: 'terraform validate' }, [ok('errors', 'none')]],
  ['infra/ecs-connect-instance-resolves', 'blocker', ['live@6'], ['R-096', 'R-097'], ['164.308(a)(8)'], ['CM-6'], ['connect.instance'], 'CONNECT_INSTANCE_ID names an active instance', 'An empty id starts the service and fails the first visit.', { say: 'Set connect_instance_id.', terraform: 'connect_instance_id = "4d5f6a7b-…"' }, [ok('CONNECT_INSTANCE_ID', 'an ACTIVE instance')]],
]

const padding: readonly (readonly [Suite, Source, number, readonly Phase[]])[] = [
  ['files', 'repo', 11, [0, 1]], ['files', 'tfplan', 5, [3]], ['infra', 'tfplan', 15, [3]], ['infra', 'live', 63, [4, 6]], ['infra', 'live', 6, [2, 4]],
  ['db', 'live', 16, [5]], ['api', 'live', 24, [7]], ['e2e', 'live', 16, [7]], ['load', 'live', 6, [7]], ['cost', 'live', 6, [7]], ['attest', 'live', 12, [2, 7]],
]
const notBuilt: Why = { kind: 'not-built', say: 'no check file exists yet for this id', next: 'npm run new <id> writes its skeleton' }

const trial: Trial = {
  control: { did: 'delete a version whose retention has lapsed', allowed: true, answer: '204' },
  tries: {
    'administrator, DeleteObjectVersion': { ok: true, value: { did: 's3:DeleteObjectVersion on a locked version', allowed: false, answer: '403 AccessDenied' } },
    'task role, DeleteObjectVersion': { ok: true, value: { did: 's3:DeleteObjectVersion on a locked version', allowed: false, answer: '403 AccessDenied' } },
    'task role, DeleteObjects': { ok: true, value: { did: 's3:DeleteObjects, one locked version', allowed: false, answer: '200, Errors[0] AccessDenied' } },
    'administrator, bypass governance': { ok: true, value: { did: 's3:DeleteObjectVersion with x-amz-bypass-governance-retention', allowed: true, answer: '204' } },
    'break-glass, DeleteObjectVersion': { ok: false, why: { kind: 'not-configured', say: 'the target does not say roles.breakGlass', next: 'add roles.breakGlass to the target file' } },
  },
}
const values: Record<string, Json> = {
  'recordings.defaultRetention': { mode: 'COMPLIANCE', days: 2557, years: null },
  'recordings.deletionMatrix': trial as unknown as Json,
  'recordings.policy': { Version: '2012-10-17', Statement: [{ Sid: 'DenyInsecureConnections', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: ['arn:aws:s3:::telehealth-video-recordings-prod-9f2c41aa', 'arn:aws:s3:::telehealth-video-recordings-prod-9f2c41aa/*'], Condition: { Bool: { 'aws:SecureTransport': 'false' } } }, { Sid: 'HIPAACompliance', Effect: 'Deny', Principal: '*', Action: 's3:DeleteObject', Resource: 'arn:aws:s3:::telehealth-video-recordings-prod-9f2c41aa/*' }] },
  'roles.taskPolicies': Array.from({ length: 60 }, (_, i) => ({ name: `policy-${i}`, statements: [{ effect: 'Allow', actions: ['connect:StartWebRTCContact', 'connect:DescribeQueue', 'connect:DescribeInstance', 'chime:CreateMeeting'], resources: ['*'], conditions: {} }] })),
}

/** What differs from the good system, per row. */
type Change = { claims?: readonly Claim[]; why?: Why; outcome?: Row['outcome']; waived?: Row['waived']; provenOn?: Row['provenOn'] }
export type Changes = Readonly<Record<string, Change>> // by check id, or row id
export interface Sample { readonly result: RunResult; readonly observations: Readonly<Record<string, unknown>> }

export interface Options {
  readonly changes?: Changes
  readonly built?: boolean // true: the not-built rows pass
  readonly target?: RunResult['run']['target']
  readonly phases?: Partial<Record<Phase, readonly [Verdict, string]>>
  readonly verdict?: RunResult['verdict']
  readonly only?: CheckId
  readonly notes?: readonly string[]
}

export function sample({ changes = {}, built = false, target = { name: 'rehearsal', kind: 'rehearsal', sha256: 'e1'.repeat(32), file: 'rehearsal' }, phases = {}, verdict, only, notes }: Options = {}): Sample {
  const rows: Row[] = []
  const checks: Record<CheckId, CheckMeta> = {}
  const observations: Record<ObservationId, unknown> = {}
  const index: Record<ObservationId, RunResult['observations'][ObservationId]> = {}
  for (const [id, severity, where, requirements, hipaa, controls, facts, title, why, remedy, claims] of specs) {
    if (only !== undefined && id !== only) continue
    const lines: Line[] = where.map(it => ({ id, title, severity, source: it.split('@')[0] as Source, phases: it.split('@')[1]!.split('+').map(Number) as Phase[] }))
    checks[id] = { title, why, severity, requirements, hipaa, controls, remedy, basis: 'plan', phases: lines.flatMap(line => line.phases) }
    for (const line of lines) {
      const change = changes[`${id}@${line.source}`] ?? changes[id] ?? {}
      const said = change.claims ?? (change.why ? [{ at: facts[0]!, want: 'observed', got: null, holds: change.why }] : claims)
      const outcome = change.outcome ?? (said.some(it => it.holds === false) ? 'fail' : said.some(it => it.holds !== true) ? 'unknown' : 'pass')
      rows.push({ ...line, outcome, claims: outcome === 'inapplicable' ? [] : said, provenOn: 'target', facts: facts.map(fact => `${fact}@${line.source}` as const), ms: 3, ...(change.why ? { why: change.why } : {}), ...(change.waived ? { waived: change.waived } : {}), ...(change.provenOn ? { provenOn: change.provenOn } : {}) })
      for (const fact of facts) {
        const key: ObservationId = `${fact}@${line.source}`
        const at = `2026-11-23T10:02:${String(11 + (Object.keys(index).length % 40)).padStart(2, '0')}.417Z`
        const standIn = fact.startsWith('connect.') && line.source === 'live' ? 'the Connect stand-in' : undefined
        const seen = change.why && change.why.kind !== 'cause' && fact === facts[0] ? { ok: false, why: change.why } : { ok: true, value: values[fact] ?? { [fact]: 'as planned' } }
        index[key] = { at, sha256: Buffer.from(key.padEnd(32, '.').slice(0, 32)).toString('hex'), ok: seen.ok, ...(standIn ? { standIn } : {}) }
        observations[key] = { id: key, version: 1, at, ms: 12, target: target.name, safety: fact.endsWith('Matrix') ? 'C' : 'B', ...(standIn ? { standIn } : {}), ...seen }
      }
    }
  }
  if (only === undefined) {
    for (const [suite, source, count, own] of padding) {
      for (let n = 1; n <= count; n++) {
        const id: CheckId = `${suite}/${source}-${own.join('')}-check-${n}`
        const line: Line = { id, source, phases: own, severity: n % 3 === 0 ? 'major' : n % 7 === 0 ? 'minor' : 'blocker', title: `A promise of the plan about ${suite}, number ${n}` }
        const fact: ObservationId = `${suite}.promise${n}@${source}`
        if (built) {
          checks[id] = { title: line.title, why: 'A promise that nobody checks is a hope, and this one decides whether a visit may take place.', phases: own, severity: line.severity, basis: 'plan', requirements: [`R-${300 + n}`, `R-${301 + n}`], hipaa: ['164.312(a)(1)', '164.308(a)(8)'], controls: ['AC-3', 'AC-6'], remedy: { say: 'Do what the plan promises, and show that it was done.', terraform: 'resource "aws_example" "promise" {\n  kept = true\n}', cli: 'aws example keep-promise --name <promise>' } }
          index[fact] = { at: '2026-11-23T10:02:20.000Z', sha256: 'cd'.repeat(32), ok: true }
          observations[fact] = { id: fact, version: 1, at: index[fact].at, ms: 4, target: target.name, safety: 'A', ok: true, value: { promise: 'kept', seen: Array.from({ length: 20 }, (_, i) => `detail ${i} of what was seen`) } }
        }
        rows.push(built ? { ...line, outcome: 'pass', claims: [ok('promise', 'kept'), ok('how often', 'at least 3', 4), ok('by whom', 'telehealth-ecs-task-role-prod')], facts: [fact], ms: 1 } : { ...line, outcome: 'unknown', why: notBuilt, claims: [], facts: [], ms: 0 })
      }
    }
  }
  const ids = [...new Set(specs.flatMap(spec => spec[3])), ...Array.from({ length: 170 }, (_, n) => `R-${String(n + 300)}`)].toSorted()
  const list: PhaseVerdict[] = planned.map(({ phase, title }) => {
    const [word, say] = phases[phase] ?? ['GO', ''] as const
    return { phase, title, verdict: word, reasons: say === '' ? [] : say.split('|').map(it => ({ say: it })) }
  })
  return {
    observations,
    result: {
      schemaVersion: 1, verdict: only === undefined ? verdict ?? 'GO' : 'PARTIAL', asked: [0, 1, 2, 3, 4, 5, 6, 7], mode: 'rollout', phases: only === undefined ? list : [],
      run: {
        id: `20261123T100211Z-${target.name}`, startedAt: '2026-11-23T10:02:11.004Z', finishedAt: '2026-11-23T10:02:25.360Z', tool: 'visitgate 0.1.0, Node 24.21.0', target,
        identity: { account: '111122223333, us-east-1', auditor: 'arn:aws:iam::111122223333:user/visitgate-auditor' }, factsFrom: [],
        notes: notes ?? ['MiniStack 1.5.33 accepts KMS-encrypted puts without KMS rights, so these refusals are shown by the policy evaluator only.'],
      },
      rows, checks, observations: index,
      requirements: ids.map(id => {
        const own = rows.filter(row => checks[row.id]?.requirements.includes(id))
        return { id, statement: `The plan promises what ${id} says, in the words of the team.`, checks: [...new Set(own.map(row => row.id)), 'load/in-another-phase'], state: outcomes.find(it => own.some(row => row.outcome === it)) ?? (built ? 'pass' : 'unknown') }
      }),
      attachments: [{ name: 'plan.json', sha256: 'ab'.repeat(32), shows: 'the Terraform plan that was judged' }],
    },
  }
}

export { bad, ok }
const bucketGone: Why = { kind: 'cause', say: 'recordings.bucket is not there', next: 'settle that first', cause: 'recordings.bucket' }
export const denied: Why = { kind: 'denied', say: 'the auditor may not s3:GetBucketPolicy', next: 'allow s3:GetBucketPolicy to the auditor (visitgate doctor --policy prints the whole policy)', cause: 's3:GetBucketPolicy' }
const notAllowed: Why = { kind: 'not-allowed', say: 'it needs probes of class C, which this target does not allow', next: 'add "C" to /allow in the target file, or prove it on staging', cause: 'class C' }
const noConnect: Why = { kind: 'not-configured', say: 'the target does not say connect', next: 'add connect to the target file', cause: 'connect' }
const held = { 0: ['HOLD', 'The delivery is on main: no check file exists yet for this id|nine more'], 1: ['BLOCKED', 'phase 0 is HOLD'], 2: ['BLOCKED', 'phase 1 is BLOCKED'], 3: ['BLOCKED', 'phase 2 is BLOCKED'], 4: ['BLOCKED', 'phase 3 is BLOCKED'], 5: ['BLOCKED', 'phase 4 is BLOCKED'], 6: ['BLOCKED', 'phase 4 is BLOCKED'], 7: ['BLOCKED', 'phase 5 is BLOCKED|phase 6 is BLOCKED'] } as const
const prod = { name: 'production', kind: 'live', sha256: '7c'.repeat(32), file: 'production' } as const

/** The situations that a reader meets. */
export const samples = {
  /** The hardened rehearsal today: everything built passes, the rest is not built. */
  hold: () => sample({ verdict: 'BLOCKED', phases: held }),
  /** The plan to the letter. */
  nogo: () => sample({
    target: { name: 'as-planned', kind: 'rehearsal', sha256: '3d'.repeat(32), file: 'as-planned' }, verdict: 'NO-GO',
    phases: { ...held, 3: ['NO-GO', 'The policy denies deleting objects and versions: not so|The Chime media pipeline may write recordings: not so|A separate signing key for ES256 exists: not so|Actions that take an ARN are scoped to it: not so'], 4: ['NO-GO', 'The policy denies deleting objects and versions: not so|The Chime media pipeline may write recordings: not so|a|b|c|d|e'] },
    changes: {
      'infra/s3-policy-deny-delete': { claims: [ok('s3:DeleteObject', 'denied'), bad('s3:DeleteObjectVersion', 'denied', 'allowed', 'the Deny names s3:DeleteObject only')] },
      'infra/s3-policy-media-pipeline-grant': { claims: [bad('s3:PutObject', 'allowed', 'denied'), bad('s3:PutObjectAcl', 'allowed', 'denied')] },
      'infra/kms-signing-key-es256': { claims: [bad('keys.signing', 'present', null, 'looked, not there')] },
      'infra/iam-resource-scoping': { claims: [bad('connect:StartWebRTCContact', 'arn:aws:connect:us-east-1:111122223333:instance/4d5f…/*', '*'), bad('chime:CreateMeeting', 'arn:aws:chime:us-east-1:111122223333:meeting/*', '*')] },
      'infra/s3-lifecycle-transition': { claims: [bad('transition', 'GLACIER at 90 days', 'GLACIER at 30 days')], waived: { check: 'infra/s3-lifecycle-transition', at: ['transition'], reason: 'Finance asked for an earlier transition.', owner: 'dev-lead', approvedBy: ['security-lead'], until: '2027-01-31' } },
      'infra/s3-probe-delete-denied': { claims: [ok('administrator, DeleteObjectVersion', 'refused'), ok('task role, DeleteObjectVersion', 'refused'), bad('administrator, bypass governance', 'refused', 'allowed')] },
      'infra/iam-sim-forbidden-denied@live': { why: { kind: 'cause', say: 'keys.signing is not there', next: 'settle that first', cause: 'keys.signing' } },
      'infra/iam-policy-attached': { claims: [bad('attached policies', ['telehealth-video-visits-policy-prod'], ['telehealth-ses-policy-prod', 'telehealth-video-visits-policy-prod'])] },
      'infra/ecs-connect-instance-resolves': { why: noConnect },
    },
  }),
  /** One deleted bucket: one problem. */
  bucketGone: () => sample({
    verdict: 'NO-GO', phases: { ...held, 4: ['NO-GO', 'The recordings bucket has the planned name, region, account and tags: not so'] },
    changes: { 'infra/s3-bucket-identity@live': { claims: [bad('recordings.bucket', 'present', null, 'looked, not there')] }, ...Object.fromEntries(specs.filter(spec => spec[0].startsWith('infra/s3-') && spec[0] !== 'infra/s3-bucket-identity').map(spec => [`${spec[0]}@live`, { why: bucketGone }])) },
  }),
  /** Production, an auditor who may not read the policy, probes not allowed, one proof from staging. */
  denied: () => sample({
    built: true, target: prod, verdict: 'HOLD', notes: [], phases: { 4: ['HOLD', 'The bucket policy denies requests without TLS: the auditor may not s3:GetBucketPolicy|three more'], 5: ['BLOCKED', 'phase 4 is HOLD'], 6: ['BLOCKED', 'phase 4 is HOLD'], 7: ['BLOCKED', 'phase 5 is BLOCKED|phase 6 is BLOCKED'] },
    changes: {
      ...Object.fromEntries(specs.filter(spec => spec[6].includes('recordings.policy')).map(spec => [`${spec[0]}@live`, { why: denied }])),
      'infra/s3-probe-delete-denied': { why: notAllowed }, 'infra/kms-rotation-enabled@live': { provenOn: 'twin' },
      'infra/ecs-connect-instance-resolves': { outcome: 'inapplicable', why: { kind: 'not-run', say: 'the target says meetings: chime', next: 'nothing to do' } },
    },
  }),
  conditions: () => sample({
    built: true, target: prod, verdict: 'GO WITH CONDITIONS', notes: [], phases: { 3: ['GO WITH CONDITIONS', 'Recordings move to GLACIER at 90 days: not so (minor)'], 4: ['GO WITH CONDITIONS', 'Recordings move to GLACIER at 90 days: not so (minor)'] },
    changes: { 'infra/s3-lifecycle-transition': { claims: [bad('transition', 'GLACIER at 90 days', 'nothing')] } },
  }),
  go: () => sample({ built: true, target: prod, notes: [] }),
  partial: () => sample({ only: 'infra/s3-object-lock-days', changes: { 'infra/s3-object-lock-days@live': { claims: [bad('Days', 'at least 2557', 30)] } } }),
  partialPass: () => sample({ only: 'infra/s3-object-lock-days' }),
} satisfies Record<string, () => Sample>

/** Free text of a result and its observations, each with something nasty at its end: what a hostile tag or file name could carry. */
export function poisoned({ result, observations }: Sample, nasty: string): Sample {
  const fixed = new Set(['schemaVersion', 'verdict', 'outcome', 'kind', 'source', 'severity', 'basis', 'mode', 'state', 'asked', 'phases', 'phase', 'standIn', 'provenOn', 'holds', 'safety', 'ok'])
  const named = new Set(['checks', 'observations', 'identity', 'tries'])
  const spoil = (value: unknown, key = ''): unknown => {
    if (typeof value === 'string') return fixed.has(key) && key !== 'standIn' ? value : `${value}${nasty}`
    if (Array.isArray(value)) return value.map(it => spoil(it, key))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, it]) => [named.has(key) ? `${name}${nasty}` : name, spoil(it, named.has(key) ? '' : name)]))
  }
  const seen = Object.fromEntries(Object.entries(observations).map(([id, it]) => [`${id}${nasty}`, spoil(it)]))
  return { result: spoil(result) as RunResult, observations: seen }
}
