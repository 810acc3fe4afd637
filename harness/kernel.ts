/** The kernel's types: one word, one meaning. observe → judge → decide → report. */
import type { Plan } from '#plan/expect.ts'

export const phaseNumbers = [0, 1, 2, 3, 4, 5, 6, 7] as const
export type Phase = (typeof phaseNumbers)[number]
export const suites = ['files', 'infra', 'db', 'api', 'e2e', 'load', 'cost', 'attest'] as const
export type Suite = (typeof suites)[number] // = folder = id prefix = Vitest project
export type CheckId = `${Suite}/${string}` // taken from the path, never written in the file
export type FaultId = string // one live seed, any number of checks
export type Source = 'repo' | 'tfplan' | 'live' // WHERE one looks; the instrument is the observer's folder
export const safetyClasses = ['A', 'B', 'C', 'D', 'E'] as const
export type Safety = (typeof safetyClasses)[number] // A, B run concurrently; C, D, E one at a time, in that order
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

// ── facts/<noun>.ts ──────────────────────────────────────────────────────────────────────────────
declare const type: unique symbol
declare const sealed: unique symbol
/** What a check or an observer asks for. `when`: given only in rows of that source (else undefined). `beside`: another check answers for its absence. `observed`: given as Observed, so that the judge can judge the rest without it. */
export interface Need<V> {
  readonly fact: string
  readonly source?: Source
  readonly earlier?: true
  readonly orNull?: true
  readonly beside?: true
  readonly observed?: true
  readonly when?: Source
  readonly [type]?: V
}
/** A typed name for something that can be known. T may be null: looked, not there; the kernel then fails the check, unless it asked orNull(fact). */
export interface Fact<T> extends Need<NonNullable<T>> {
  readonly version: number // recorded in another shape → unknown
  readonly sources: readonly [Source, ...Source[]] // each needs an observer; only a one-source fact answers for every source
  readonly freshHours: number
  readonly example?: T // phantom, never set: no default can stand in for a fact
}
export type Needs = Readonly<Record<string, Need<any>>>
export type Given<N extends Needs> = { [K in keyof N]: N[K] extends Need<infer V> ? V : never }

export const whyKinds = ['denied', 'unreachable', 'timeout', 'not-configured', 'not-allowed', 'not-run', 'not-built', 'after-apply', 'stale',
  'other-target', 'control-failed', 'nothing-compared', 'cause', 'crashed'] as const
/** The only way not to know. */
export interface Why {
  readonly kind: (typeof whyKinds)[number]
  readonly say: string
  readonly next: string
  readonly cause?: string // fact or permission at the root: groups rows in the report
}
export type Observed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: Why }
export type Each<T> = Readonly<Record<string, Observed<T>>> // nine endpoints, five buckets
/** One thing a probe did. `answer` is the status and name of the answer, never its body. */
export interface Attempt { did: string; allowed: boolean; answer: string }
/** Every negative probe, with the positive control that shows the probe itself works. */
export interface Trial { control: Attempt; tries: Each<Attempt> }
export type ObservationId = `${string}@${Source}`
export type Observation<T = unknown> = Observed<T> & {
  readonly id: ObservationId
  readonly version: number
  readonly at: string // UTC, ISO 8601
  readonly ms: number
  readonly target: string // name of the target
  readonly safety: Safety
  readonly standIn?: string // what answered was not the real thing: named in the report
  readonly [sealed]: true // only seal() makes one; judges, writers and reports accept nothing else
}

