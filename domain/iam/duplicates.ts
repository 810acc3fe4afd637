/** JSON.parse keeps the last of two equal keys. A policy with two `Condition` or two `StringEquals` would silently lose one, so we look first. */

/** JSON pointer of the first key that stands twice in one object; undefined when none does. The text may be malformed: JSON.parse says so. */
export function duplicateKey(json: string): string | undefined {
  const open: { readonly keys: Set<string> | null; at: string | number }[] = [] // keys null: an array
  const tokens = json.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g) ?? []
  for (const [index, token] of tokens.entries()) {
    const here = open.at(-1)
    if (token === '{') open.push({ keys: new Set(), at: '' })
    else if (token === '[') open.push({ keys: null, at: 0 })
    else if (token === '}' || token === ']') open.pop()
    else if (token === ',' && here?.keys === null) here.at = Number(here.at) + 1
    else if (here?.keys && token.startsWith('"') && tokens[index + 1] === ':') {
      here.at = unescaped(token)
      if (here.keys.has(here.at)) return open.map(({ at }) => `/${String(at).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
      here.keys.add(here.at)
    }
  }
  return undefined
}
const unescaped = (token: string): string => {
  try { return String(JSON.parse(token)) } catch { return token }
}
