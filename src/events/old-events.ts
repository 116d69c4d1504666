import type { Tables } from '../db/tables.ts'
import type { ActorRef } from '../lib/actor.ts'
import { toSeconds } from '../lib/time.ts'

type Row = Tables['events']

/**
 * Converts an event that was written before events had actors, which is recognized by that. Its ids and times are in
 * the shape of webhooks. A migration would have to rewrite millions of rows, most of which nobody reads again before
 * they expire.
 */
export function fromOldEvent<R extends Pick<Row, 'name' | 'data'>>(row: R) {
  const { conversation, ...data } = JSON.parse(row.data)
  const isMessage = row.name.startsWith('message_')
  const message = isMessage && {
    created_at: secondsOf(data.created_at),
    updated_at: secondsOf(data.updated_at),
    conversation_id: conversation?.id,
    inbox_id: conversation?.inbox_id,
    changed: data.changed ?? [],
  }
  const id = data.id === undefined ? {} : { id: Number(data.id) }
  const { type, id: actor_id } = row.name === 'message_created' ? actorOf(data.sender) : system
  const text = JSON.stringify({ ...data, ...id, ...message, ...(conversation && { conversation }) })
  return { ...row, data: text, actor_type: type, actor_id }
}

const system: ActorRef = { type: 'system', id: null }

/** Only senders are known. */
function actorOf(sender: { type: string; id: number } | null | undefined): ActorRef {
  if (sender?.type === 'User') return { type: 'user', id: sender.id }
  return sender?.type === 'Contact' ? { type: 'contact', id: sender.id } : system
}

/** An event whose message was deleted since is rewritten in the new shape. */
function secondsOf(time: string | number | undefined): number | null | undefined {
  return typeof time === 'string' ? toSeconds(Date.parse(time)) : time
}
