/** The rehearsal in the test's own process, for the matrices: seeded, denied, looked at again and again through the same engine as the gate. */
import tls from 'node:tls'
import type { Observation, ObservationId, Row, Safety, Source } from '#harness/kernel.ts'
import { awsPart, type AwsHandle } from '#fixtures/aws/part.ts'
import { sourcePart } from '#fixtures/source.ts'
import { rehearse, type Rehearsal } from '#fixtures/rehearse.ts'
import { loadChecks, loadObservers, required, type Checks, type Observers } from '#harness/ledger.ts'
import { root } from '#harness/paths.ts'
import type { Aws } from '#harness/aws.ts'
import { assessAll } from '#harness/run.ts'
import { openSession } from '#harness/session.ts'
import { acceptTarget } from '#harness/target.ts'

export interface Seen { readonly rows: readonly Row[]; readonly observations: ReadonlyMap<ObservationId, Observation> }
export interface Live {
  readonly rehearsal: Rehearsal
  readonly aws: AwsHandle
  readonly checks: Checks
  readonly observers: Observers
  /** All built rows of these sources, observed and judged anew. */
  look(sources: readonly Source[], allow: readonly Safety[], through?: { readonly aws?: Aws; readonly env?: Readonly<Record<string, string>> }): Promise<Seen>
  stop(): Promise<void>
}

export async function live(variant = 'hardened'): Promise<Live> {
  const [rehearsal, checks, observers, lines] = await Promise.all([rehearse(variant, [], [awsPart(), sourcePart(variant)]), loadChecks(), loadObservers(), required()])
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), rehearsal.parts.aws!.ca])
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name]
  return {
    rehearsal, checks, observers, aws: rehearsal.parts.aws!.handle as AwsHandle, stop: rehearsal.stop,
    async look(sources, allow, through = {}) {
      Object.assign(process.env, rehearsal.env, through.env) // a redeployment gives new credentials
      const loaded = await acceptTarget(rehearsal.target, 'rehearsal', root('targets'), rehearsal.outputs)
      const session = await openSession({ loaded, observers, allow, ...(through.aws === undefined ? {} : { aws: through.aws }) })
      const built = lines.filter((line) => checks.has(line.id) && sources.includes(line.source))
      const rows = await assessAll(built, checks, session.store, session.plan, { observers })
      await session.close()
      return { rows, observations: session.store.seen() }
    },
  }
}
