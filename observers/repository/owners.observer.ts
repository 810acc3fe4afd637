/** Scripts and pipelines of the repository that create what Terraform owns. */
import * as repository from '#facts/repository.ts'
import type { ForeignOwner } from '#facts/repository.ts'
import { observer } from '#harness/fact.ts'
import { notConfigured } from '#domain/unknown.ts'
import { commandsIn, stillThere } from './commands.ts'

const runnable = /(\.(sh|bash|zsh|mk|[cm]?[jt]s|py|ya?ml)|(^|\/)(Makefile|justfile|Dockerfile))$/
/** What only runs against an emulator owns nothing. */
const tests = /(^|\/)(tests?|__tests__|fixtures|__mocks__)\/|\.(test|spec)\.[cm]?[jt]s$/

export default [
  observer({
    fact: repository.owners, sources: ['repo'], safety: 'A', seconds: 60, calls: [], needs: {},
    observe: async (_, look) => {
      const root = look.target.repository?.path
      if (root === undefined) throw notConfigured('/repository')
      const files = (await look.files(root, runnable)).map((path) => ({ path, name: path.slice(root.replace(/\/+$/, '').length).replace(/^\/+/, '') })).filter(({ name }) => !tests.test(name))
      const found: ForeignOwner[] = []
      for (const { path, name } of files) {
        const text = new TextDecoder().decode(await stillThere(look.file(path), name))
        if (/video/i.test(name) || /video/i.test(text)) found.push(...commandsIn(text).map((command) => ({ file: name, ...command }))) // other services make their own buckets and keys
      }
      return { scanned: files.length, found }
    },
  }),
] as const
