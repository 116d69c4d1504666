import type { Queries } from '../../db/database.ts'
import { appendEvent } from '../../events/append.ts'
import type { LoggedEvent } from '../../events/read.ts'
import type { Actor } from '../../lib/actor.ts'
import { invalid } from '../../lib/errors.ts'
import { getAccount } from '../accounts/service.ts'
import { getConversation } from '../conversations/event-log.ts'
import { findWebhook, findWebhookByUrl } from './store.ts'

/** The name of the event that only one webhook gets. It begins like those of conversations, which it resembles. */
export const sharedEvent = 'conversation_shared'

/**
 * Sends a conversation to a webhook, whatever it subscribes to, and returns the name of the webhook. Only webhooks of the
 * account, which administrators have created, are possible: agents cannot send data to other places.
 */
export async function shareConversation(
  tx: Queries,
  actor: Actor,
  id: number,
  target: number | string,
): Promise<string> {
  const { accountId } = actor
  const webhook =
    typeof target === 'number'
      ? await findWebhook(tx, accountId, target)
      : await findWebhookByUrl(tx, accountId, target)
  // That of an API inbox gets only what its contact may see.
  if (!webhook || webhook.inbox_id !== null)
    throw invalid('webhook', 'names no webhook of this account', 'not_found')
  if (webhook.active === 0) throw invalid('webhook', 'is switched off: switch it on again first')
  const conversation = await getConversation(tx, actor, id)
  const account = await getAccount(tx, accountId)
  const lastMessage = conversation.last_message as { id: number } | null
  const data = { event: sharedEvent, id, conversation, changed: [], webhook: { id: webhook.id }, account }
  await appendEvent(tx, actor, {
    conversation_id: id,
    inbox_id: conversation.inbox_id,
    contact_id: conversation.contact.id,
    // With it, the content of the message goes from the log when it is deleted.
    message_id: lastMessage?.id ?? null,
    name: sharedEvent,
    audience: 'server',
    data: JSON.stringify(data),
  })
  return webhook.name ?? webhook.url
}

/** The id of the webhook that an event is for; undefined if it is for those that subscribe to it. */
export function sharedWith({ name, data }: LoggedEvent): number | undefined {
  return name === sharedEvent ? JSON.parse(data).webhook.id : undefined
}
