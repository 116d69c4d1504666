import type { Queries } from '../../../db/database.ts'
import type { Context } from '../../../http/feature.ts'
import { type Actor, systemOf } from '../../../lib/actor.ts'
import { notFound } from '../../../lib/errors.ts'
import { mailer } from '../../../lib/mail.ts'
import { toSeconds } from '../../../lib/time.ts'
import { listAgents } from '../../agents/service.ts'
import { findInbox } from '../../inboxes/service.ts'
import { type EmailInbox, emailInbox } from './inbox.ts'
import { claimNotice, findMailbox, setConnected, setFailing } from './mailbox.store.ts'
import { dkimRecord } from './outgoing/dkim.ts'
import type { Mailbox } from './schema.ts'

// Milliseconds that a mailbox must fail before administrators get a mail: most failures end by themselves.
const noticeAfter = 10 * 60_000

/** Whether the mails of an inbox arrive. Throws `not_found`, also if it is no e-mail inbox. */
export async function getMailboxState(queries: Queries, actor: Actor, id: number): Promise<Mailbox> {
  const inbox = await findInbox(queries, actor, id)
  const row = inbox && (await findMailbox(queries, { account_id: actor.accountId, inbox_id: id }))
  if (!row) throw notFound('mailbox')
  const { state, error, failing_since, connected_at, received_at, lag } = row
  const dkim = (await emailInbox(queries, { account_id: actor.accountId, id }))?.settings.smtp?.dkim
  return {
    state: state as Mailbox['state'],
    error,
    failing_since: toSeconds(failing_since),
    connected_at: toSeconds(connected_at),
    received_at: toSeconds(received_at),
    lag: lag === null ? null : lag / 1000,
    dkim_record: dkim ? dkimRecord(dkim) : null,
  }
}

/** Records that the mailbox of an inbox can be read. */
export async function noteConnected({ database }: Context, inbox: EmailInbox): Promise<void> {
  await database.transaction(inbox.account_id, (tx) => setConnected(tx, keyOf(inbox), Date.now()))
}

/**
 * Records why the mailbox of an inbox cannot be read. After ten minutes administrators get one mail about it, and the next
 * one only if it has worked in between.
 */
export async function noteFailure(context: Context, inbox: EmailInbox, sentence: string): Promise<void> {
  const { database, config } = context
  const now = Date.now()
  const isDue = await database.transaction(inbox.account_id, async (tx) => {
    await setFailing(tx, keyOf(inbox), sentence, now)
    return claimNotice(tx, keyOf(inbox), { now, before: now - noticeAfter })
  })
  if (!isDue || config.mail.url === undefined) return
  const send = mailer(
    config.mail.url,
    config.mail.from ?? `Ndoto <ndoto@${new URL(config.publicUrl).hostname}>`,
  )
  const agents = await listAgents(database.read, systemOf(inbox.account_id))
  for (const { name, email } of agents.filter(({ role }) => role === 'administrator')) {
    const text = `Hello ${name},\n\n${noticeText(inbox, sentence, config.publicUrl)}\n`
    await send({
      to: { name, address: email },
      subject: `No mails from ${inbox.settings.email}`,
      text,
    }).catch(() => {})
  }
}

function noticeText({ name, settings }: EmailInbox, sentence: string, publicUrl: string): string {
  return `The mails to ${settings.email} (inbox "${name}") have not been fetched for ten minutes:

${sentence}

Ndoto tries again every minute, and loses no mail. You get no further message about this failure.

${publicUrl}/settings`
}

function keyOf({ account_id, id }: EmailInbox) {
  return { account_id, inbox_id: id }
}
