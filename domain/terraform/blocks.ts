/** The blocks of one module directory: files of hcl2json put together as Terraform does. */

/** path: with the directory, relative to the project. body: what parse() of @cdktf/hcl2json gives. */
export interface HclFile { readonly path: string; readonly body: unknown }

export type Block = Readonly<Record<string, unknown>>
export interface Declared { readonly block: Block; readonly file: string }
export interface Blocks {
  readonly dir: string
  readonly resource: ReadonlyMap<string, Declared> // 'aws_kms_key.k'
  readonly data: ReadonlyMap<string, Declared>
  readonly variable: ReadonlyMap<string, Declared>
  readonly output: ReadonlyMap<string, Declared>
  readonly module: ReadonlyMap<string, Declared>
  readonly locals: ReadonlyMap<string, { readonly value: unknown; readonly file: string }>
  readonly providers: readonly Declared[] // block.name is the provider's
  readonly terraform: readonly Declared[]
}

const isBlock = (value: unknown): value is Block => typeof value === 'object' && value !== null && !Array.isArray(value)
/** hcl2json gives a list of blocks, Terraform's own JSON syntax may give one. */
export const listed = (value: unknown): readonly Block[] => (Array.isArray(value) ? value : [value]).filter(isBlock)
const entries = (value: unknown): [string, unknown][] => listed(value).flatMap(block => Object.entries(block))

export const dirOf = (path: string): string => path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''

/** '.' and '..' undone; '' is the project itself. */
export function join(dir: string, relative: string): string {
  const parts: string[] = []
  for (const part of [...dir.split('/'), ...relative.split('/')]) {
    if (part === '' || part === '.') continue
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop()
    else parts.push(part)
  }
  return parts.join('/')
}

/** https://developer.hashicorp.com/terraform/language/files/override: override files come last and replace arguments. */
const overrides = (path: string): boolean => /(^|[/_])override\.tf(\.json)?$/.test(path)

export function blocksOf(dir: string, files: readonly HclFile[]): Blocks {
  const ordered = files.filter(file => dirOf(file.path) === dir)
    .toSorted((a, b) => Number(overrides(a.path)) - Number(overrides(b.path)) || (a.path < b.path ? -1 : 1))
  const declared = () => new Map<string, Declared>()
  const found = {
    dir, resource: declared(), data: declared(), variable: declared(), output: declared(), module: declared(),
    locals: new Map<string, { value: unknown; file: string }>(), providers: [] as Declared[], terraform: [] as Declared[],
  }
  const put = (into: Map<string, Declared>, kind: string, name: string, value: unknown, file: string) => {
    for (const block of listed(value)) {
      const before = into.get(name)
      if (before && !overrides(file)) {
        throw new Error(`${file}: ${kind} ${name} is declared twice (first in ${before.file}): remove one; Terraform refuses both`)
      }
      into.set(name, before ? { block: { ...before.block, ...block }, file: before.file } : { block, file })
    }
  }
  for (const { path, body: written } of ordered) {
    const body = path.endsWith('.json') ? fromJson(written) : written
    if (!isBlock(body)) throw new Error(`${path}: a Terraform file holds blocks, not ${JSON.stringify(body)}: look at the file`)
    for (const kind of ['resource', 'data'] as const) {
      for (const [type, named] of entries(body[kind])) {
        for (const [name, value] of entries(named)) put(found[kind], kind, `${type}.${name}`, value, path)
      }
    }
    for (const kind of ['variable', 'output', 'module'] as const) {
      for (const [name, value] of entries(body[kind])) put(found[kind], kind, name, value, path)
    }
    for (const [name, value] of entries(body.locals)) found.locals.set(name, { value, file: path })
    for (const [name, value] of entries(body.provider)) found.providers.push(...listed(value).map(block => ({ block: { ...block, name }, file: path })))
    for (const block of listed(body.terraform)) found.terraform.push({ block, file: path })
  }
  return found
}

/** Arguments that are maps: in Terraform's JSON syntax nothing else tells them from a nested block. */
const maps = new Set(['tags', 'tags_all', 'default_tags', 'keepers', 'triggers', 'parameters', 'metadata', 'labels', 'variables'])

/** A .tf.json file in the shape of hcl2json: nested blocks are lists. https://developer.hashicorp.com/terraform/language/syntax/json */
function fromJson(body: unknown): unknown {
  if (!isBlock(body)) return body
  const typed = (value: unknown) => listed(value).flatMap(Object.entries).map(([type, named]) =>
    ({ [type]: listed(named).flatMap(Object.entries).map(([name, block]) => ({ [name]: nested(block) })) }))
  return Object.fromEntries(Object.entries(body).map(([kind, value]) => [kind, kind === 'resource' || kind === 'data' ? typed(value) : value]))
}

function nested(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(nested)
  if (!isBlock(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) =>
    [name, maps.has(name) ? inner : isBlock(inner) && name !== 'dynamic' ? [nested(inner)] : nested(inner)]))
}
