import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { call, startNdoto } from './servers.ts'

/** A conversation with many messages. */
export interface Wanted {
  messages: number
  /** Ids are given out per account, so neighbours in a conversation are as far apart as others write in between. */
  idStep?: number
}

/** One that has been made. */
export interface Filled {
  id: number
  messages: number
  firstId: number
  lastId: number
  /** Any id from the first to the last is a cursor: also those that are another conversation's. */
  path: string
}

/** The message that benchmarks send. */
export const reply = {
  content: 'Thanks for reaching out! We will look into this right away.',
  message_type: 'outgoing',
  private: false,
}

/**
 * Lets a server make its database in `directory`, and stops it; then fills conversations past the server, message by
 * message copies of a question of the contact and the agent's reply by turns.
 */
export async function makeData(
  directory: string,
  wanted: Wanted[],
  environment: Record<string, string> = {},
): Promise<Filled[]> {
  const ids: number[] = []
  {
    await using server = await startNdoto(directory, environment)
    await call(server, '/conversations/1/messages', reply)
    for (const _ of wanted) {
      const made = await call(server, '/conversations', { inbox_id: 1, contact_id: 1 })
      ids.push(JSON.parse(made).id)
    }
  }
  const database = new DatabaseSync(join(directory, 'ndoto.db'))
  // What is lost at a power cut is only this benchmark's.
  database.exec('pragma synchronous = off; pragma cache_size = -262144; begin')
  const filled = wanted.map((one, index) => fill(database, ids[index]!, one, (index + 1) * 10_000_000_000))
  database.exec('commit; pragma wal_checkpoint(truncate)')
  database.close()
  return filled
}

function fill(database: DatabaseSync, id: number, { messages, idStep = 1 }: Wanted, firstId: number): Filled {
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
