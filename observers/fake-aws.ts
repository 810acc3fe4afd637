/** For tests of observers: AWS answers by call, through the real look, so that undeclared calls and classes are refused as in a run. */
import type { Identity, Observer, Source, Target, Undo } from '#harness/kernel.ts'
import type { Journal } from '#harness/journal.ts'
import { lookFor } from '#harness/look.ts'
import { scrubber } from '#harness/seal.ts'
import { makePlan } from '#plan/expect.ts'

export interface Sent { readonly call: string; readonly input: any; readonly as: Identity }
/** An answer, an error to throw, or what makes one of both out of the input. A call that is not here is a defect of the test. */
export type Answers = Readonly<Record<string, unknown>>

export const awsError = (name: string, status = 404): Error => Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } })

export const target: Target = {
  name: 'test', kind: 'rehearsal', allow: ['A', 'B', 'C', 'D'],
  aws: { accountId: '111122223333', region: 'us-east-1', probeRole: 'arn:aws:iam::111122223333:role/probe', logAuditorRole: 'arn:aws:iam::111122223333:role/log-auditor' },
  naming: { prefix: 'telehealth', environment: 'prod' }, recordings: { canary: 'telehealth-worm-canary-prod', readers: [] },
  signing: { keyAlias: 'alias/telehealth-video-signing-prod' }, roles: { breakGlass: 'break-glass', deploy: 'deploy', execution: 'execution', keyAdmins: [] },
  ecs: { taskRole: 'task', service: 'api' }, meetings: 'chime', messaging: { from: 'noreply@eudaura.com', pool: 'pool-visits' },
}

export interface Faked { readonly sent: Sent[]; readonly owed: Undo[]; observe(observer: Observer, given?: any): Promise<any>; kept(value: unknown): unknown }

/** @param files text by path, as the target's folder has it */
export function fakeAws(answers: Answers, more: { target?: Partial<Target>; source?: Source; files?: Readonly<Record<string, string>> } = {}): Faked {
  const sent: Sent[] = []
  const owed: Undo[] = []
  const journal: Journal = { owe: async (step) => { owed.push(step) }, paid: async (step) => { owed.splice(owed.indexOf(step), 1) }, owed: async () => owed, forget: async () => { owed.splice(0) } }
  const send = async (call: string, input: object, as: Identity) => {
    sent.push({ call, input, as })
    if (!(call in answers)) throw new Error(`the test has no answer for ${call}`)
    const answer = answers[call]
    const made = typeof answer === 'function' ? await answer(input, as) : answer
    if (made instanceof Error) throw made
    return made
  }
  const plan = makePlan({ ...target, ...more.target }, {}, '2026-01-01T00:00:00.000Z')
  const scrub = scrubber()
  const look = lookFor({ plan, aws: { send, region: async () => undefined, close() {} }, journal, scrub, now: () => new Date('2026-01-01T00:00:00Z'), base: '.' })
  return {
    sent, owed,
    kept: scrub.json, // as a store would keep it
    async observe(observer, given = {}) {
      const hands = look(observer, more.source ?? observer.sources[0]!, AbortSignal.timeout(observer.seconds * 1000))
      const file = async (path: string) => (more.files?.[path] === undefined ? null : new TextEncoder().encode(more.files[path]))
      const files = async (dir: string, pattern: RegExp) => Object.keys(more.files ?? {}).filter((path) => path.startsWith(`${dir}/`) && pattern.test(path))
      try {
        return await observer.observe(given, more.files === undefined ? hands : { ...hands, file, files })
      } finally {
        await hands.finish()
      }
    },
  }
}

/** The observer of a fact in a list that a file exports. */
export function observerOf(list: readonly Observer[], fact: { fact: string }): Observer {
  const found = list.find((one) => one.fact.fact === fact.fact)
  if (found === undefined) throw new Error(`nothing observes ${fact.fact} in that list`)
  return found
}
