import { startFollowing } from '../../../events/cursors.ts'
import type { Context } from '../../../http/feature.ts'
import { randomSecret } from '../../../lib/secrets.ts'
import { mailTranscript } from '../../actions/effects.ts'
import type { Problem } from '../../inboxes/channels.ts'
import type { Channel } from '../channel.ts'
import { mailRoutes } from './account-routes.ts'
import { automaticReplies } from './automatic/reply.ts'
import { checkContinued } from './continuing/continued-inboxes.ts'
import { continuationSender } from './continuing/sender.ts'
import { startContinuing } from './continuing/target.ts'
import { connectImap } from './imap-connection.ts'
import { inboundRoute } from './inbound-route.ts'
import type { EmailInbox } from './inbox.ts'
import { MailCounters, mailCounters, mailReadings } from './mail-counters.ts'
import { hostProblems } from './mail-host.ts'
import { MailReader, mailReader } from './mail-reader.ts'
import { addMailbox, setWaiting } from './mailbox.store.ts'
import { listenToMailbox } from './mailbox-listener.ts'
import { AccessTokens, accessTokens } from './oauth.ts'
import { dkimProblems } from './outgoing/dkim.ts'
import { messageFields, verifyMailFields } from './outgoing/message-fields.ts'
import { OutgoingCounters, outgoingCounters, outgoingReadings } from './outgoing/outgoing-counters.ts'
import { sendMessageAsMail, smtpPool } from './outgoing/send.ts'
import { checkSmtp } from './outgoing/smtp-check.ts'
import { SmtpPool } from './outgoing/smtp-pool.ts'
import { EmailSettings } from './settings.ts'
import { transcriptRoute } from './transcript-route.ts'
import { requestTranscript } from './transcripts/request.ts'
import { transcriptSender } from './transcripts/sender.ts'

// Milliseconds.
const checkTimeout = 8000

/** Contacts write mails, which a mail server delivers or which are fetched from a mailbox. */
export const channel: Channel<typeof EmailSettings> = {
  type: 'email',
  settings: EmailSettings,
  programsMayWriteAsContact: false,
  reportsDelivery: false,
  isOpenToCustomers: false,
  verify: ({ imap, smtp, oauth, continues }, config) => [
    ...(imap ? [...hostProblems('imap', imap, config), ...passwordProblems('imap', imap, oauth)] : []),
    ...(smtp ? hostProblems('smtp', smtp, config) : []),
    ...(smtp?.dkim ? dkimProblems(smtp.dkim) : []),
    ...(continues?.length && !smtp ? [noServerToContinue] : []),
  ],
  async saved(tx, inbox) {
    const { account_id, id, settings } = inbox
    await startFollowing(tx, account_id, automaticReplies.name)
    await startContinuing(tx, inbox)
    const nothingYet = {
      error: null,
      failing_since: null,
      told_at: null,
      connected_at: null,
      received_at: null,
    }
    await addMailbox(tx, {
      account_id,
      inbox_id: id,
      anchor_key: randomSecret('mail'),
      state: 'waiting',
      ...nothingYet,
      lag: null,
      refresh_token: null,
      refresh_token_of: null,
      created_at: Date.now(),
    })
    if (!settings.imap) await setWaiting(tx, { account_id, inbox_id: id })
  },
  followers: [automaticReplies],
  readings: (context) => [...mailReadings(context), ...outgoingReadings(context)],
  messageFields,
  verifyMessage: verifyMailFields,
  hasSubjects: true,
  setup(context) {
    mailTranscript.fill(context, requestTranscript)
    mailReader.fill(context, new MailReader())
    smtpPool.fill(context, new SmtpPool())
    outgoingCounters.fill(context, new OutgoingCounters())
    accessTokens.fill(context, new AccessTokens())
    mailCounters.fill(context, new MailCounters())
  },
  senders: (context) => [continuationSender(context), transcriptSender(context)],
  send: sendMessageAsMail,
  routes: (app, context) => inboundRoute(app, context, 'email'),
  listen: listenToMailbox,
  async check(inbox, context, signal) {
    const { imap, smtp } = inbox.settings
    // Before `signal` ends: a sentence about the server that does not respond says more.
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(checkTimeout)])
    const problems = await Promise.all([
      checkContinued(context.database.read, inbox),
      imap ? checkImap(inbox, context, inTime) : [],
      smtp ? checkSmtp(context, inbox, smtp, inTime) : [],
    ])
    return problems.flat()
  },
  accountRoutes(app, context) {
    mailRoutes(app, context)
    transcriptRoute(app, context)
  },
}

async function checkImap(inbox: EmailInbox, context: Context, signal: AbortSignal): Promise<Problem[]> {
  try {
    const client = await connectImap(context, inbox, signal)
    await client.logout()
    return []
  } catch (error) {
    return [{ field: 'imap', message: (error as Error).message }]
  }
}

const noServerToContinue: Problem = {
  field: 'smtp',
  message: 'is required with continues',
  code: 'required',
}

function passwordProblems(at: string, server: { password?: string }, oauth: unknown): Problem[] {
  if (server.password || oauth) return []
  return [{ field: `${at}.password`, message: 'is required without oauth', code: 'required' }]
}
