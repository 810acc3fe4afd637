/** AWS through its own SDK: clients made on first use, one per service and identity. Nothing overrides the SDK's own configuration. */
import type { Identity, Target, Why } from './kernel.ts'
import { iamAction } from '#domain/permissions.ts'
import { unknown } from '#domain/unknown.ts'

/** Enough to keep the chain of calls short, few enough to spare TLS handshakes and the rate limits of IAM. */
const maxSockets = 12

interface Client { send(command: object, options: { abortSignal: AbortSignal }): Promise<any>; destroy(): void; config: { region(): Promise<string> } }
type Package = Readonly<Record<string, new (input: object) => any>>

const packages: Readonly<Record<string, () => Promise<unknown>>> = {
  S3: () => import('@aws-sdk/client-s3'),
  KMS: () => import('@aws-sdk/client-kms'),
  IAM: () => import('@aws-sdk/client-iam'),
  STS: () => import('@aws-sdk/client-sts'),
  AccessAnalyzer: () => import('@aws-sdk/client-accessanalyzer'),
  EventBridge: () => import('@aws-sdk/client-eventbridge'),
}

export interface Aws {
  send(call: string, input: object, as: Identity, signal: AbortSignal): Promise<any>
  /** The region that the SDK would use by itself (AWS_REGION, profile), or undefined where none is configured. */
  region(): Promise<string | undefined>
  close(): void
}

/** @param target its region is used only where the SDK has none of its own; its roles are what `as` assumes. */
export function connectAws(target: Target): Aws {
  const clients = new Map<string, Promise<{ client: Client; commands: Package }>>()
  const region = once(async () => {
    const { STSClient } = await import('@aws-sdk/client-sts')
    const client = new STSClient({})
    return client.config.region().catch(() => undefined).finally(() => client.destroy())
  })

  const make = async (service: string, as: Identity, redirected: boolean) => {
    const load = packages[service]
    if (load === undefined) throw unknown('crashed', `no SDK client is known for ${service}`, 'add it to harness/aws.ts')
    const commands = (await load()) as Package
    const Client = commands[`${service}Client`]!
    const own = (await region()) ?? target.aws?.region
    const client = new Client({ ...(own === undefined ? {} : { region: own }), ...(await credentials(as, target)), ...plainHttp(as, own), ...(redirected ? { followRegionRedirects: true } : {}), requestHandler: { httpsAgent: { maxSockets } }, maxAttempts: 3 }) as Client
    return { client, commands }
  }

  return {
    region,
    async send(call, input, as, signal) {
      const [service, operation] = call.split('.') as [string, string]
      const ask = async (redirected: boolean) => {
        const key = `${service} ${as}${redirected ? ' redirected' : ''}`
        if (!clients.has(key)) clients.set(key, make(service, as, redirected))
        const { client, commands } = await clients.get(key)!
        const Command = commands[`${operation}Command`]
        if (Command === undefined) throw unknown('crashed', `${service} has no operation ${operation}`, 'correct the call in its observer')
        const answer = await client.send(new Command(input), { abortSignal: signal })
        // The SDK reads a login page of a proxy as an empty answer, and empty would mean "looked, not there". AWS numbers its answers.
        if (answer?.$metadata?.requestId === undefined) throw unknown('unreachable', `${call}: the answer is not from AWS: it has no request id`, 'look for a proxy or a captive portal in between', `${service} endpoint`)
        return answer
      }
      // A replica lives in another region. The SDK follows by changing the client's own region, so that client serves nothing else.
      return ask(false).catch((error) => (service === 'S3' && errorName(error) === 'PermanentRedirect' ? ask(true) : Promise.reject(error)))
    },
    close() {
      for (const made of clients.values()) void made.then(({ client }) => client.destroy(), () => {})
    },
  }
}

async function credentials(as: Identity, target: Target): Promise<object> {
  if (as === 'auditor') return {} // the SDK's own chain
  if (as === 'anonymous') return { credentials: { accessKeyId: '', secretAccessKey: '' }, signer: { sign: async (request: unknown) => request } }
  const field = as === 'log-auditor' ? 'logAuditorRole' : 'probeRole'
  const role = target.aws?.[field]
  if (role === undefined) throw unknown('not-configured', `the target names no ${as} role`, `add /aws/${field} to the target file`, `/aws/${field}`)
  const { fromTemporaryCredentials } = await import('@aws-sdk/credential-providers')
  return { credentials: fromTemporaryCredentials({ params: { RoleArn: role, RoleSessionName: `visitgate-${as}`, DurationSeconds: 900 } }) }
}

