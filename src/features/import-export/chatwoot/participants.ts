import type { Move } from './move.ts'
import { insertParticipants } from './notes.store.ts'
import { sizeOf } from './source-content.store.ts'
import { participantPages } from './source-people.store.ts'

const table = 'conversation_participants'

/** Makes those follow conversations who did so in Chatwoot and work in the inbox. */
export async function importParticipants(move: Move): Promise<void> {
  const { source, database, accountId, isDryRun, report, ids, people } = move
  const { rows, last } = await sizeOf(source, accountId, table)
  report.table(table, rows)
  if (rows === 0) return
  await ids.conversation_participants.begin(database, source, last)
  for await (const page of participantPages(source, accountId, ids.conversation_participants.range)) {
    const conversationOf = await ids.conversations.load(
      database.read,
      page.map(({ conversation_id }) => conversation_id),
    )
    const participants = page.flatMap(({ user_id, conversation_id, created_at }) => {
      const userId = people.idOf(user_id)
      return userId === null
        ? []
        : { user_id: userId, conversation_id: conversationOf(conversation_id), created_at }
    })
    const store = () =>
      database.transaction(accountId, async (tx) => {
        const stored = await insertParticipants(tx, accountId, participants)
        await ids.conversation_participants.advance(tx, page.at(-1)!.id)
        return stored
      })
    report.count(table, 'stored', isDryRun ? participants.length : await store())
    await move.rest()
  }
  await ids.conversation_participants.finish(database, source)
}
