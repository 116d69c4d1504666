import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { call, startNdoto } from './servers.ts'

/** The size of a conversation to create. */
export interface ConversationSize {
  messages: number
  /** The distance of adjacent ids. Ids count per account, so messages of other conversations are in between. */
  idStep?: number
}

/** A conversation that has been created. */
export interface FilledConversation {
  id: number
  messages: number
  firstId: number
  lastId: number
  /** Of its messages. Any id from the first to the last is a valid cursor, including those of other conversations. */
  path: string
}

/** The message that benchmarks send. */
export const message = {
  content: 'Thanks for reaching out! We will look into this right away.',
  message_type: 'outgoing',
  private: false,
}

/**
 * Starts a server to create its database in `directory`, and stops it. Then fills conversations directly in the
 * database, with alternating copies of a question of the contact and a reply of the agent.
 */
export async function createData(
  directory: string,
  sizes: ConversationSize[],
  environment: Record<string, string> = {},
): Promise<FilledConversation[]> {
  const ids: number[] = []
  {
    await using server = await startNdoto(directory, environment)
    await call(server, '/conversations/1/messages', message)
    for (const _ of sizes) {
      const conversation = await call(server, '/conversations', { inbox_id: 1, contact_id: 1 })
      ids.push(JSON.parse(conversation).id)
    }
  }
  const database = new DatabaseSync(join(directory, 'ndoto.db'))
  // A power failure would only lose data of this benchmark.
  database.exec('pragma synchronous = off; pragma cache_size = -262144; begin')
  const filled = sizes.map((one, index) => fill(database, ids[index]!, one, (index + 1) * 10_000_000_000))
  database.exec('commit; pragma wal_checkpoint(truncate)')
  database.close()
  return filled
}

function fill(
  database: DatabaseSync,
  id: number,
  { messages, idStep = 1 }: ConversationSize,
  firstId: number,
): FilledConversation {
  const lastId = firstId + (messages - 1) * idStep
  const time = 'k.last_activity_at + n.i * 250'
  const own: Record<string, string> = {
    conversation_id: 'k.id',
    id: `${firstId} + n.i * ${idStep}`,
    created_at: time,
    updated_at: time,
  }
  const columns = database.prepare("select name from pragma_table_info('messages')").all() as {
    name: string
  }[]
  const names = columns.map(({ name }) => name)
  database.exec(`insert into messages (${names.join(', ')})
      with recursive n (i) as (select 0 union all select i + 1 from n where i < ${messages - 1})
      select ${names.map((name) => own[name] ?? `m.${name}`).join(', ')}
      from n cross join conversations k
        join messages m on m.account_id = 1 and m.conversation_id = 1 and m.id = 1 + n.i % 2
      where k.account_id = 1 and k.id = ${id};
    update counters set value = ${lastId} where account_id = 1 and name = 'messages';
    update conversations set last_activity_at = last_activity_at + ${messages * 250}, version = version + 1
      where account_id = 1 and id = ${id}`)
  const path = `/api/v1/accounts/1/conversations/${id}/messages`
  return { id, messages, firstId, lastId, path }
}
