/** Reads a Terraform plan and Terraform source through the functions it is given; what they mean is domain/terraform's. */

import { buildModule } from '#domain/terraform/module.ts'
import { dirOf, join, listed } from '#domain/terraform/blocks.ts'
import { parseBody } from '#domain/terraform/body.ts'
import type { Block } from '#domain/terraform/blocks.ts'
import type { HclFile, Module, Value } from '#domain/terraform/module.ts'

/** Paths are relative to the project, as in the target file. */
export interface Source {
  readonly dir?: string // the root module
  readonly plan?: string // output of terraform show -json
  readonly account?: string
  readonly region?: string
}

export interface Files {
  readonly file: (path: string) => Promise<Uint8Array | null>
  /** Files of a directory (and of those below it or not) whose path matches; paths either as `file` takes them or relative to the directory. */
  readonly files: (dir: string, pattern: RegExp) => Promise<readonly string[]>
}

const said = (error: unknown): string => error instanceof Error ? error.message : String(error)
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

/**
 * Throws an Error that names the file, what is wrong with it and the next step.
 * HashiCorp's parser (wasm) is started only for a file that ours does not understand.
 */
export async function readModule(source: Source, io: Files): Promise<Module> {
  const [plan, written] = await Promise.all([
    source.plan === undefined ? undefined : readPlan(source.plan, io), source.dir === undefined ? undefined : readDir(source.dir, io),
  ])
  const place = { ...(source.account !== undefined && { account: source.account }), ...(source.region !== undefined && { region: source.region }) }
  try {
    return buildModule({ ...place, ...written, ...(plan !== undefined && { plan }) })
  } catch (error) {
    const where = [source.plan, source.dir].filter(Boolean).join(' with ')
    throw new Error(`${where}: ${said(error)}`, { cause: error })
  }
}

async function readPlan(path: string, io: Files): Promise<unknown> {
  const bytes = await io.file(path)
  if (!bytes) {
    throw new Error(`${path}: no such file: write it with \`terraform show -json <planfile> > ${path}\`, or correct terraform.plan in the target file`)
  }
  try {
    return JSON.parse(text(bytes))
  } catch (error) {
    throw new Error(`${path}: not JSON (${said(error)}): terraform.plan is the output of terraform show -json, not the plan file itself`)
  }
}

async function readDir(given: string, io: Files) {
  const dir = join('', given)
  const hcl: HclFile[] = []
  const seen = new Set<string>()
  const open = async (at: string): Promise<void> => {
    if (seen.has(at)) return
    seen.add(at)
    const paths = await list(at, /\.tf(\.json)?$/, io)
    if (paths.length === 0) {
      const mend = at === dir ? 'terraform.dir in the target file' : 'the source of the module that names it'
      throw new Error(`${at || '.'}: no Terraform files (*.tf, *.tf.json) there: correct ${mend}`)
    }
    const here = await Promise.all(paths.map(async path => ({ path, body: await parseFile(path, io) })))
    hcl.push(...here)
    for (const next of here.flatMap(file => localModules(file.body))) await open(join(at, next))
  }
  await open(dir)
  const [lock, variables] = await Promise.all([io.file(join(dir, '.terraform.lock.hcl')), readVariables(dir, io)])
  return { dir, hcl, variables, ...(lock && { lock: text(lock) }) }
}

/** The files right in a directory, sorted. */
async function list(dir: string, pattern: RegExp, io: Files): Promise<string[]> {
  const found = (await io.files(dir === '' ? '.' : dir, pattern)).map(path => join('', path))
  const whole = found.map(path => dir === '' || path.startsWith(`${dir}/`) ? path : join(dir, path))
  return [...new Set(whole)].filter(path => dirOf(path) === dir && pattern.test(path)).sort()
}

function localModules(body: unknown): string[] {
  const calls = listed((body as Block).module).flatMap(Object.values).flatMap(listed)
  return calls.map(call => call.source).filter(source => typeof source === 'string' && /^\.\.?\//.test(source)) as string[]
}

/** https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence */
async function readVariables(dir: string, io: Files): Promise<Record<string, Value>> {
  const order = (path: string) => /(^|\/)terraform\.tfvars$/.test(path) ? 0 : /(^|\/)terraform\.tfvars\.json$/.test(path) ? 1 : 2
  const paths = (await list(dir, /(^|\/)(terraform|[^/]*\.auto)\.tfvars(\.json)?$/, io)).toSorted((a, b) => order(a) - order(b) || (a < b ? -1 : 1))
  const files = await Promise.all(paths.map(path => parseFile(path, io)))
  return Object.assign({}, ...files) as Record<string, Value>
}

async function parseFile(path: string, io: Files): Promise<unknown> {
  const bytes = await io.file(path)
  if (!bytes) throw new Error(`${path}: listed and then gone: run again`)
  const content = text(bytes)
  try {
    return path.endsWith('.json') ? JSON.parse(content) : parseBody(content)
  } catch (error) {
    if (path.endsWith('.json')) throw new Error(`${path}: not JSON (${said(error)}): correct it; terraform validate names the same place`)
    return authority(path, content)
  }
}

/** HashiCorp's own parser has the last word on what ours does not understand: a syntax error in its words, or the file's content. */
async function authority(path: string, content: string): Promise<unknown> {
  const { parse } = await import('@cdktf/hcl2json')
  try {
    return await parse(path, content)
  } catch (error) {
    // "parse config: [infra/a.tf:2,7-3,1: Invalid expression; Expected ...]"
    const at = /\[(.+?):(\d+),[^:]*: ([^]*?)\]?\s*$/.exec(said(error))
    throw new Error(`${at ? `${at[1]}:${at[2]}: ${at[3]}` : `${path}: ${said(error)}`} Correct it; terraform validate names the same place`)
  }
}
