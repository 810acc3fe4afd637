/** A second owner inside Terraform: two resources of one planned name, or source that runs commands which create what the module owns. */
import * as repository from '#facts/repository.ts'
import * as terraform from '#facts/terraform.ts'
import type { ForeignOwner } from '#facts/repository.ts'
import type { Module, Resource } from '#domain/terraform/module.ts'
import type { Files } from './read.ts'
import { observer } from '#harness/fact.ts'
import { commandsIn, stillThere } from '#observers/repository/commands.ts'
import { filesOf } from './files.ts'
import { managed } from '#domain/terraform/find.ts'

/** Of resources that the plan has once, those that come after the first. */
function doubles(module: Module, recordingsNoun: string): { resource: Resource; command: string }[] {
  const named = (type: string, attribute: string) => managed(module, type).filter(({ values }) => typeof values[attribute] === 'string').map((resource) => ({ resource, name: String(resource.values[attribute]) }))
  const again = <T extends { name: string }>(all: readonly T[]) => all.filter(({ name }, index) => all.findIndex((other) => other.name === name) < index)
  const buckets = named('aws_s3_bucket', 'bucket').filter(({ name }) => name.includes(recordingsNoun)).slice(1)
  return [
    ...buckets.map(({ resource, name }) => ({ resource, command: `${resource.address} makes another bucket of the recordings name: ${name}` })),
    ...again(named('aws_kms_alias', 'name')).map(({ resource, name }) => ({ resource, command: `${resource.address} makes the alias ${name} again` })),
    ...again(named('aws_iam_policy', 'name')).map(({ resource, name }) => ({ resource, command: `${resource.address} makes the policy ${name} again` })),
  ]
}

/** Where the source declares it; 0 without source. */
async function lineOf({ file, type, name }: Resource, files: Files): Promise<number> {
  const bytes = file === undefined ? null : await files.file(file)
  const lines = bytes === null ? [] : new TextDecoder().decode(bytes).split('\n')
  return 1 + lines.findIndex((line) => new RegExp(`^\\s*resource\\s+"${type}"\\s+"${name}"`).test(line))
}

export default [
  observer({
    fact: repository.owners, sources: ['tfplan'], safety: 'A', seconds: 30, calls: [], needs: { module: terraform.module },
    observe: async ({ module }, look) => {
      const files = filesOf(look)
      const dir = look.target.terraform?.dir
      const sources = dir === undefined ? [] : await files.files(dir, /\.tf(\.json)?$/)
      const commands = await Promise.all(sources.map(async (file): Promise<ForeignOwner[]> =>
        commandsIn(new TextDecoder().decode(await stillThere(files.file(file), file))).map((command) => ({ file, ...command }))))
      const second = await Promise.all(doubles(module, 'video-recordings').map(async ({ resource, command }): Promise<ForeignOwner> => ({ file: resource.file ?? resource.address, line: await lineOf(resource, files), command })))
      return { scanned: module.resources.length + sources.length, found: [...commands.flat(), ...second] }
    },
  }),
] as const
