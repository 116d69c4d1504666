import type { Queries } from '../../db/database.ts'
import { isForCustomers } from '../../events/audience.ts'
import {
  type ActiveWebhook,
  insertDeliveries,
  moveCursor,
  type NewDelivery,
  type NewEvent,
  selectActiveWebhooks,
  selectCursor,
  selectNewEvents,
} from './dispatch.store.ts'
import { updateNextDue } from './store.ts'

// Bounds of one step, so that no transaction takes long.
const maxDeliveries = 1000
const maxEvents = 200

/**
 * Converts the events after the account's cursor into deliveries and moves the cursor, in one transaction of the account:
 * each event becomes exactly one delivery for each webhook that subscribes to it. Returns whether there may be more.
 */
export async function dispatch(tx: Queries, accountId: number, now: number): Promise<boolean> {
  const webhooks = await selectActiveWebhooks(tx, { account_id: accountId })
  if (webhooks.length === 0) return false
  const [cursor] = await selectCursor(tx, { account_id: accountId })
  const start = Math.min(...webhooks.map(({ since }) => since))
  const position = Math.max(start, cursor?.position ?? 0)
  const limit = Math.max(1, Math.min(maxEvents, Math.floor(maxDeliveries / webhooks.length)))
  const events = await selectNewEvents(tx, { account_id: accountId, position }, limit)
  if (events.length === 0) return false
  const deliveries = deliveriesOf(events, webhooks)
  await insertDeliveries(tx, accountId, deliveries, now)
  for (const id of new Set(deliveries.map(({ webhook_id }) => webhook_id)))
    await updateNextDue(tx, accountId, id)
  await moveCursor(tx, { account_id: accountId, position: events.at(-1)!.position })
  return events.length === limit
}

function deliveriesOf(events: NewEvent[], webhooks: ActiveWebhook[]): NewDelivery[] {
  const filters = webhooks.map((webhook) => ({ ...webhook, accepts: filterOf(webhook) }))
  const seen = new Set<string>()
  return events.flatMap((event) =>
    filters
      .filter(({ since, accepts }) => event.position > since && accepts(event))
      .map(({ id: webhook_id }) => {
        const { position, name, conversation_id } = event
        const key = `${webhook_id} ${conversation_id}`
        const first = conversation_id === null || !seen.has(key)
        seen.add(key)
        return { webhook_id, position, event: name, conversation_id, first }
      }),
  )
}

/** Returns the condition for the events that a webhook gets. */
function filterOf({ inbox_id, subscriptions }: ActiveWebhook): (event: NewEvent) => boolean {
  if (inbox_id !== null) return (event) => event.inbox_id === inbox_id && isForCustomers(event)
  const names = new Set<string>(JSON.parse(subscriptions))
  return ({ name, audience }) => audience !== 'server' && names.has(name)
}
