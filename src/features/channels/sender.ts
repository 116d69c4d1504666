import type { Queries } from '../../db/database.ts'
import type { Sender } from '../../deliveries/sender.ts'
import { createTarget, removeTarget } from '../../deliveries/targets.ts'
import type { LoggedEvent } from '../../events/read.ts'
import type { Context } from '../../http/feature.ts'
import type { ChannelInbox } from '../inboxes/channels.ts'
import type { Message } from '../messages/schema.ts'
import { locateMessage } from '../moves/locate.ts'
import { isToBeSent, type MessageRef, record, sendMessage } from './outgoing.ts'
import { insertTarget, selectTargets } from './store.ts'

const name = 'channels'
const minute = 60_000

/** Creates the sender that passes the messages of agents to the channels of their inboxes. */
export function channelSender(context: Context): Sender {
  return {
    name,
    // Nobody would notice that an inbox was switched off, and its messages be lost.
    schedule: { timeout: 5 * minute, lease: 6 * minute, disableAfter: Number.POSITIVE_INFINITY },
    async targets(tx, accountId) {
      const targets = await selectTargets(tx, accountId)
      return (event) => {
        const targetId = event.inbox_id === null ? undefined : targets.get(event.inbox_id)
        if (targetId === undefined || !isOutgoing(event)) return []
        return [{ targetId, orderKey: event.conversation_id }]
      }
    },
    async send({ event, timeout }, _, signal) {
      const inTime = AbortSignal.any([signal, AbortSignal.timeout(timeout)])
      // Undefined: there is nothing to send any more.
      return (
        (await sendMessage(context, await refOf(context.database.read, event), inTime)) ?? { state: 'sent' }
      )
    },
    finished: async (tx, { event }, outcome) => record(tx, await refOf(tx, event), outcome),
  }
}

function isOutgoing({ name, audience, data }: LoggedEvent): boolean {
  // Private notes are for agents only.
  if (name !== 'message_created' || audience !== 'everyone') return false
  return isToBeSent(JSON.parse(data) as Message)
}

function refOf(
  queries: Queries,
  { account_id, conversation_id, message_id }: LoggedEvent,
): Promise<MessageRef> {
  return locateMessage(queries, { account_id, conversation_id: conversation_id!, id: message_id! })
}

/** Makes sure that the messages of an inbox are sent from now on. */
export async function startSending(tx: Queries, { account_id, id }: ChannelInbox): Promise<void> {
  if ((await selectTargets(tx, account_id)).has(id)) return
  const target_id = await createTarget(tx, account_id, name)
  await insertTarget(tx, { account_id, inbox_id: id, target_id })
}

/** Ends sending the messages of an inbox that is about to be deleted. */
export async function stopSending(tx: Queries, { account_id, id }: ChannelInbox): Promise<void> {
  const target_id = (await selectTargets(tx, account_id)).get(id)
  if (target_id !== undefined) await removeTarget(tx, { account_id, target_id })
}
