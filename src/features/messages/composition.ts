import type { Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid, Refusal } from '../../lib/errors.ts'
import { mostFiles } from '../attachments/schema.ts'
import { renderText, signatureOf } from '../canned-responses/rendering.ts'
import { filesOf } from '../canned-responses/service.ts'
import { lockConversation } from '../conversations/event-log.ts'
import { findConversationRef } from '../conversations/service.ts'
import { forgetDraft } from '../drafts/service.ts'
import { maxContent, type NewMessage } from './schema.ts'
import { findByIdempotencyKey, findMessage, findReplyOfOthers } from './store.ts'
import type { Posting } from './verdict.store.ts'

/** The fields of a draft with which the server completes it: those of the canned responses, and the signature. */
export function compositionOf({
  canned_response_ids: ids = [],
  fill_in = true,
  append_signature = false,
}: NewMessage) {
  return ids.length > 0 || append_signature
    ? { ids, fillsIn: fill_in && ids.length > 0, append_signature }
    : undefined
}

/** Whether something else has to happen in the transaction of a message than that it is stored. */
export function needsTransaction(draft: NewMessage): boolean {
  const { draft_version, last_seen_message_id } = draft
  return [draft_version, last_seen_message_id, compositionOf(draft)].some((one) => one !== undefined)
}

/** Throws `invalid` if a draft that is not for the contact, or not by an agent, is to be completed in this way. */
export function assertMayCompose(draft: NewMessage): void {
  const { canned_response_ids, append_signature, message_type, last_seen_message_id } = draft
  if (last_seen_message_id !== undefined && (draft.private || message_type === 'incoming'))
    throw invalid('last_seen_message_id', 'is only for replies to the contact')
  if (append_signature && draft.private) throw invalid('append_signature', 'must be false for a private note')
  if (message_type !== 'incoming') return
  if (canned_response_ids?.length)
    throw invalid('canned_response_ids', 'must be empty for an incoming message')
  if (append_signature) throw invalid('append_signature', 'must be false for an incoming message')
}

/**
 * Completes a posting: fills in the variables of its content, adds the files of its canned responses, and the signature. The
 * draft that is sent with it is deleted.
 * Call it in the transaction of the message, so that the files still exist. Throws `not_found` for the conversation,
 * `stale` if somebody else has replied since `last_seen_message_id`, and `invalid` for an unknown canned response, and if the
 * result is empty, too long or has too many files.
 */
export async function compose(
  tx: Queries,
  actor: Actor,
  posting: Posting,
  draft: NewMessage,
  uploaded: number,
): Promise<Posting> {
  if (draft.draft_version !== undefined)
    await forgetDraft(tx, actor, posting.conversation_id, draft.draft_version)
  const composition = compositionOf(draft)
  const { last_seen_message_id: seen } = draft
  if ((!composition && seen === undefined) || (await isRepeated(tx, posting))) return posting
  if (seen !== undefined) await assertNoReplySince(tx, actor, posting, seen)
  if (!composition) return posting
  const { ids, fillsIn, append_signature } = composition
  const files = await filesOf(tx, actor, ids)
  if (files.length + uploaded > mostFiles)
    throw invalid(
      'attachments',
      `must be at most ${mostFiles} files with those of the canned responses`,
      'too_many_items',
    )
  const { conversation_id } = posting
  const filled = fillsIn ? await renderText(tx, actor, conversation_id, draft.content) : draft.content
  const content = append_signature ? await signed(tx, actor, conversation_id, filled) : filled
  if (content.length > maxContent) {
    throw invalid(
      'content',
      `must have at most ${maxContent} characters with its variables filled in`,
      'too_long',
    )
  }
  if (!content.trim() && files.length + uploaded === 0) {
    throw invalid('content', 'must not be empty with its variables filled in', 'empty')
  }
  return { ...posting, content, attachments: files.length > 0 ? JSON.stringify(files) : null }
}

/** Locks the conversation, so that no reply comes between the question and the message. */
async function assertNoReplySince(tx: Queries, actor: Actor, posting: Posting, seen: number): Promise<void> {
  await lockConversation(tx, actor, posting.conversation_id)
  const { account_id, conversation_id } = posting
  if (!(await findMessage(tx, { account_id, conversation_id, id: seen })))
    throw new Refusal('stale', `message ${seen} is not in this conversation`)
  const reply = await findReplyOfOthers(tx, posting, seen)
  if (!reply) return
  const { id, name } = reply
  const sentence = `${name} has replied since message ${seen}: look at message ${id} before you send yours`
  throw new Refusal('stale', sentence)
}

/** Whether an earlier request has sent it: then it does not matter what has become of its canned responses. */
async function isRepeated(tx: Queries, { account_id, conversation_id, idempotency_key }: Posting) {
  if (idempotency_key === null) return false
  return (await findByIdempotencyKey(tx, { account_id, conversation_id }, idempotency_key)) !== undefined
}

async function signed(tx: Queries, actor: Actor, conversationId: number, content: string): Promise<string> {
  const { inbox_id } = await findConversationRef(tx, actor, conversationId)
  const signature = (await signatureOf(tx, actor, inbox_id)).content
  if (!signature) return content
  return [content, await renderText(tx, actor, conversationId, signature)].filter(Boolean).join('\n\n')
}
