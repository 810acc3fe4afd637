/** The Terraform source's files through look. Paths inside it have no leading slash (domain/terraform): an absolute folder loses its own there and gets it back here. */
import type { Look } from '#harness/kernel.ts'
import type { Files } from './read.ts'

export function filesOf(look: Pick<Look, 'target' | 'file' | 'files'>): Files {
  const { dir, plan } = look.target.terraform ?? {}
  const top = dir?.startsWith('/') ? '/' : ''
  const whole = (path: string) => (path === plan || path.startsWith('/') ? path : `${top}${path}`)
  return {
    file: (path) => look.file(whole(path)),
    files: async (folder, pattern) => (await look.files(whole(folder), pattern)).map((path) => path.slice(path.startsWith(top) ? top.length : 0)),
  }
}
