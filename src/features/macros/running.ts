import type { Database } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import type { Actor } from '../../lib/actor.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { toSeconds } from '../../lib/time.ts'
import { teamOf } from '../actions/service.ts'
import { differences, runUndoably, undoActions } from '../actions/undo.ts'
import { onlineUsers } from '../conversations/change.ts'
import { lockConversation } from '../conversations/event-log.ts'
import { type MacroPreview, type MacroRun, undoTime } from './schema.ts'
import { getMacro } from './service.ts'
import * as store from './store.ts'

/** Runs a macro on a conversation: all of its actions, or none. Throws `not_found`, and what an action throws. */
export async function runMacro(
  database: Database,
  actor: Actor,
  id: number,
  conversationId: number,
): Promise<MacroRun> {
  const { accountId, userId } = actor
  const macro = await getMacro(database.read, actor, id)
  const online = await onlineUsers(database, actor, teamOf(macro.actions))
  return database.transaction(accountId, async (tx) => {
    const { before, after, sent } = await runUndoably(tx, actor, conversationId, macro.actions, online)
    const now = Date.now()
    await store.deleteOldRuns(tx, accountId, conversationId, now - undoTime)
    const row = {
      account_id: accountId,
      id: await nextId(tx, accountId, 'macro_runs'),
      macro_id: macro.id,
      conversation_id: conversationId,
      run_by: userId,
      before: JSON.stringify(before),
      after: JSON.stringify(after),
      message_ids: JSON.stringify(sent),
      undone_at: null,
      created_at: now,
    }
    await store.insertRun(tx, row)
    return toRun(row)
  })
}

/** Thrown to roll back what a preview has done. */
class Previewed extends Error {
  readonly preview: MacroPreview
  constructor(preview: MacroPreview) {
    super('previewed')
    this.preview = preview
  }
}

/** Returns what a macro would do to a conversation, by doing it and rolling it back. Throws as `runMacro` does. */
export async function previewMacro(
  database: Database,
  actor: Actor,
  id: number,
  conversationId: number,
): Promise<MacroPreview> {
  const macro = await getMacro(database.read, actor, id)
  const online = await onlineUsers(database, actor, teamOf(macro.actions))
  try {
    return await database.transaction(actor.accountId, async (tx) => {
      const { before, after, sent } = await runUndoably(tx, actor, conversationId, macro.actions, online)
      const messages = await store.selectContents(tx, actor.accountId, conversationId, sent)
      throw new Previewed({ ...differences(before, after), messages })
    })
  } catch (error) {
    if (error instanceof Previewed) return error.preview
    throw error
  }
}

/**
 * Undoes a run: the conversation and its contact are as before, and the messages that it has sent are erased. Throws
 * `not_found`, `forbidden` for the run of another user, `conflict` if it was undone already, and `stale` if it is too late
 * or something has changed since.
 */
export async function undoRun(database: Database, actor: Actor, id: number): Promise<MacroRun> {
  const { accountId, userId } = actor
  const key = { account_id: accountId, id }
  const undone = await database.transaction(accountId, async (tx) => {
    const row = await store.findRun(tx, key)
    if (!row) throw notFound('macro run')
    const { conversation_id } = row
    await lockConversation(tx, actor, conversation_id)
    if (row.run_by !== userId) throw new Refusal('forbidden', 'only the user who ran a macro may undo it')
    // Read again: another request may have undone it while this one waited for the conversation.
    const { undone_at, created_at } = (await store.findRun(tx, key))!
    if (undone_at !== null) throw new Refusal('conflict', 'the macro was already undone')
    if (Date.now() > created_at + undoTime) throw new Refusal('stale', 'it is too late to undo the macro')
    const { before, after, message_ids } = row
    const effect = { before: JSON.parse(before), after: JSON.parse(after), sent: JSON.parse(message_ids) }
    await undoActions(tx, actor, conversation_id, effect)
    const now = Date.now()
    await store.setUndone(tx, key, now)
    return toRun({ ...row, undone_at: now })
  })
  await database.wipeErased()
  return undone
}

function toRun(row: store.RunRow): MacroRun {
  const { id, macro_id, conversation_id, run_by } = row
  return {
    ...{ id, macro_id, conversation_id, run_by },
    ...differences(JSON.parse(row.before), JSON.parse(row.after)),
    message_ids: JSON.parse(row.message_ids),
    undoable_until: toSeconds(row.created_at + undoTime),
    undone_at: row.undone_at === null ? null : toSeconds(row.undone_at),
  }
}