// ── observers/<instrument>/<noun>.observer.ts: export default [observer({…}), …] ──────────────────────────
export interface Observer<T = any, N extends Needs = any> {
  readonly fact: Fact<T>
  readonly sources: readonly Source[]
  readonly safety: Safety
  readonly seconds: number // time limit
  readonly calls: readonly string[] // 'S3.GetBucketPolicy': a capability; look refuses any other; IAM actions are derived
  readonly needs: N // a need not ok or null → Why 'cause'
  readonly observe: (given: Given<N>, look: Look) => Promise<T> // throws freely; the store turns it into Why
}
export type Identity = 'auditor' | 'probe' | 'probe-plain-http' | 'log-auditor' | 'anonymous'
export type Program = 'git' | 'terraform' | 'k6' | 'psql'
/** All I/O of one observer; SDKs are imported on first use. */
export interface Look {
  readonly target: Target
  readonly plan: Plan
  readonly source: Source
  readonly now: Date
  readonly signal: AbortSignal
  /** One AWS call through the SDK, e.g. aws('S3.GetBucketPolicy', { Bucket }). Throws the SDK's error. Read-only calls are memoised per run. */
  aws(call: string, input: object, as?: Identity): Promise<any>
  /** The region that the SDK uses by itself (AWS_REGION, profile), or undefined where none is configured. */
  region(): Promise<string | undefined>
  /** All pages of a list call: items of `items`, continuing with the service's own token. */
  pages(call: string, input: object, items: string): Promise<readonly any[]>
  http(request: Request): Promise<Response>
  file(path: string): Promise<Uint8Array | null>
  files(dir: string, pattern: RegExp): Promise<readonly string[]>
  run(program: Program, args: readonly string[], cwd?: string): Promise<{ code: number; stdout: string; stderr: string }> // zx
  secret(env: string): string // registers the value with seal()
  conceal(value: string, alias: string): void // appears as «alias»: comparable, never readable
  /** What puts back a synthetic write: data, so that a crash can be cleaned up by the next start. Throws below class C. */
  undo(step: Undo): Promise<void>
}
/** One journalled clean-up. `notBefore`: when a lock allows it, UTC ISO 8601. */
export interface Undo { readonly call: string; readonly input: Readonly<Record<string, unknown>>; readonly as: Identity; readonly notBefore?: string }
export interface Store { get(need: Need<any>, source: Source): Promise<Observation> } // observing() | recorded() | given()

// ── suites/<suite>/<id>.check.ts ─────────────────────────────────────────────────────────────────
export interface Claim { readonly at: string; readonly want: unknown; readonly got: unknown; readonly holds: boolean | Why; readonly say?: string }
export type Finding = Claim & { readonly holds: false }
export const severities = ['blocker', 'major', 'minor'] as const
export type Severity = (typeof severities)[number]
export interface Remedy { readonly say: string; readonly terraform?: string; readonly cli?: string }
export interface Check<N extends Needs = any> {
  readonly title: string // letters, digits, space and / - , only: it is matched as a regular expression
  readonly why: string // one sentence
  readonly phases: readonly Phase[]
  readonly severity: Severity
  readonly basis: 'plan' | 'regulation' | 'practice'
  readonly requirements: readonly string[] // R-001 …
  readonly hipaa: readonly string[] // 164.312(c)(1)
  readonly controls: readonly string[] // NIST SP 800-53 r5
  readonly remedy: Remedy
  readonly standing?: false // true unless it judges the rollout itself: audits skip those
  readonly applies?: (plan: Plan) => true | string // from declarations only: nothing observed makes a check vanish
  readonly needs: N
  readonly judge: (given: Given<N>, plan: Plan) => readonly Claim[] // no pass() to return: the outcome is computed
  readonly faults: Readonly<Record<FaultId, Fault<N>>>
}
/** How a fault looks in the given facts. `notLive` says why it cannot be seeded on the rehearsal target. */
export type Fault<N extends Needs> = Edit<N> | { absent: keyof N } | { edit: Edit<N>; notLive: string }
export type Edit<N extends Needs> = (given: Mutable<Given<N>>) => void
export type Mutable<T> = T extends (infer E)[] ? Mutable<E>[] : T extends readonly (infer E)[] ? Mutable<E>[]
  : T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T
export type CheckMeta = Omit<Check, 'judge' | 'needs' | 'faults' | 'applies'>