/** The same service over plain HTTP, to see it refused. S3 still answers on port 80; a rehearsal names its own listener. */
const plainHttp = (as: Identity, region: string | undefined): object =>
  as === 'probe-plain-http' ? { endpoint: process.env.VV_PLAIN_HTTP_ENDPOINT ?? `http://s3.${region ?? 'us-east-1'}.amazonaws.com`, forcePathStyle: true } : {}

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}

interface SdkError extends Error { code?: string; $metadata?: { httpStatusCode?: number }; $response?: { statusCode?: number } }
export const errorName = (error: unknown): string => (error instanceof Error ? error.name : '')
export const statusOf = (error: unknown): number | undefined => (error as SdkError).$metadata?.httpStatusCode ?? (error as SdkError).$response?.statusCode

const rejected = new Set(['ExpiredToken', 'ExpiredTokenException', 'InvalidClientTokenId', 'UnrecognizedClientException', 'InvalidAccessKeyId', 'SignatureDoesNotMatch', 'RequestTimeTooSkewed', 'TokenRefreshRequired'])
/** Services with a JSON protocol (KMS, EventBridge) refuse with 400 and this name, where others answer 403. */
const refused = /AccessDenied|NotAuthorized|UnauthorizedOperation|AuthorizationError|^Forbidden/
const throttled = /Throttl|SlowDown|TooManyRequests|RequestLimitExceeded/i
const network = new Set(['ENOTFOUND', 'ECONNREFUSED', 'ECONNRESET', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EPIPE', 'ETIMEDOUT', 'ERR_SOCKET_CONNECTION_TIMEOUT'])

/** What a failed AWS call means. By status as well as by name: a refused HEAD has no name (its error is "Unknown"). */
export function whyAws(error: unknown, call: string): Why {
  const name = errorName(error)
  const status = statusOf(error)
  const code = codeOf(error)
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') return { kind: 'not-configured', say: `no AWS credentials: ${firstLine(error)}`, next: 'sign in (aws sso login, or AWS_PROFILE, or OIDC in CI)', cause: 'AWS credentials' }
  if (rejected.has(name)) return { kind: 'denied', say: `AWS does not accept the credentials (${name})`, next: 'sign in again, or correct the key and the clock', cause: 'AWS credentials' }
  if (name === 'PermanentRedirect' || name === 'AuthorizationHeaderMalformed' || name === 'IllegalLocationConstraintException') return { kind: 'other-target', say: `${call}: the resource is in another region (${name})`, next: 'correct /aws/region in the target, or AWS_REGION', cause: 'region' }
  if (throttled.test(name) || status === 429) return { kind: 'unreachable', say: `${call} was throttled (${name}, ${status ?? 'no status'})`, next: 'run again later, or with fewer checks', cause: 'throttling' }
  if (status === 401 || status === 403 || refused.test(name)) return { kind: 'denied', say: `the auditor may not ${iamAction(call)}`, next: `allow ${iamAction(call)} to the auditor (visitgate doctor --policy prints the whole policy)`, cause: iamAction(call) }
  if (name === 'AbortError' || name === 'TimeoutError') return { kind: 'timeout', say: `${call} did not answer in time`, next: 'check the network, then run again', cause: `${call.split('.')[0]} endpoint` }
  if (code !== undefined) return { kind: 'unreachable', say: `${call}: ${network.has(code) ? 'no connection' : 'no trusted connection'} (${code})`, next: 'check the network, the proxy and the endpoint variables', cause: `${call.split('.')[0]} endpoint` }
  if (status !== undefined && status >= 500) return { kind: 'unreachable', say: `${call} answered ${status} ${name}`, next: 'run again later', cause: `${call.split('.')[0]} endpoint` }
  return { kind: 'crashed', say: `${call}: ${name}: ${firstLine(error)}`, next: 'this answer was not expected: correct the observer' }
}

const firstLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0]!.slice(0, 200)
/** The Node error code, also of the first of several attempts (AggregateError) or of a cause. */
function codeOf(error: unknown): string | undefined {
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown[] }
  if (typeof code === 'string' && /^(E[A-Z]|ERR_|CERT_|DEPTH_|SELF_|UNABLE_)/.test(code)) return code
  const inner = errors?.[0] ?? cause
  return inner === undefined ? undefined : codeOf(inner)
}
