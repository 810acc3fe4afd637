/** Commands that create or change what Terraform owns: bucket, key, alias, policy, role. */

/** AWS CLI (global options may stand before the service), SDK for JavaScript (v3 and v2), boto3, and other deployment tools. */
const cli = (service: string, commands: string) => new RegExp(`\\baws\\b[^\\n;|&]*?\\s${service}\\s+(?:${commands})\\b[^\\n;|&]*`)
const bucketCalls = 'create-bucket|delete-bucket|put-bucket-[a-z-]+|delete-bucket-[a-z-]+|put-object-lock-configuration|put-public-access-block|delete-public-access-block'
const keyCalls = 'create-key|create-alias|update-alias|delete-alias|put-key-policy|schedule-key-deletion|disable-key|enable-key-rotation|disable-key-rotation|create-grant'
const roleCalls = 'create-policy|create-policy-version|delete-policy|attach-role-policy|detach-role-policy|put-role-policy|delete-role-policy|create-role|delete-role|update-assume-role-policy'
const pascal = (commands: string) => commands.replace(/\[a-z-\]/g, '[A-Za-z]').replace(/(^|[-|])([a-z])/g, (_, before: string, letter: string) => (before === '|' ? '|' : '') + letter.toUpperCase()).replace(/-(?=\[)/g, '')
const camel = (commands: string) => pascal(commands).replace(/(^|\|)([A-Z])/g, (_, before: string, letter: string) => before + letter.toLowerCase())
const snake = (commands: string) => commands.replace(/\[a-z-\]/g, '[a-z_]').replace(/-/g, '_')
const all = [bucketCalls, keyCalls, roleCalls].join('|')

const owning: readonly RegExp[] = [
  cli('s3', 'mb|rb'), cli('s3api', bucketCalls), cli('kms', keyCalls), cli('iam', roleCalls),
  new RegExp(`\\bnew\\s+(?:\\w+\\.)?(?:${pascal(all)})Command\\b`), // SDK for JavaScript 3
  new RegExp(`\\.(?:${camel(all)})\\s*\\(`), // SDK for JavaScript 2 and aggregated clients
  new RegExp(`\\.(?:${snake(all)})\\s*\\(`), // boto3
  /\baws\b[^\n;|&]*?\scloudformation\s+(?:deploy|create-stack|update-stack)\b[^\n;|&]*/, /\b(?:cdk|sam|serverless|sls|pulumi)\s+(?:deploy|up)\b[^\n;|&]*/,
]

/** What was found, and the line it begins on. Continued lines are one command; comments are none. */
export function commandsIn(text: string): { line: number; command: string }[] {
  const lines = text.split(/\r?\n/)
  const found: { line: number; command: string }[] = []
  for (let index = 0; index < lines.length; index++) {
    const line = index + 1
    let command = lines[index]!
    while (command.endsWith('\\') && index + 1 < lines.length) command = `${command.slice(0, -1)} ${lines[++index]!.trim()}`
    if (/^\s*(#|\/\/|\*|--\s)/.test(command)) continue
    const match = owning.map((pattern) => pattern.exec(command)?.[0]).find((hit) => hit !== undefined)
    if (match !== undefined) found.push({ line, command: match.replace(/\s+/g, ' ').trim().slice(0, 160) })
  }
  return found
}
