/**
 * The plan that a run is judged by: paper ⊕ target. A target adjusts names, never the promises (2557, COMPLIANCE, …).
 * Sections that the target leaves out are getters that throw "not configured", so a check that needs one is unknown and the others are not.
 */
import type { Target } from '#harness/kernel.ts'
import { notConfigured } from '#domain/unknown.ts'
import { recordings } from './recordings.ts'

/** Values of `terraform output -json`, by output name. */
export type Outputs = Readonly<Record<string, unknown>>

export interface Plan {
  readonly target: Target
  readonly at: string // when the run started, UTC ISO 8601: the only clock a judge sees
  readonly account: string
  readonly region: string
  readonly naming: { readonly prefix: string; readonly environment: string }
  readonly recordings: typeof recordings & {
    readonly bucket: string | undefined // declared or from the Terraform outputs; else found by its pattern
    readonly pattern: RegExp // also matches symbolic suffixes such as <random_id.suffix.hex>
    readonly alias: string
    readonly canary: string
    readonly tags: Readonly<Record<string, string>>
    readonly readers: readonly string[] // role and user names that may read and decrypt recordings
  }
  readonly signing: { readonly alias: string }
  readonly roles: { readonly task: string; readonly execution: string; readonly breakGlass: string; readonly deploy: string; readonly keyAdmins: readonly string[] } // names
  readonly policyName: string
  readonly meetings: 'connect' | 'chime'
  readonly connect: { readonly instanceId: string; readonly contactFlowId: string; readonly queueId: string }
  readonly mail: { readonly from: string; readonly domain: string; readonly pool: string }
  readonly outputs: Outputs
  readonly roleArn: (name: string) => string
}

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const need = <T>(value: T | undefined, section: string): T => {
  if (value === undefined) throw notConfigured(section)
  return value
}

export function makePlan(target: Target, outputs: Outputs, at: string): Plan {
  const naming = () => need(target.naming, '/naming')
  const named = (noun: string) => `${naming().prefix}-${noun}-${naming().environment}`
  const plan: Plan = {
    target, at, outputs,
    get account() { return need(target.aws, '/aws').accountId },
    get region() { return need(target.aws, '/aws').region },
    get naming() { return naming() },
    get recordings() {
      return {
        ...recordings,
        bucket: target.recordings?.bucket ?? text(outputs.video_recordings_bucket_name),
        pattern: new RegExp(`^${escape(named('video-recordings'))}-([0-9a-f]{8}|<random_id\\.[\\w.-]+>)$`),
        alias: target.recordings?.keyAlias ?? `alias/${named('video-recordings')}`,
        get canary() { return need(target.recordings?.canary, '/recordings/canary') },
        tags: { Name: named('video-recordings'), ...recordings.tags },
        get readers() { return need(target.recordings?.readers, '/recordings/readers') },
      }
    },
    get signing() { return { alias: need(target.signing, '/signing').keyAlias } },
    get roles() {
      return {
        get task() { return need(target.ecs, '/ecs').taskRole },
        get execution() { return need(target.roles?.execution, '/roles/execution') },
        get breakGlass() { return need(target.roles?.breakGlass, '/roles/breakGlass') },
        get deploy() { return need(target.roles?.deploy, '/roles/deploy') },
        get keyAdmins() { return need(target.roles?.keyAdmins, '/roles/keyAdmins') },
      }
    },
    get policyName() { return named('video-visits-policy') },
    get meetings() { return need(target.meetings, '/meetings') },
    get connect() {
      if (target.connect === undefined && target.meetings === 'chime') return { instanceId: 'none', contactFlowId: 'none', queueId: 'none' } // only forbidden actions are tried there
      return need(target.connect, '/connect')
    },
    get mail() {
      const from = need(target.messaging, '/messaging').from
      return { from, domain: from.slice(from.indexOf('@') + 1), get pool() { return need(target.messaging?.pool, '/messaging/pool') } }
    },
    roleArn: (name) => `arn:aws:iam::${plan.account}:role/${name}`,
  }
  return plan
}
