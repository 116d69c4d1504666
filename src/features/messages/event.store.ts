import { type Expression, type RawBuilder, sql } from 'kysely'
import type { Engine, Queries } from '../../db/database.ts'
import { json } from '../../db/json.ts'
import { prepare } from '../../db/prepare.ts'
import { appendEvent } from '../../events/append.ts'
import type { Actor } from '../../lib/actor.ts'
import type { MessageEventName } from './events.ts'
import { type MessageFields, messageDocument, messageFields } from './parts.store.ts'
import type { Message } from './schema.ts'
import type { MessageKey } from './store.ts'

/**
 * An expression for the data of an event about a message, as JSON text: the message as lists show it, and more. It
 * refers to the rows `m` (the message), `c` (its conversation, with `status`), `p` (its contact) and `a` (its account).
 * `changed` is the list of the fields that have changed, as JSON text.
 */
export function messageEventData(
  engine: Engine,
  name: unknown,
  changed: Expression<unknown> = sql.lit('[]'),
  fields: MessageFields = messageFields(json[engine]),
): RawBuilder<string> {
  const { document, object, parsed } = json[engine]
  const { conversation_id: id, inbox_id } = fields
  return document({
    event: sql`cast(${name} as text)`,
    ...fields,
    conversation: object({ id, status: sql.ref('c.status'), inbox_id }),
    contact: object({ id: sql.ref('p.id'), name: sql.ref('p.name'), email: sql.ref('p.email') }),
    changed: parsed(changed),
    account: object({ id: sql.ref('a.id'), name: sql.ref('a.name') }),
  })
}

const eventOf = prepare<MessageKey & { event: string; changed: string }>()((builder, p, engine) =>
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
      messageEventData(engine, p.event, sql`${p.changed}`).as('data'),
      messageDocument(engine).as('document'),
    ])
    .where('m.account_id', '=', p.account_id)
    .where('m.conversation_id', '=', p.conversation_id)
    .where('m.id', '=', p.id),
)

/**
 * Appends an event about a message, and returns the public JSON of the message. `before` has the fields that have
 * changed, and their previous values. Events about private notes and activity messages are only for agents.
 */
export async function logMessage(
  tx: Queries,
  actor: Actor,
  key: MessageKey,
  event: MessageEventName,
  before: Partial<Message> = {},
): Promise<string> {
  const [row] = await eventOf(tx, { ...key, event, changed: JSON.stringify(Object.keys(before)) })
  const { inbox_id, contact_id, data, message_type, document } = row!
  const isInternal = row!.private === 1 || message_type === 'activity'
  const { conversation_id, id: message_id } = key
  const subject = { conversation_id, inbox_id, contact_id, message_id }
  const audience = isInternal ? 'agents' : 'everyone'
  await appendEvent(tx, actor, { ...subject, name: event, audience, data, before })
  return document
}

/**
 * Replaces a deleted message in all events by its tombstone, also where it is the last message of a conversation, and
 * removes what it was before, so that the log no longer has its content.
 */
export async function eraseFromLog(tx: Queries, key: MessageKey): Promise<void> {
  const { account_id, id: message_id } = key
  const events = tx.sql.selectFrom('events').select('name').distinct()
  const names = await events
    .where('account_id', '=', account_id)
    .where('message_id', '=', message_id)
    .execute()
  for (const { name } of names) {
    const [row] = await eventOf(tx, { ...key, event: name, changed: '[]' })
    const { data, document } = row!
    const tombstone = name.startsWith('message_')
      ? { data, before: null }
      : { data: json[tx.engine].replaced('data', ['conversation', 'last_message'], document) }
    await tx.sql
      .updateTable('events')
      .set(tombstone)
      .where('account_id', '=', account_id)
      .where('message_id', '=', message_id)
      .where('name', '=', name)
      .execute()
  }
}
