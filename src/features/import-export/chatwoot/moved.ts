import type { Queries } from '../../../db/database.ts'
import { type MessageKey, selectConversations, selectMessages } from './content.store.ts'
import type { Move } from './move.ts'
import { selectMessagesOfContacts, selectMoves } from './moved.store.ts'

/*
 * Conversations can have been merged and split here since they were imported: a later import finds them by their ids.
 */

type StoredMessage = Awaited<ReturnType<typeof selectMessages>>[number]
type ConversationRow = Awaited<ReturnType<typeof selectConversations>>[number]

/** Returns conversations by their ids; for one that was merged, the conversation that has its messages. */
async function currentConversations(
  queries: Queries,
  accountId: number,
  ids: readonly number[],
): Promise<Map<number, ConversationRow>> {
  const rows = new Map<number, ConversationRow>()
  for (let missing = [...ids]; missing.length > 0; ) {
    const found = await selectConversations(queries, accountId, missing)
    for (const row of found) rows.set(row.id, row)
    missing = found.flatMap(({ merged_into_id: target }) =>
      target === null || rows.has(target) ? [] : target,
    )
  }
  const current = (row: ConversationRow | undefined): ConversationRow | undefined =>
    row && row.merged_into_id !== null ? current(rows.get(row.merged_into_id)) : row
  return new Map(ids.flatMap((id) => [current(rows.get(id))].flatMap((row) => (row ? [[id, row]] : []))))
}

/**
 * The conversations to which messages of conversations with these ids go, as they are before. In a dry run, all would be
 * here by now.
 */
export async function conversationsOf({ accountId, isDryRun }: Move, queries: Queries, ids: number[]) {
  const rows = await currentConversations(queries, accountId, ids)
  const states = new Map(
    [...rows.values()].map((row) => {
      const { last_message_id, last_message_at } = row
      return [
        row.id,
        { ...row, last_message_id: last_message_id ?? 0, last_message_at: last_message_at ?? 0 },
      ]
    }),
  )
  const conversations = new Map([...rows].map(([id, row]) => [id, states.get(row.id)!]))
  if (!isDryRun) return conversations
  // Those that would be here by now.
  const fresh = {
    inbox_id: 0,
    contact_id: 0,
    last_activity_at: 0,
    updated_at: 0,
    merged_into_id: null,
    last_message_id: 0,
    last_message_at: 0,
  }
  for (const id of ids) if (!conversations.has(id)) conversations.set(id, { id, ...fresh })
  return conversations
}

/** Returns messages by their ids, wherever merges and splits have moved them from these conversations. */
export async function findMessages(
  queries: Queries,
  accountId: number,
  keys: readonly MessageKey[],
): Promise<Map<number, StoredMessage>> {
  const places = await placesOf(
    queries,
    accountId,
    keys.map(({ conversation_id }) => conversation_id),
  )
  const possible = keys.flatMap(({ conversation_id, id }) =>
    [...places.get(conversation_id)!].map((place) => ({ conversation_id: place, id })),
  )
  const stored = new Map((await selectMessages(queries, accountId, possible)).map((one) => [one.id, one]))
  // The row of a merge is deleted when it is undone, but what came or was split off since stays where it is.
  const missing = keys.filter(({ id }) => !stored.has(id))
  for (const one of await selectMessagesOfContacts(queries, accountId, missing)) stored.set(one.id, one)
  return stored
}

/** Returns, for each of these conversations, itself and all to which its messages can have been moved. */
async function placesOf(
  queries: Queries,
  accountId: number,
  ids: readonly number[],
): Promise<Map<number, ReadonlySet<number>>> {
  const targets = new Map<number, number[]>()
  for (let open = [...new Set(ids)]; open.length > 0; ) {
    for (const id of open) targets.set(id, [])
    for (const { from_id, to_id } of await selectMoves(queries, accountId, open))
      targets.get(from_id)!.push(to_id)
    open = [...new Set(open.flatMap((id) => targets.get(id)!))].filter((id) => !targets.has(id))
  }
  const reachable = (id: number) => {
    const places = new Set([id])
    // A set yields what is added to it meanwhile.
    for (const place of places) for (const target of targets.get(place)!) places.add(target)
    return places
  }
  return new Map(ids.map((id) => [id, reachable(id)]))
}
