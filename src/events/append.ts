import type { Queries } from '../db/database.ts'
import { nextId } from '../db/ids.ts'
import { prepare } from '../db/prepare.ts'
import type { Tables } from '../db/tables.ts'
import { type Actor, type ActorRef, actorRef, onBehalfOf } from '../lib/actor.ts'

type Row = Tables['events']

/**
 * An event to append: what happened, who may see it, and the conversation, inbox, contact and message that it is about.
 * `data` is a JSON object as text. `before` has the previous values of the fields that have changed; it must not
 * contain secrets.
 */
export interface NewEvent
  extends Pick<Row, 'name' | 'audience' | 'data'>,
    Partial<Pick<Row, 'conversation_id' | 'inbox_id' | 'contact_id' | 'message_id'>> {
  before?: Record<string, unknown>
}

/**
 * Appends an event to the log of the actor's account, in the transaction of the change. Write the changed row first:
 * its lock keeps the events of a conversation in the order of their commits.
 */
export async function appendEvent(tx: Queries, actor: Actor, event: NewEvent): Promise<void> {
  const { accountId: account_id } = actor
  // On PostgreSQL a trigger assigns it just before the commit.
  const position = tx.engine === 'sqlite' ? await nextId(tx, account_id, 'events') : null
  const { conversation_id = null, inbox_id = null, contact_id = null, message_id = null } = event
  const subject = { conversation_id, inbox_id, contact_id, message_id }
  const { name, audience, data } = event
  const row = { account_id, position, name, audience, ...subject, data, created_at: Date.now() }
  await insertEvent(tx, { ...row, ...actorColumns(actor), before: beforeText(event.before) })
}

/** The columns of an event that say who acted, and why. */
export interface ActorColumns extends Pick<Row, 'actor_id' | 'cause'> {
  actor_type: ActorRef['type']
}

/** Returns the columns for an actor, for statements that insert events themselves. */
export function actorColumns(actor: Actor): ActorColumns {
  const { type, id } = actorRef(actor)
  return { actor_type: type, actor_id: id, cause: actor.cause ? JSON.stringify(actor.cause) : null }
}

/** Returns the actor with these columns. */
export function actorWith(accountId: number, { actor_type: type, actor_id: id, cause }: ActorColumns): Actor {
  return onBehalfOf(accountId, { type, id }, cause === null ? undefined : JSON.parse(cause))
}

function beforeText(before: Record<string, unknown> = {}): string | null {
  return Object.keys(before).length > 0 ? JSON.stringify(before) : null
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
    actor_type: p.actor_type,
    actor_id: p.actor_id,
    cause: p.cause,
    before: p.before,
    created_at: p.created_at,
  }),
)