// ── ledger → rows → decision ─────────────────────────────────────────────────────────────────────
export const outcomes = ['fail', 'unknown', 'pass', 'inapplicable'] as const // fail beats unknown beats pass
export type Outcome = (typeof outcomes)[number]
/** plan/required.json, fixed before anything is observed. */
export interface Line { readonly id: CheckId; readonly title: string; readonly source: Source; readonly phases: readonly Phase[]; readonly severity: Severity; readonly standing?: false }
export type RowId = `${CheckId}@${Source}`
export interface Row extends Line {
  readonly outcome: Outcome
  readonly claims: readonly Claim[]
  readonly why?: Why
  readonly waived?: Waiver
  readonly provenOn?: 'target' | 'twin'
  readonly facts: readonly ObservationId[]
  readonly ms: number
}
/** Covers these findings, not the check. */
export interface Waiver { readonly check: CheckId; readonly at: readonly string[]; readonly reason: string; readonly owner: string; readonly approvedBy: readonly string[]; readonly until: string }
export const verdicts = ['NO-GO', 'BLOCKED', 'HOLD', 'GO WITH CONDITIONS', 'GO'] as const // worst first
export type Verdict = (typeof verdicts)[number]
export interface PhaseVerdict { readonly phase: Phase; readonly title: string; readonly verdict: Verdict; readonly reasons: readonly { readonly say: string; readonly row?: RowId }[] }
export type Mode = 'rollout' | 'audit'
/** results.json; every report is a pure function of it and the observations. */
export interface RunResult {
  readonly schemaVersion: 1
  readonly verdict: Verdict | 'PARTIAL'
  readonly asked: readonly Phase[]
  readonly mode: Mode
  readonly phases: readonly PhaseVerdict[]
  readonly run: {
    readonly id: string; readonly startedAt: string; readonly finishedAt: string; readonly tool: string
    readonly target: { readonly name: string; readonly kind: Target['kind']; readonly sha256: string; readonly file: string } // file: as the user named it
    readonly identity: Readonly<Record<string, string>>; readonly factsFrom: readonly string[]
    readonly notes: readonly string[] // what a reader must know: stand-ins, what the emulator does not enforce, ignored waivers
  }
  readonly rows: readonly Row[]
  readonly checks: Readonly<Record<CheckId, CheckMeta>>
  readonly observations: Readonly<Record<ObservationId, { readonly at: string; readonly sha256: string; readonly ok: boolean; readonly standIn?: string }>>
  readonly requirements: readonly { readonly id: string; readonly statement: string; readonly mistake?: string; readonly checks: readonly CheckId[]; readonly state: Outcome }[]
  readonly attachments: readonly { readonly name: string; readonly sha256: string; readonly shows: string }[]
}

/** targets/*.json; adjusts names and contracts, never 2557 or COMPLIANCE. Only name and kind are required. */
export interface Target {
  readonly $schema?: string
  readonly name: string
  readonly kind: 'live' | 'staging' | 'rehearsal'
  readonly allow?: readonly Safety[] // default A, B
  readonly before?: string // run folder that earlier() reads
  readonly twin?: string // run folder of the staging twin
  readonly waivers?: string
  readonly attestations?: string
  readonly aws?: { readonly accountId: string; readonly region: string; readonly probeRole?: string; readonly logAuditorRole?: string }
  readonly naming?: { readonly prefix: string; readonly environment: string }
  readonly terraform?: { readonly dir?: string; readonly plan?: string; readonly outputs?: string }
  readonly repository?: { readonly path: string; readonly branch: string }
  readonly recordings?: { readonly bucket?: string; readonly keyAlias?: string; readonly canary?: string; readonly readers?: readonly string[] }
  readonly signing?: { readonly keyAlias: string }
  readonly roles?: { readonly breakGlass?: string; readonly deploy?: string; readonly keyAdmins?: readonly string[]; readonly execution?: string }
  readonly ecs?: { readonly cluster?: string; readonly service?: string; readonly taskRole: string }
  readonly amplify?: { readonly appId: string; readonly branch: string }
  readonly meetings?: 'connect' | 'chime'
  readonly connect?: { readonly instanceId: string; readonly queueId: string; readonly contactFlowId: string }
  readonly messaging?: { readonly from: string; readonly pool?: string }
  readonly database?: { readonly urlEnv: string; readonly appUrlEnv?: string; readonly ownerUrlEnv?: string; readonly ca?: string; readonly contract?: string }
  readonly api?: { readonly baseUrl: string; readonly contract?: string; readonly tokenEnv: Readonly<Record<string, string>> }
  readonly web?: { readonly baseUrl: string; readonly wording?: string }
  readonly usage?: Readonly<Record<string, number>>
  readonly budget?: { readonly monthlyUsd: number }
  readonly evidence?: { readonly keyAlias?: string; readonly keyFile?: string; readonly publish?: string }
}
