/** Messages that the task role could send and should not. Pure. */
import type { Plan } from '#plan/expect.ts'
import { evaluate, parsePolicy } from '../iam.ts'
import { foundIn, type Found } from './found.ts'
import { witnesses } from './witness.ts'

export interface Open { readonly senders: Found; readonly identities: Found; readonly pools: Found; readonly topics: Found }

export function messaging(role: string, documents: readonly unknown[], plan: Plan): Open {
  const identity = documents.map(parsePolicy)
  const reach = (tries: readonly { say: string; action: string; resource: string; context?: Record<string, string> }[]): Found =>
    foundIn(tries.map(({ say, action, resource, context = {} }) => ({ say, effect: evaluate({ principal: { kind: 'role', arn: role }, action, resource, context: { 'aws:SecureTransport': 'true', ...context } }, { identity, resourceAccount: plan.account }).effect })))
  const arn = (service: string, rest: string) => `arn:aws:${service}:${plan.region}:${plan.account}:${rest}`
  const ours = arn('ses', `identity/${plan.mail.domain}`)
  const mails = ['ses:SendEmail', 'ses:SendRawEmail', 'ses:SendTemplatedEmail', 'ses:SendBulkEmail']
  const notOurs = [arn('ses', 'identity/other.example'), ...mails.flatMap((action) => witnesses(documents, action))].filter((one) => one !== ours && !one.includes(':configuration-set/') && !one.includes(':template/'))
  const numbers = [arn('sms-voice', 'pool/other'), arn('sms-voice', 'phone-number/other'), ...witnesses(documents, 'sms-voice:SendTextMessage')].filter((one) => one !== arn('sms-voice', `pool/${plan.mail.pool}`))
  const topics = [arn('sns', `${plan.naming.prefix}-ses-notifications-${plan.naming.environment}`), ...witnesses(documents, 'sns:Publish')]
  return {
    senders: reach(mails.map((action) => ({ say: `${action} from any address`, action, resource: ours, context: { 'ses:FromAddress': 'anyone@other.example' } }))),
    identities: reach(mails.flatMap((action) => notOurs.map((resource) => ({ say: `${action} with ${resource}`, action, resource, context: { 'ses:FromAddress': plan.mail.from } })))),
    pools: reach(numbers.map((resource) => ({ say: resource, action: 'sms-voice:SendTextMessage', resource }))),
    topics: reach(topics.map((resource) => ({ say: resource, action: 'sns:Publish', resource }))),
  }
}
