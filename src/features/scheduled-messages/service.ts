import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid, notFound, Refusal } from '../../lib/errors.ts'
import type { StoredAttachment } from '../attachments/parts.store.ts'
import { mostFiles } from '../attachments/schema.ts'
import { type Upload, withStoredFiles } from '../attachments/service.ts'
import { filesOf } from '../canned-responses/service.ts'
import { lockConversation } from '../conversations/event-log.ts'
import { findConversationRef } from '../conversations/service.ts'
import { assertMayAnswer } from '../messages/answered-message.ts'
import { assertChannelFields } from '../messages/channel-fields.ts'
import { assertMayCompose } from '../messages/composition.ts'
import { contentAttributesText } from '../messages/content.ts'
import { scheduledMessageEvents, stateOf } from './events.ts'
import {
  mostScheduled,
  type NewScheduledMessage,
  type ScheduledMessage,
  type ScheduledMessageChange,
} from './schema.ts'
import * as store from './store.ts'

// Milliseconds.
const furthest = 2 * 366 * 24 * 3_600_000

/** Returns the scheduled messages of a conversation, the next one first. Throws `not_found`. */
export async function listScheduled(
  queries: Queries,
  actor: Actor,
  conversationId: number,
): Promise<ScheduledMessage[]> {
  await findConversationRef(queries, actor, conversationId)
  return store.selectScheduled(queries, actor.accountId, conversationId)
}

/**
 * Schedules a message, with the files of `upload`. Throws `not_found`, `invalid` for a time that is past or too far away,
 * and `limit_reached`.
 */
export function schedule(
  database: Database,
  actor: Actor,
  conversationId: number,
  input: NewScheduledMessage,
  upload?: Upload,
): Promise<ScheduledMessage> {
  const { accountId, userId } = actor
  const { content, cancel_if_contact_replies, canned_response_ids: cannedIds = [] } = input
  const draft = draftOf(input)
  if (!content.trim() && !upload?.count && cannedIds.length === 0)
    throw invalid('content', 'must not be empty without files', 'empty')
  assertMayCompose(draft)
  return withStoredFiles(accountId, upload, (files) =>
    database.transaction(accountId, async (tx) => {
      await findConversationRef(tx, actor, conversationId)
      if ((await store.countScheduled(tx, accountId, conversationId)) >= mostScheduled)
        throw new Refusal('limit_reached', `the conversation has ${mostScheduled} scheduled messages already`)
      const send_at = timeOf(input.send_at)
      await assertChannelFields(tx, actor, conversationId, draft)
      await assertMayAnswer(tx, actor, conversationId, draft)
      // Now: the canned responses may have been changed or deleted by then.
      const attachments = filesTogether(files?.text ?? null, await filesOf(tx, actor, cannedIds))
      const now = Date.now()
      const key = { account_id: accountId, id: await nextId(tx, accountId, 'scheduled_messages') }
      await store.insertScheduled(tx, {
        ...key,
        conversation_id: conversationId,
        author_id: userId,
        content,
        private: input.private ? 1 : 0,
        attachments,
        content_attributes: contentAttributesText(draft),
        append_signature: input.append_signature ? 1 : 0,
        fill_in: cannedIds.length > 0 ? 1 : 0,
        send_at,
        due_at: send_at,
        cancel_if_contact_replies: cancel_if_contact_replies ? 1 : 0,
        status: 'pending',
        reason: null,
        created_at: now,
        updated_at: now,
      })
      await files?.attach(tx)
      const created = await getScheduled(tx, key, conversationId)
      await scheduledMessageEvents.created(tx, actor, stateOf(created))
      return created
    }),
  )
}

/**
 * Changes a scheduled message of the actor. One that was cancelled or has failed is pending again with a new `send_at`.
 * Throws `not_found`, `forbidden` for one of another author, and `invalid` as `schedule` does.
 */
export function changeScheduled(
  database: Database,
  actor: Actor,
  conversationId: number,
  id: number,
  input: ScheduledMessageChange,
): Promise<ScheduledMessage> {
  const key = { account_id: actor.accountId, id }
  return database.transaction(actor.accountId, async (tx) => {
    const before = await lockForChange(tx, actor, key, conversationId)
    // The message would be sent in the name of its author.
    if (before.author_id !== actor.userId)
      throw new Refusal('forbidden', 'only its author may change a scheduled message')
    const { content = before.content, cancel_if_contact_replies = before.cancel_if_contact_replies } = input
    const isNote = input.private ?? before.private
    const send_at = input.send_at === undefined ? undefined : timeOf(input.send_at)
    await store.updateScheduled(tx, key, {
      content,
      private: isNote ? 1 : 0,
      cancel_if_contact_replies: cancel_if_contact_replies ? 1 : 0,
      ...(send_at === undefined ? {} : { send_at, due_at: send_at, status: 'pending', reason: null }),
    })
    const after = await getScheduled(tx, key, conversationId)
    const also = content === before.content ? [] : ['content']
    await scheduledMessageEvents.updated(tx, actor, stateOf(before), stateOf(after), also)
    return after
  })
}

/** Deletes a scheduled message, so that it is not sent. Throws `not_found`. */
export function removeScheduled(
  database: Database,
  actor: Actor,
  conversationId: number,
  id: number,
): Promise<void> {
  const key = { account_id: actor.accountId, id }
  return database.transaction(actor.accountId, async (tx) => {
    const before = await lockForChange(tx, actor, key, conversationId)
    await store.deleteScheduled(tx, key)
    await scheduledMessageEvents.deleted(tx, actor, stateOf(before))
  })
}

/**
 * Returns a scheduled message that no message of the contact can cancel meanwhile. Throws `not_found`, also once it was
 * sent. A message locks its conversation before its trigger changes the row: in the other order, both could wait.
 */
async function lockForChange(tx: Queries, actor: Actor, key: store.Key, conversationId: number) {
  await lockConversation(tx, actor, conversationId)
  return getScheduled(tx, key, conversationId)
}

async function getScheduled(tx: Queries, key: store.Key, conversationId: number): Promise<ScheduledMessage> {
  const found = await store.findScheduled(tx, key, conversationId)
  if (!found) throw notFound('scheduled message')
  return found
}

/** The message as it will be sent. */
function draftOf({ content, private: isNote, content_attributes, append_signature }: NewScheduledMessage) {
  const type = { content_type: 'text', message_type: 'outgoing' } as const
  const signature = append_signature === undefined ? {} : { append_signature }
  return { ...type, content, private: isNote, content_attributes, ...signature }
}

/** The files of a request and those of canned responses, as a JSON list; null if there are none. */
function filesTogether(uploaded: string | null, canned: readonly StoredAttachment[]): string | null {
  const all = [...(uploaded === null ? [] : JSON.parse(uploaded)), ...canned]
  if (all.length > mostFiles)
    throw invalid(
      'attachments',
      `must be at most ${mostFiles} files with those of the canned responses`,
      'too_many_items',
    )
  return all.length > 0 ? JSON.stringify(all) : null
}

function timeOf(seconds: number): number {
  const time = seconds * 1000
  if (time <= Date.now()) throw invalid('send_at', 'must be in the future', 'in_the_past')
  if (time > Date.now() + furthest) throw invalid('send_at', 'must be within two years', 'too_large')
  return time
}
