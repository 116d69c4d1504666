import type { Queries } from '../../db/database.ts'
import { isForCustomers } from '../../events/audience.ts'
import {
  insertDeliveries,
  type Listener,
  moveCursor,
  type NewDelivery,
  type News,
  selectCursor,
  selectListeners,
  selectNews,
} from './dispatch.store.ts'
import { noteDue } from './store.ts'

// What one step makes at most, so that no transaction takes long.
const mostDeliveries = 1000
const mostEvents = 200

/**
 * Makes deliveries of the events after the account's cursor and moves it, in one transaction under the account: each
 * event becomes exactly one delivery for each webhook that wants it. Gives whether there may be more.
 */
export async function dispatch(tx: Queries, accountId: number, now: number): Promise<boolean> {
  const listeners = await selectListeners(tx, { account_id: accountId })
  if (listeners.length === 0) return false
  const [cursor] = await selectCursor(tx, { account_id: accountId })
  const begin = Math.min(...listeners.map(({ since }) => since))
  const position = Math.max(begin, cursor?.position ?? 0)
  const limit = Math.max(1, Math.min(mostEvents, Math.floor(mostDeliveries / listeners.length)))
  const news = await selectNews(tx, { account_id: accountId, position }, limit)
  if (news.length === 0) return false
  const deliveries = deliveriesOf(news, listeners)
  await insertDeliveries(tx, accountId, deliveries, now)
  for (const id of new Set(deliveries.map(({ webhook_id }) => webhook_id))) await noteDue(tx, accountId, id)
  await moveCursor(tx, { account_id: accountId, position: news.at(-1)!.position })
  return news.length === limit
}

function deliveriesOf(news: News[], listeners: Listener[]): NewDelivery[] {
  const wanted = listeners.map((listener) => ({ ...listener, wants: wantsOf(listener) }))
  const met = new Set<string>()
  return news.flatMap((event) =>
    wanted
      .filter(({ since, wants }) => event.position > since && wants(event))
      .map(({ id: webhook_id }) => {
        const { position, name, conversation_id } = event
        const chain = `${webhook_id} ${conversation_id}`
        const first = conversation_id === null || !met.has(chain)
        met.add(chain)
        return { webhook_id, position, event: name, conversation_id, first }
      }),
  )
}

/** Which events a webhook hears of. */
function wantsOf({ inbox_id, subscriptions }: Listener): (event: News) => boolean {
  if (inbox_id !== null) return (event) => event.inbox_id === inbox_id && isForCustomers(event)
  const names = new Set<string>(JSON.parse(subscriptions))
  return ({ name, audience }) => audience !== 'server' && names.has(name)
}
