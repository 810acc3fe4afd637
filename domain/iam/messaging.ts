/** Messages that the task role could send and should not. Pure. */
import type { Plan } from '#plan/expect.ts'
import { evaluate, parsePolicy } from '../iam.ts'
import { witnesses } from './witness.ts'

export interface Open { senders: readonly string[]; identities: readonly string[]; pools: readonly string[]; topics: readonly string[] }

export function messaging(role: string, documents: readonly unknown[], plan: Plan): Open {
  const identity = documents.map(parsePolicy)
  const may = (action: string, resource: string, context: Record<string, string> = {}) =>
    ['allow', 'unknown'].includes(evaluate({ principal: { kind: 'role', arn: role }, action, resource, context: { 'aws:SecureTransport': 'true', ...context } }, { identity, resourceAccount: plan.account }).effect)
  const arn = (service: string, rest: string) => `arn:aws:${service}:${plan.region}:${plan.account}:${rest}`
  const ours = arn('ses', `identity/${plan.mail.domain}`)
  const from = { 'ses:FromAddress': plan.mail.from }
  const mails = ['ses:SendEmail', 'ses:SendRawEmail', 'ses:SendTemplatedEmail', 'ses:SendBulkEmail']
  const notOurs = [...new Set([arn('ses', 'identity/other.example'), ...mails.flatMap((action) => witnesses(documents, action))])].filter((one) => one !== ours && !one.includes(':configuration-set/') && !one.includes(':template/'))
  const numbers = [arn('sms-voice', 'pool/other'), arn('sms-voice', 'phone-number/other'), ...witnesses(documents, 'sms-voice:SendTextMessage')].filter((one) => one !== arn('sms-voice', `pool/${plan.mail.pool}`))
  const feedback = arn('sns', `${plan.naming.prefix}-ses-notifications-${plan.naming.environment}`)
  return {
    senders: mails.filter((action) => may(action, ours, { 'ses:FromAddress': 'anyone@other.example' })).map((action) => `${action} from any address`),
    identities: mails.flatMap((action) => notOurs.filter((one) => may(action, one, from)).map((one) => `${action} with ${one}`)),
    pools: [...new Set(numbers)].filter((one) => may('sms-voice:SendTextMessage', one)),
    topics: [...new Set([feedback, ...witnesses(documents, 'sns:Publish')])].filter((one) => may('sns:Publish', one)),
  }
}
