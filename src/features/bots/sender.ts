import type { Queries } from '../../db/database.ts'
import type { Sender } from '../../deliveries/sender.ts'
import type { LoggedEvent } from '../../events/read.ts'
import type { Context } from '../../http/feature.ts'
import { botsAssignedTo } from '../conversations/bots.ts'
import { webhookFormats } from '../webhooks/formats.ts'
import type { WebhookFormatName } from '../webhooks/schema.ts'
import { postEvent } from '../webhooks/sending.ts'
import { openSecret, selectByTargets, selectInboxes, selectReceivers } from './store.ts'

/** The name that the targets of bots have. */
export const senderName = 'bots'

const receiver = { kind: 'bot' } as const

/** What is needed to call a bot. The secret is null if it cannot be decrypted. */
interface Settings {
  id: number
  url: string
  format: WebhookFormatName
  secret: string | null
}

/** Creates the sender that posts the events of inboxes and of assigned conversations to the URLs of their bots. */
export function botSender(context: Context): Sender<Settings> {
  return {
    name: senderName,
    async targets(tx, accountId, events) {
      const formats = webhookFormats.of(tx)
      const account = { account_id: accountId }
      const receivers = new Map((await selectReceivers(tx, account)).map((bot) => [bot.id, bot]))
      if (receivers.size === 0) return () => []
      const inboxes = await selectInboxes(tx, account)
      const botsOfInboxes = new Map(inboxes.map(({ inbox_id, bot_id }) => [inbox_id, bot_id]))
      const botsOfConversations = await assignedBots(tx, accountId, events)
      return (event) => {
        const { inbox_id, conversation_id } = event
        const ids = new Set(botsOfConversations.get(conversation_id ?? 0)).add(
          botsOfInboxes.get(inbox_id ?? 0)!,
        )
        return [...ids].flatMap((id) => {
          const bot = receivers.get(id)
          if (!bot || isOwn(event, id) || !formats.get(bot.format)!.accepts(event, receiver)) return []
          return [{ targetId: bot.target_id, orderKey: conversation_id }]
        })
      }
    },
    async settings(tx, accountId, targetIds) {
      const settings = new Map<number, Settings>()
      for (const bot of await selectByTargets(tx, accountId, targetIds)) {
        const { id, target_id, outgoing_url: url, format } = bot
        if (url) settings.set(target_id, { id, url, format, secret: openSecret(tx, bot) })
      }
      return settings
    },
    send(delivery, { id, url, format, secret }, signal) {
      const deliveryId = `evt_${delivery.accountId}_${delivery.event.position}_bot_${id}`
      const secrets = secret === null ? [] : [secret]
      return postEvent(context, delivery, { url, format, receiver, deliveryId, secrets }, signal)
    },
  }
}

/** The bots to which the conversations of events are assigned, or were until one of the events. */
async function assignedBots(
  tx: Queries,
  accountId: number,
  events: readonly LoggedEvent[],
): Promise<Map<number, Set<number>>> {
  const ids = [...new Set(events.flatMap(({ conversation_id }) => conversation_id ?? []))]
  const bots = new Map<number, Set<number>>()
  for (const [id, bot] of await botsAssignedTo(tx, accountId, ids)) bots.set(id, new Set([bot]))
  for (const { conversation_id, name, before } of events) {
    if (name !== 'conversation_updated' || !before?.includes('"meta.bot"')) continue
    const { id } = JSON.parse(before)['meta.bot'] ?? {}
    if (id !== undefined) bots.set(conversation_id!, new Set(bots.get(conversation_id!)).add(id))
  }
  return bots
}

/** Whether a bot has done it itself. It does not get such events, because it would answer itself. */
function isOwn({ actor_type, actor_id }: LoggedEvent, botId: number): boolean {
  return actor_type === 'bot' && actor_id === botId
}
