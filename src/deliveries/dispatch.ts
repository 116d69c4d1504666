import type { Queries } from '../db/database.ts'
import { stopFollowing } from '../events/cursors.ts'
import type { FollowedBatch } from '../events/follow.ts'
import type { LoggedEvent } from '../events/read.ts'
import type { DeliveryRow } from './delivery.store.ts'
import { firstInOrder, orderName } from './order.ts'
import { insertDeliveries } from './queue.store.ts'
import type { Match } from './sender.ts'
import type { Senders } from './senders.ts'
import { selectActiveTargets, updateNextDue } from './target.store.ts'

/** The name of the follower that creates deliveries. It follows only accounts with an active target. */
export const followerName = 'deliveries'

// Deliveries that one step creates, so that no transaction takes long.
const maxDeliveries = 1000

/**
 * Creates the deliveries of events: exactly one for each target that gets the event. Returns the position up to which it
 * has come, if that is not the last one. See `Follower.step`.
 */
export async function dispatch(
  tx: Queries,
  { accountId, events }: FollowedBatch,
  senders: Senders,
  now: number,
): Promise<number | undefined> {
  const active = await selectActiveTargets(tx, { account_id: accountId })
  if (active.length === 0) {
    await stopFollowing(tx, accountId, followerName)
    return undefined
  }
  const limit = Math.max(1, Math.floor(maxDeliveries / active.length))
  const some = events.slice(0, limit)
  const since = new Map(active.map((target) => [target.id, target.since]))
  const names = new Set(active.map(({ sender }) => sender))
  const matchers = await matchersOf(tx, accountId, some, senders, names)
  const deliveries = deliveriesOf(some, matchers, since, now)
  const unfinished = await firstInOrder(tx, accountId, deliveries)
  await insertDeliveries(tx, deliveries.map(waitingFor(unfinished)))
  await updateNextDue(
    tx,
    accountId,
    deliveries.map(({ target_id }) => target_id),
  )
  return some.length < events.length ? some.at(-1)!.position : undefined
}

type Matcher = (event: LoggedEvent) => Match[]

async function matchersOf(
  tx: Queries,
  accountId: number,
  events: LoggedEvent[],
  senders: Senders,
  names: Set<string>,
): Promise<Matcher[]> {
  const matchers: Matcher[] = []
  for (const name of names) {
    const one = senders.get(name)
    if (one) matchers.push(await one.sender.targets(tx, accountId, events))
  }
  return matchers
}

function deliveriesOf(
  events: LoggedEvent[],
  matchers: Matcher[],
  since: Map<number, number>,
  now: number,
): DeliveryRow[] {
  return events.flatMap((event) =>
    matchers
      .flatMap((matcher) => matcher(event))
      .filter(({ targetId }) => event.position > (since.get(targetId) ?? Number.POSITIVE_INFINITY))
      .map(({ targetId, orderKey }) => ({
        account_id: event.account_id,
        target_id: targetId,
        position: event.position,
        event: event.name,
        conversation_id: event.conversation_id,
        order_key: orderKey,
        state: 'pending',
        forced: 0,
        tries: 0,
        step: 0,
        due_at: now,
        node: null,
        finished_at: null,
        created_at: now,
      })),
  )
}

/** Returns a function that lets a delivery wait if its order has an unfinished one or an earlier new one. */
function waitingFor(unfinished: DeliveryRow[]): (delivery: DeliveryRow) => DeliveryRow {
  const occupied = new Set(unfinished.map(orderName))
  return (delivery) => {
    const name = orderName(delivery)
    if (delivery.order_key === null) return delivery
    if (occupied.has(name)) return { ...delivery, due_at: null }
    occupied.add(name)
    return delivery
  }
}
