import type { Queries } from '../db/database.ts'
import { nextId } from '../db/ids.ts'
import { prepare } from '../db/prepare.ts'
import type { Tables } from '../db/tables.ts'

type Row = Tables['events']

/**
 * An event to append: what happened, who may see it, and the conversation, inbox, contact and message that it is about.
 */
export interface NewEvent
  extends Pick<Row, 'account_id' | 'name' | 'audience' | 'data'>,
    Partial<Pick<Row, 'conversation_id' | 'inbox_id' | 'contact_id' | 'message_id'>> {}

/**
 * Appends an event to the account's log, in the transaction of the change. Write the changed row first: its lock keeps
 * the events of a conversation in the order of their commits.
 */
export async function appendEvent(tx: Queries, event: NewEvent): Promise<void> {
  // On PostgreSQL a trigger assigns it just before the commit.
  const position = tx.engine === 'sqlite' ? await nextId(tx, event.account_id, 'events') : null
  const { conversation_id = null, inbox_id = null, contact_id = null, message_id = null } = event
  const subject = { conversation_id, inbox_id, contact_id, message_id }
  await insertEvent(tx, { ...event, ...subject, position, created_at: Date.now() })
}

const insertEvent = prepare<Row>()((builder, p) =>
  builder.insertInto('events').values({
    account_id: p.account_id,
    position: p.position,
    name: p.name,
    audience: p.audience,
    conversation_id: p.conversation_id,
    inbox_id: p.inbox_id,
    contact_id: p.contact_id,
    message_id: p.message_id,
    data: p.data,
    created_at: p.created_at,
  }),
)
