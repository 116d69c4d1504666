import type { LocalFile } from '../../../files/storage.ts'
import type { Context } from '../../../http/feature.ts'
import { storeSent } from '../../customers/sent.ts'
import { readMessageId } from './anchors.ts'
import type { MailResult } from './arrival.ts'
import type { EmailInbox } from './inbox.ts'
import { type Delivery, MailUpload, noteMail, parseArrival } from './incoming.ts'
import { contentOf } from './mail-attributes.ts'
import { anchorsOf, findAnsweredConversation } from './threading.ts'

/**
 * Stores a mail that somebody has sent with another program from the address of the inbox, as an outgoing message in the
 * conversation that it answers. It is not sent again. Mails that were sent from here are known, and those that answer
 * nothing are left out. `raw` is removed.
 */
export async function receiveSentMail(
  context: Context,
  inbox: EmailInbox,
  raw: LocalFile,
  delivery: Delivery,
): Promise<MailResult> {
  const upload = new MailUpload(context, raw)
  try {
    const arrival = await parseArrival(context, inbox, raw)
    const { mail, key, source_id } = arrival
    upload.add(mail)
    if (mail.message_id && readMessageId(key, mail.message_id)) return { state: 'handled' }
    const { account_id, id: inbox_id } = inbox
    const anchors = anchorsOf(key, mail)
    const of = { account_id, inbox_id }
    const conversation_id = await findAnsweredConversation(context.database.read, key, anchors, of)
    if (conversation_id === undefined) return { state: 'handled' }
    const { content, email } = contentOf(mail, { email: inbox.settings.email })
    return await storeSent(context, of, {
      source_id,
      conversation_id,
      content,
      attributes: { email },
      upload: upload.toUpload(mail),
      stored: (tx, message) => noteMail(tx, arrival, message, delivery),
    })
  } finally {
    await upload.discard()
  }
}
