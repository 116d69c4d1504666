import type { Context } from '../../../../http/feature.ts'
import { Slot } from '../../../../lib/slot.ts'
import type { Outcome, Outgoing } from '../../channel.ts'
import type { EmailInbox } from '../inbox.ts'
import { admitPeople } from '../people.ts'
import type { EmailSettings, SmtpSettings } from '../settings.ts'
import { composeMail, envelopeOf } from './compose.ts'
import { attributesOf, type MailDraft, mailOfMessage, openFiles, othersOf } from './mail-of-message.ts'
import { outgoingCounters } from './outgoing-counters.ts'
import { failureOf, partlyRejected } from './smtp-failure.ts'
import type { SmtpPool } from './smtp-pool.ts'
import { withServer } from './smtp-server.ts'
import type { SmtpServer } from './smtp-session.ts'

/** The connections of a server to mail servers. */
export const smtpPool = new Slot<SmtpPool>('smtp pool')

const noServer = 'This inbox has no server for outgoing mails: an administrator has to add one.'

/** Sends a message of an agent as a mail. */
export async function sendMessageAsMail(
  outgoing: Outgoing<EmailSettings>,
  context: Context,
  signal: AbortSignal,
): Promise<Outcome> {
  const { inbox, message } = outgoing
  const mail = await mailOfMessage(context, outgoing)
  if (typeof mail === 'string') return { state: 'failed', reason: mail }
  const { account_id, settings } = inbox
  const conversation = { account_id, conversation_id: message.conversation_id }
  const others = othersOf(mail, outgoing)
  // Before it is sent: an answer can arrive at once.
  if (others.length > 0) {
    await context.database.transaction(account_id, (tx) =>
      admitPeople(tx, conversation, settings.email, others),
    )
  }
  return sendMail(context, inbox, mail, signal)
}

/** Sends a mail through the server of an inbox. */
export async function sendMail(
  context: Context,
  inbox: EmailInbox,
  mail: MailDraft,
  signal: AbortSignal,
): Promise<Outcome> {
  const { smtp } = inbox.settings
  if (!smtp) return { state: 'failed', reason: noServer }
  const outcome = await attempt(context, inbox, smtp, mail, signal)
  outgoingCounters.of(context).count(outcome.state)
  if (outcome.state !== 'sent') return outcome
  return { state: 'sent', sourceId: mail.messageId, attributes: { email: attributesOf(mail) } }
}

async function attempt(
  context: Context,
  inbox: EmailInbox,
  smtp: SmtpSettings,
  mail: MailDraft,
  signal: AbortSignal,
): Promise<Outcome> {
  const raw = async () => composeMail(mail, await openFiles(context, inbox.account_id, mail.files), smtp.dkim)
  const send = (server: SmtpServer) => smtpPool.of(context).send(server, envelopeOf(mail), raw, signal)
  try {
    const rejected = await withServer(context, inbox, smtp, send)
    return rejected.length > 0 ? partlyRejected(rejected, smtp.host) : { state: 'sent' }
  } catch (error) {
    return failureOf(error, smtp.host)
  }
}
