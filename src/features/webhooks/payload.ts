import type { LoggedEvent } from '../../events/read.ts'
import type { MessageEvent } from '../messages/events.ts'

/**
 * Returns the body with which a webhook gets an event, as JSON. It differs from the JSON of streams: receivers of the
 * first version expect ids as text, and the times of messages in ISO 8601. The webhook of an API inbox does not get
 * who acted, and what was before, because that is only for agents.
 */
export function webhookBody(event: LoggedEvent, { isForAgents }: { isForAgents: boolean }): string {
  const data = JSON.parse(event.data)
  const { actor_type: type, actor_id: id } = event
  const isMessage = event.name.startsWith('message_')
  const body = isMessage ? messageBody(data) : { ...data, id: String(data.id) }
  if (!isForAgents) return JSON.stringify(body)
  const changed = isMessage ? { changed: data.changed } : {}
  const cause = event.cause && JSON.parse(event.cause)
  const before = event.before === null ? {} : JSON.parse(event.before)
  return JSON.stringify({ ...body, ...changed, actor: { type, id }, cause, before })
}

function messageBody(data: MessageEvent) {
  const { id, created_at, updated_at, conversation_id, inbox_id, changed, ...rest } = data
  const { event, conversation, contact, account, ...message } = rest
  const times = { created_at: isoTime(created_at), updated_at: isoTime(updated_at) }
  return { event, id: String(id), ...message, ...times, conversation, contact, account }
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
