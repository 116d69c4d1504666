import type { Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import { systemOf } from '../../lib/actor.ts'
import type { PendingFiles } from '../attachments/service.ts'
import type { ArchivedMail, ArchiveInbox } from '../channels/email/archived-mail.ts'
import { storeParts } from '../channels/email/incoming.ts'
import type { ParsedMail } from '../channels/email/parsed-mail.ts'
import { updateContactActivity } from '../contacts/parts.store.ts'
import { lockConversation } from '../conversations/event-log.ts'
import { bumpConversation } from '../conversations/parts.store.ts'
import { cleanedContent } from '../customers/receive.ts'
import {
  insertGuestMessage,
  insertMessages,
  type MessageRow,
  nextMessageIds,
  senderOf,
} from '../messages/parts.store.ts'
import { addDocuments } from '../search/service.ts'
import { insertConversations } from './conversation.store.ts'

/** A mail to store, and its files. */
export interface NewMail {
  placed: ArchivedMail
  mail: ParsedMail
  sourceId: string
  /** Milliseconds. */
  time: number
  files: PendingFiles
}

/** The conversation of a mail, and the time of its message. */
interface Target {
  id: number
  contact_id: number
  at: number
}

/** Stores a mail as a message, without an event: nobody is notified, and nothing is sent. */
export async function storeArchivedMail(tx: Queries, archive: ArchiveInbox, one: NewMail): Promise<void> {
  const { account_id } = archive.inbox
  const { placed, mail, files } = one
  const target = await openTarget(tx, archive, one)
  const [id] = (await nextMessageIds(tx, account_id, 1)) as [number]
  const row = messageRow(archive, one, target, id)
  await insertMessages(tx, [row])
  await files.attach(tx)
  await bumpConversation(tx, { account_id, id: target.id, at: target.at, unread: 0 })
  const { author_id } = placed
  if (author_id !== null) {
    await updateContactActivity(tx, [{ account_id, id: author_id, at: target.at }])
    if (author_id !== target.contact_id) {
      const guest = { account_id, contact_id: author_id, message_id: id, conversation_id: target.id }
      await insertGuestMessage(tx, guest)
    }
  }
  await storeParts(tx, { ...archive, mail }, { conversation_id: target.id, id, sourceKey: files.sourceKey })
  if (!row.content) return
  const text = { subject: 'message' as const, subject_id: id, conversation_id: target.id, text: row.content }
  await addDocuments(tx, account_id, [text])
}

async function openTarget(
  tx: Queries,
  { inbox }: ArchiveInbox,
  { placed: { place }, mail, time }: NewMail,
): Promise<Target> {
  const { account_id } = inbox
  if ('conversation_id' in place) {
    const row = await lockConversation(tx, systemOf(account_id), place.conversation_id)
    // Times never decrease within a conversation: pages by time rely on it. The mail still shows its own date.
    return { id: row.id, contact_id: row.contact_id, at: Math.max(time, row.last_activity_at) }
  }
  const { contact_id, identity } = place
  const id = await nextId(tx, account_id, 'conversations')
  const row = {
    account_id,
    id,
    inbox_id: inbox.id,
    contact_id,
    source_id: identity,
    status: 'resolved' as const,
    priority: null,
    assignee_id: null,
    team_id: null,
    snoozed_until: null,
    unread_count: 0,
    custom_attributes: '{}',
    additional_attributes: '{}',
    last_activity_at: time,
    agent_last_seen_at: null,
    contact_last_seen_at: null,
    created_at: time,
    updated_at: time,
    origin_id: null,
    subject: mail.subject,
  }
  await insertConversations(tx, [row])
  return { id, contact_id, at: time }
}

function messageRow(
  { inbox }: ArchiveInbox,
  { placed, sourceId, files }: NewMail,
  { id: conversation_id, at }: Target,
  id: number,
): MessageRow {
  const { message_type, author_id, content, email } = placed
  return {
    account_id: inbox.account_id,
    conversation_id,
    id,
    inbox_id: inbox.id,
    message_type,
    content_type: 'text',
    content: cleanedContent(content),
    content_attributes: JSON.stringify({ email }),
    status: 'sent',
    private: 0,
    ...senderOf(message_type, author_id, null),
    echo_id: null,
    source_id: sourceId,
    created_at: at,
    updated_at: at,
    deleted_at: null,
    idempotency_key: null,
    idempotency_hash: null,
    attachments: files.text,
  }
}
