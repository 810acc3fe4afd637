/** Reads a target file, checks it, and says where and what is wrong. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname, isAbsolute, resolve } from 'node:path'
import type { ErrorObject } from 'ajv'
import type { Target } from './kernel.ts'
import type { Outputs } from '#plan/expect.ts'
import { outputs as used } from '#plan/terraform.ts'
import { validator } from './schema.ts'
import { usage } from './usage.ts'

export interface LoadedTarget { readonly target: Target; readonly outputs: Outputs; readonly base: string; readonly file: string; readonly sha256: string }

/** @param file path of the target, as the user gave it; relative paths inside it start at its folder. Throws a usage error. */
export async function loadTarget(file: string): Promise<LoadedTarget> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw usage(`${file}: cannot be read (${error.code})`, 'give the path of a target file, "rehearsal" or "as-planned"')
  })
  return acceptTarget(parse(text, file), file, dirname(resolve(file)))
}

/** The same for a target that is already in hand (the rehearsal makes its own, with its outputs). */
export async function acceptTarget(value: unknown, file: string, base: string, outputs?: Outputs): Promise<LoadedTarget> {
  await validate(value, file)
  const target = value as Target
  const sha256 = createHash('sha256').update(JSON.stringify(target)).digest('hex')
  return { target, outputs: outputs ?? await readOutputs(target, base), base, file, sha256 }
}

const parse = (text: string, file: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw usage(`${file}: is not JSON: ${(error as Error).message}`, 'correct the file')
  }
}

async function validate(value: unknown, file: string): Promise<void> {
  const check = await validator('target')
  if (check(value)) return
  const lines = check.errors!.map((error) => `${file}: ${say(error)}`)
  throw usage([...new Set(lines)].join('\n'), `see targets/target.schema.json for what a target may say`)
}

/** `/api/baseUrl: must match pattern … (got "http://…")`: pointer, rule, value. Values never hold secrets: targets name them. */
function say(error: ErrorObject): string {
  const at = error.instancePath === '' ? '/' : error.instancePath
  const { additionalProperty, missingProperty, allowedValues } = error.params as Record<string, unknown>
  if (additionalProperty !== undefined) return `${at}: has no field "${String(additionalProperty)}"${nearest(String(additionalProperty), Object.keys((error.parentSchema as { properties?: object }).properties ?? {}))}`
  if (missingProperty !== undefined) return `${at}: must have the field "${String(missingProperty)}"`
  const expected = Array.isArray(allowedValues) ? `must be one of ${allowedValues.join(', ')}` : (error.parentSchema as { description?: string }).description ?? error.message
  return `${at}: ${expected} (got ${JSON.stringify(error.data)})`
}

function nearest(word: string, words: readonly string[]): string {
  const best = words.map((one) => ({ one, far: distance(word.toLowerCase(), one.toLowerCase()) })).sort((a, b) => a.far - b.far)[0]
  return best !== undefined && best.far <= 3 ? `; did you mean "${best.one}"?` : ''
}
/** Edit distance (Levenshtein), for hints only. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}

/** `terraform output -json` → values by name: those that some check reads and no other, since outputs may hold anything. No file: no outputs. */
async function readOutputs(target: Target, base: string): Promise<Outputs> {
  const name = target.terraform?.outputs
  if (name === undefined) return {}
  const path = isAbsolute(name) ? name : resolve(base, name)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null // before a first apply there are none
    throw usage(`${path}: the Terraform outputs cannot be read (${error.code})`, 'make the file readable')
  })
  if (text === null) return {}
  const outputs = parse(text, path) as Record<string, { value: unknown; sensitive?: boolean }>
  return Object.fromEntries(used.filter((key) => outputs[key] !== undefined && outputs[key].sensitive !== true).map((key) => [key, outputs[key]!.value]))
}
