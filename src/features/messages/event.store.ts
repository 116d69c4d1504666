import { type RawBuilder, sql } from 'kysely'
import type { Engine, Queries } from '../../db/database.ts'
import { json } from '../../db/json.ts'
import { prepare } from '../../db/prepare.ts'
import { appendEvent } from '../../events/append.ts'
import type { MessageEventName } from './events.ts'
import { type MessageFields, messageDocument, messageFields } from './parts.store.ts'
import type { MessageKey } from './store.ts'

/**
 * An expression for the data of an event about a message, as JSON text. It refers to the rows `m` (the message), `c`
 * (its conversation, with `status`), `p` (its contact) and `a` (its account).
 */
export function messageEventData(
  engine: Engine,
  name: unknown,
  messageColumns: MessageFields = messageFields(json[engine]),
): RawBuilder<string> {
  const { document, object, text, isoTime } = json[engine]
  const { created_at, updated_at, conversation_id, inbox_id, ...fields } = messageColumns
  return document({
    event: sql`cast(${name} as text)`,
    ...fields,
    id: text('m.id'),
    created_at: isoTime('m.created_at'),
    updated_at: isoTime('m.updated_at'),
    conversation: object({ id: conversation_id, status: sql.ref('c.status'), inbox_id }),
    contact: object({ id: sql.ref('p.id'), name: sql.ref('p.name'), email: sql.ref('p.email') }),
    account: object({ id: sql.ref('a.id'), name: sql.ref('a.name') }),
  })
}

const eventOf = prepare<MessageKey & { event: string }>()((builder, p, engine) =>
  builder
    .selectFrom('messages as m')
    .innerJoin('conversations as c', (join) =>
      join.onRef('c.account_id', '=', 'm.account_id').onRef('c.id', '=', 'm.conversation_id'),
    )
    .innerJoin('contacts as p', (join) =>
      join.onRef('p.account_id', '=', 'c.account_id').onRef('p.id', '=', 'c.contact_id'),
    )
    .innerJoin('accounts as a', 'a.id', 'm.account_id')
    .select([
      'c.inbox_id',
      'c.contact_id',
      'm.private',
      'm.message_type',
      messageEventData(engine, p.event).as('data'),
      messageDocument(engine).as('document'),
    ])
    .where('m.account_id', '=', p.account_id)
    .where('m.conversation_id', '=', p.conversation_id)
    .where('m.id', '=', p.id),
)

/**
 * Appends an event about a message, and returns the public JSON of the message. Events about private notes and activity
 * messages are only for agents.
 */
export async function logMessage(tx: Queries, key: MessageKey, event: MessageEventName): Promise<string> {
  const [row] = await eventOf(tx, { ...key, event })
  const { inbox_id, contact_id, data, message_type, document } = row!
  const isInternal = row!.private === 1 || message_type === 'activity'
  const { account_id, conversation_id, id: message_id } = key
  const subject = { account_id, conversation_id, inbox_id, contact_id, message_id }
  await appendEvent(tx, { ...subject, name: event, audience: isInternal ? 'agents' : 'everyone', data })
  return document
}

/** Replaces the data of all events of a deleted message by its tombstone, so that the log no longer has its content. */
export async function eraseFromLog(tx: Queries, key: MessageKey): Promise<void> {
  const { account_id, id: message_id } = key
  const events = tx.sql.selectFrom('events').select('name').distinct()
  const names = await events
    .where('account_id', '=', account_id)
    .where('message_id', '=', message_id)
    .execute()
  for (const { name } of names) {
    const [row] = await eventOf(tx, { ...key, event: name })
    await tx.sql
      .updateTable('events')
      .set({ data: row!.data })
      .where('account_id', '=', account_id)
      .where('message_id', '=', message_id)
      .where('name', '=', name)
      .execute()
  }
}
