/** Opens the target that a command names: a file, or a rehearsal, which is found running or started as a process of its own. */
import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import tls from 'node:tls'
import type { Target } from '../kernel.ts'
import type { Outputs } from '#plan/expect.ts'
import { root } from '../paths.ts'
import { cacheDir } from '../../bin/setup/paths.mjs'
import { acceptTarget, loadTarget, type LoadedTarget } from '../target.ts'
import { usage } from '../usage.ts'

export interface Opened { readonly spec: string; readonly loaded: LoadedTarget; readonly standIns: Readonly<Record<string, string>>; readonly notes: readonly string[]; close(): Promise<void> }
/** What fixtures/rehearse.ts says of itself, in one line. The harness never imports fixtures: code that can weaken a bucket must not be loadable by a live audit. */
interface Ready { readonly ready: true; readonly pid: number; readonly target: Target; readonly outputs: Outputs; readonly env: Readonly<Record<string, string>>; readonly ca: string; readonly standIns: Readonly<Record<string, string>>; readonly notes: readonly string[] }

const rehearsals: Readonly<Record<string, string>> = { rehearsal: 'hardened', 'as-planned': 'as-planned' }

/** @param spec a path, "rehearsal" or "as-planned"; undefined means VV_TARGET, else the rehearsal. */
export async function openTarget(spec: string | undefined, say: (line: string) => void = () => {}): Promise<Opened> {
  const name = spec ?? process.env.VV_TARGET ?? 'rehearsal'
  const variant = rehearsals[name]
  if (variant === undefined) {
    const loaded = await loadTarget(name)
    say(`target ${loaded.target.name} (${loaded.target.kind}), ${name}`)
    return { spec: name, loaded, standIns: {}, notes: [], close: async () => {} }
  }
  const running = await readState(stateFile(variant))
  const { ready, close } = running === undefined ? await start(variant, [], say) : { ready: running, close: async () => {} }
  say(`target ${ready.target.name} (rehearsal${running === undefined ? '' : ', already running'})`)
  adopt(ready)
  return { spec: name, loaded: await acceptTarget(ready.target, `targets/${name}.json`, root('targets'), ready.outputs), standIns: ready.standIns, notes: ready.notes, close }
}

/** Where a kept rehearsal says that it runs, and how to reach it. */
export const stateFile = (variant: string): string => join(cacheDir(), `rehearsal-${variant}.json`)

/** The state of a rehearsal that `rehearse --keep` left running, or undefined. */
async function readState(file: string): Promise<Ready | undefined> {
  const state = await readFile(file, 'utf8').then((json) => JSON.parse(json) as Ready, () => undefined)
  if (state === undefined) return undefined
  try {
    process.kill(state.pid, 0)
    return state
  } catch {
    return undefined
  }
}

/** Only the rehearsal adds a certificate authority, to this process alone; the user's own stay trusted. */
function adopt(ready: Ready): void {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name] // nothing of the user's account may leak into a rehearsal
  Object.assign(process.env, ready.env)
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), ready.ca])
}

/** Starts a rehearsal as a child that ends with us. Throws a usage error with what it said, when it does not come up. */
export async function start(variant: string, extra: readonly string[], say: (line: string) => void): Promise<{ ready: Ready; close(): Promise<void>; ended(): Promise<number> }> {
  say('starting the rehearsal')
  const child = spawn(process.execPath, [root('fixtures/rehearse.ts'), '--variant', variant, ...extra], { stdio: ['pipe', 'pipe', 'pipe'], cwd: root() })
  const ended = new Promise<number>((done) => child.on('exit', (code) => done(code ?? 70)))
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => { errors = (errors + text).slice(-4000) })
  const ready = await new Promise<Ready>((resolve, reject) => {
    let text = ''
    child.on('error', reject)
    child.on('exit', (code) => reject(usage(`the rehearsal did not start (exit ${code}): ${errors.split('\n').find((line) => /Error:|: /.test(line))?.trim() ?? errors.trim()}`, 'visitgate doctor shows what is missing')))
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      const end = text.indexOf('\n')
      if (end >= 0) resolve(JSON.parse(text.slice(0, end)) as Ready)
    })
  })
  child.unref()
  for (const stream of [child.stdout, child.stderr, child.stdin] as unknown as { unref?(): void }[]) stream.unref?.()
  return {
    ready,
    ended() { child.ref(); return ended },
    async close() {
      child.ref() // waited for now
      child.stdin.end() // it ends with this pipe, in whatever way we die
      if (extra.includes('--keep')) child.kill('SIGTERM')
      await ended
    },
  }
}
