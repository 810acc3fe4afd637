/** Resources on which a policy could allow an action: what its statements speak of, with wildcards filled in. Pure. */
import { parsePolicy } from '../iam.ts'
import { isUnresolved } from './document.ts'

export function witnesses(documents: readonly unknown[], action: string): readonly string[] {
  const found = documents.flatMap((document) => parsePolicy(document).statements)
    .filter((statement) => statement.effect !== 'Deny' && (statement.notActions !== undefined || (statement.actions ?? []).some((text) => isUnresolved(text) || like(text, action))))
    .flatMap((statement) => (statement.resources ?? ['arn:aws:any:us-east-1:111122223333:synthetic']).filter((text): text is string => typeof text === 'string'))
    .map((resource) => (resource === '*' ? '*' : resource.replaceAll('*', 'synthetic').replaceAll('?', 'x')))
  return [...new Set(found)]
}

const like = (pattern: string, action: string): boolean =>
  new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i').test(action)
