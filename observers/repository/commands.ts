/** Commands that create or change what Terraform owns: bucket, key, alias, policy, role. */
import { unknown } from '#domain/unknown.ts'

/** As the AWS CLI calls them; the SDKs write the same words in their own case. */
const bucketCommands = ['create-bucket', 'delete-bucket', 'put-object-lock-configuration', 'put-public-access-block', 'delete-public-access-block',
  ...['policy', 'encryption', 'lifecycle', 'lifecycle-configuration', 'versioning', 'replication', 'acl', 'ownership-controls', 'logging', 'tagging', 'notification-configuration']
    .flatMap((setting) => [`put-bucket-${setting}`, `delete-bucket-${setting}`])]
const keyCommands = ['create-key', 'create-alias', 'update-alias', 'delete-alias', 'put-key-policy', 'schedule-key-deletion', 'disable-key', 'enable-key-rotation', 'disable-key-rotation', 'create-grant']
const roleCommands = ['create-policy', 'create-policy-version', 'delete-policy', 'attach-role-policy', 'detach-role-policy', 'put-role-policy', 'delete-role-policy', 'create-role', 'delete-role', 'update-assume-role-policy']
const all = [...bucketCommands, ...keyCommands, ...roleCommands]

const pascal = (command: string) => command.split('-').map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')
const camel = (command: string) => pascal(command)[0]!.toLowerCase() + pascal(command).slice(1)
const snake = (command: string) => command.replaceAll('-', '_')
/** Global options may stand between aws and the service. */
const cli = (service: string, commands: readonly string[]) => new RegExp(`\\baws\\b[^\\n;|&]*?\\s${service}\\s+(?:${commands.join('|')})(?![\\w-])[^\\n;|&]*`)

const owning: readonly RegExp[] = [
  cli('s3', ['mb', 'rb']), cli('s3api', bucketCommands), cli('kms', keyCommands), cli('iam', roleCommands), cli('cloudformation', ['deploy', 'create-stack', 'update-stack']),
  new RegExp(`\\bnew\\s+(?:\\w+\\.)?(?:${all.map(pascal).join('|')})Command\\b`), // SDK for JavaScript 3
  new RegExp(`\\.(?:${all.map(camel).join('|')})\\s*\\(`), // SDK for JavaScript 2, and aggregated clients of 3
  new RegExp(`\\.(?:${all.map(snake).join('|')})\\s*\\(`), // boto3
  /\b(?:cdk|sam|serverless|sls|pulumi)\s+(?:deploy|up)\b[^\n;|&]*/,
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

/** A file that was listed: one that is gone by now is not an empty one. */
export async function stillThere(reading: Promise<Uint8Array | null>, name: string): Promise<Uint8Array> {
  const bytes = await reading
  if (bytes === null) throw unknown('unreachable', `${name} was listed and is gone`, 'run again', name)
  return bytes
}
