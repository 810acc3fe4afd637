/** What observers do with AWS answers: "looked, not there" by the one error that says so, policies out of their strings, fields that must be there. */
import { errorName } from '#harness/aws.ts'
import { duplicateKey } from '#domain/iam/duplicates.ts'
import { unknown } from '#domain/unknown.ts'

/** null when the call failed with one of these errors: they mean "not there". Every other error, refusals included, is thrown on. */
export const orAbsent = <T>(call: Promise<T>, ...names: readonly [string, ...string[]]): Promise<T | null> =>
  call.catch((error: unknown) => {
    if (names.includes(errorName(error))) return null
    throw error
  })

/** A policy document out of its string. IAM answers are URL-encoded (RFC 3986), those of S3 and KMS are not. */
export function parsePolicy(text: string | undefined, where: string): unknown {
  const json = present(text, where)
  const twice = duplicateKey(json) // JSON.parse would drop the first of the two without a word
  if (twice !== undefined) throw unknown('crashed', `${where} has the key ${twice} twice: only one of the two would count`, 'remove one', where)
  try {
    return JSON.parse(json)
  } catch {
    throw unknown('crashed', `${where} is not JSON: it begins with ${JSON.stringify(json.slice(0, 40))}`, 'put a valid policy document there', where)
  }
}
export function decodePolicy(text: string | undefined, where: string): unknown {
  const encoded = present(text, where)
  try {
    return parsePolicy(decodeURIComponent(encoded), where)
  } catch (error) {
    if (error instanceof URIError) throw unknown('crashed', `${where} is not URL-encoded text`, 'put a valid policy document there', where)
    throw error
  }
}

/** The value, which AWS documents as always there: no default stands in for it. */
export function present<T>(value: T | null | undefined, where: string): T {
  if (value === undefined || value === null) throw unknown('crashed', `the answer has no ${where}`, 'this answer was not expected: correct the observer')
  return value
}
