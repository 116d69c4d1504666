import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import type { Actor } from '../../lib/actor.ts'
import { Refusal } from '../../lib/errors.ts'
import { Slot } from '../../lib/slot.ts'
import { toSeconds } from '../../lib/time.ts'
import { findConversationRef } from '../conversations/service.ts'
import type { Draft, NewDraft } from './schema.ts'
import * as store from './store.ts'

/** What must happen after a draft has changed. The feature `realtime` provides it. */
export interface DraftChanges {
  /** Tells the open streams of its user. Call it after the transaction. `version` is 0 if the draft no longer exists. */
  announce(actor: Actor, conversationId: number, version: number): void
}
export const draftChanges = new Slot<DraftChanges>('draft changes')

const noDraft: Draft = { content: '', private: false, version: 0, updated_at: null }

/** Returns the actor's draft in a conversation; an empty one if there is none. Throws `not_found`. */
export async function getDraft(queries: Queries, actor: Actor, conversationId: number): Promise<Draft> {
  await findConversationRef(queries, actor, conversationId)
  return toDraft(await store.findDraft(queries, keyOf(actor, conversationId)))
}

/**
 * Replaces the actor's draft in a conversation, and tells their streams. Throws `not_found`, and `stale` with the
 * other draft if it has another version: it was changed elsewhere.
 */
export async function setDraft(
  database: Database,
  actor: Actor,
  conversationId: number,
  { content, private: isPrivate, version }: NewDraft,
): Promise<Draft> {
  const { accountId } = actor
  const draft = await database.transaction(accountId, async (tx) => {
    await findConversationRef(tx, actor, conversationId)
    const key = keyOf(actor, conversationId)
    const before = await store.findDraft(tx, key)
    if ((before?.version ?? 0) !== version) {
      const sentence = 'the draft was changed elsewhere: send the version of the other one to replace it'
      throw new Refusal('stale', sentence, { details: { draft: toDraft(before) } })
    }
    if (content === '') {
      await store.deleteDraft(tx, key, version)
      return noDraft
    }
    const next = await nextId(tx, accountId, 'drafts')
    const row = { ...key, content, private: isPrivate ? 1 : 0, version: next, updated_at: Date.now() }
    await store.upsertDraft(tx, row)
    return toDraft(row)
  })
  draftChanges.of(database).announce(actor, conversationId, draft.version)
  return draft
}

/**
 * Deletes the actor's draft in a conversation, because it is sent, in the transaction of the message. A draft that is newer
 * than `version` stays.
 */
export async function forgetDraft(
  tx: Queries,
  actor: Actor,
  conversationId: number,
  version: number,
): Promise<void> {
  await store.deleteDraft(tx, keyOf(actor, conversationId), version)
}

/** Tells the actor's streams that a draft was sent. Call it after the transaction. */
export async function announceSent(database: Database, actor: Actor, conversationId: number): Promise<void> {
  const row = await store.findDraft(database.read, keyOf(actor, conversationId))
  draftChanges.of(database).announce(actor, conversationId, row?.version ?? 0)
}

function keyOf({ accountId, userId }: Actor, conversation_id: number): store.Key {
  return { account_id: accountId, conversation_id, user_id: userId }
}

function toDraft(row: store.Row | undefined): Draft {
  if (!row) return noDraft
  const { content, version, updated_at } = row
  return { content, private: row.private === 1, version, updated_at: toSeconds(updated_at) }
}
