import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import type { Tables } from '../../db/tables.ts'
import type { Move } from './message.store.ts'
import { type MovedNotification, moveNotifications, returnNotifications } from './notification.store.ts'
import {
  copyMentions,
  copyParticipants,
  type MovedMention,
  returnMentions,
  returnParticipants,
} from './participant.store.ts'

/** What belongs to a conversation besides its messages, and came to another one with a merge. */
export interface Belongings {
  /** The ids of labels that the other one did not have. */
  labels: number[]
  scheduled: number[]
  proposals: number[]
  /** The users whose drafts were moved. */
  drafts: number[]
  /** The users who follow the other one because of it. */
  participants: number[]
  /** Missing in a merge of before mentions were moved. */
  mentions?: MovedMention[]
  /** Missing in a merge of before notifications were moved. */
  notifications?: MovedNotification[]
}

export type ConversationRow = Selectable<Tables['conversations']>

/** Returns a conversation, merged or not, and locks it against new messages until the transaction ends. */
export function lockRow(tx: Queries, accountId: number, id: number): Promise<ConversationRow | undefined> {
  const all = tx.sql.selectFrom('conversations').selectAll().where('account_id', '=', accountId)
  const one = all.where('id', '=', id)
  return (tx.engine === 'postgres' ? one.forUpdate() : one).executeTakeFirst()
}

export async function insertConversation(
  tx: Queries,
  row: Insertable<Tables['conversations']>,
): Promise<void> {
  await tx.sql.insertInto('conversations').values(row).execute()
}

/** Sets columns of a conversation, and nothing else. */
export async function setColumns(
  tx: Queries,
  accountId: number,
  id: number,
  columns: Updateable<Tables['conversations']>,
): Promise<void> {
  const update = tx.sql.updateTable('conversations').set(columns).where('account_id', '=', accountId)
  await update.where('id', '=', id).execute()
}

/** Moves what is prepared in a conversation to another one, which also gets its labels. Returns what was moved. */
export async function moveBelongings(tx: Queries, place: Move): Promise<Belongings> {
  return {
    labels: await copyLabels(tx, place),
    scheduled: await movePending(tx, 'scheduled_messages', place),
    proposals: await movePending(tx, 'proposals', place),
    drafts: await moveDrafts(tx, place),
    mentions: await copyMentions(tx, place),
    participants: await copyParticipants(tx, place),
    notifications: await moveNotifications(tx, place, Date.now()),
  }
}

/** Moves back what is still there. */
export async function returnBelongings(tx: Queries, place: Move, all: Belongings): Promise<void> {
  const { account_id, from_id, to_id } = place
  await returnNotifications(tx, place, all.notifications ?? [])
  if (all.labels.length > 0) {
    const labels = tx.sql.deleteFrom('conversation_labels').where('account_id', '=', account_id)
    await labels.where('conversation_id', '=', to_id).where('label_id', 'in', all.labels).execute()
  }
  for (const [table, ids] of [
    ['scheduled_messages', all.scheduled],
    ['proposals', all.proposals],
  ] as const) {
    if (ids.length === 0) continue
    const rows = tx.sql.updateTable(table).set({ conversation_id: from_id })
    await rows
      .where('account_id', '=', account_id)
      .where('conversation_id', '=', to_id)
      .where('id', 'in', ids)
      .execute()
  }
  await returnParticipants(tx, place, all.participants)
  await returnMentions(tx, place, all.mentions ?? [])
  if (all.drafts.length === 0) return
  const drafts = tx.sql.updateTable('drafts').set({ conversation_id: from_id })
  await drafts
    .where('account_id', '=', account_id)
    .where('conversation_id', '=', to_id)
    .where('user_id', 'in', all.drafts)
    .execute()
}

async function copyLabels(tx: Queries, { account_id, from_id, to_id }: Move): Promise<number[]> {
  const { rows } = await sql<{ label_id: number }>`select label_id from conversation_labels w
    where account_id = ${account_id} and conversation_id = ${from_id} and not exists (
      select 1 from conversation_labels o where o.account_id = w.account_id and o.conversation_id = ${to_id}
        and o.label_id = w.label_id)
    order by label_id`.execute(tx.sql)
  const added = rows.map(({ label_id }) => ({ account_id, conversation_id: to_id, label_id }))
  if (added.length > 0) await tx.sql.insertInto('conversation_labels').values(added).execute()
  return rows.map(({ label_id }) => label_id)
}

async function movePending(
  tx: Queries,
  table: 'scheduled_messages' | 'proposals',
  { account_id, from_id, to_id }: Move,
): Promise<number[]> {
  const rows = await tx.sql
    .updateTable(table)
    .set({ conversation_id: to_id })
    .where('account_id', '=', account_id)
    .where('conversation_id', '=', from_id)
    .where('status', '=', 'pending')
    .returning('id')
    .execute()
  return rows.map(({ id }) => id)
}

// Of a draft, as the API accepts it.
const longestDraft = 150_000

/** Moves drafts. One of a user who has a draft in the other conversation, too, is added to that. */
async function moveDrafts(tx: Queries, { account_id, from_id, to_id }: Move): Promise<number[]> {
  const drafts = tx.sql.selectFrom('drafts').selectAll().where('account_id', '=', account_id)
  const [from, to] = [
    await drafts.where('conversation_id', '=', from_id).execute(),
    await drafts.where('conversation_id', '=', to_id).execute(),
  ]
  const moved: number[] = []
  const update = (conversationId: number, userId: number) =>
    tx.sql
      .updateTable('drafts')
      .where('account_id', '=', account_id)
      .where('conversation_id', '=', conversationId)
      .where('user_id', '=', userId)
  for (const draft of from) {
    const { user_id } = draft
    const other = to.find((one) => one.user_id === user_id)
    if (!other) {
      await update(from_id, user_id).set({ conversation_id: to_id }).execute()
      moved.push(user_id)
      continue
    }
    const content = `${other.content}\n\n${draft.content}`
    if (content.length > longestDraft) continue
    const version = await nextId(tx, account_id, 'drafts')
    await update(to_id, user_id).set({ content, version, updated_at: Date.now() }).execute()
    const rows = tx.sql.deleteFrom('drafts').where('account_id', '=', account_id)
    await rows.where('conversation_id', '=', from_id).where('user_id', '=', user_id).execute()
  }
  return moved
}
