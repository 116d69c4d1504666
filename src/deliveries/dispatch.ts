import type { Queries } from '../db/database.ts'
import { stopFollowing } from '../events/cursors.ts'
import type { FollowedBatch } from '../events/follow.ts'
import type { LoggedEvent } from '../events/read.ts'
import { insertDeliveries, type NewDelivery } from './dispatch.store.ts'
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
  const deliveries = deliveriesOf(some, matchers, since)
  await insertDeliveries(tx, accountId, deliveries, now)
  for (const id of new Set(deliveries.map(({ target_id }) => target_id))) {
    await updateNextDue(tx, { account_id: accountId, target_id: id })
  }
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

function deliveriesOf(events: LoggedEvent[], matchers: Matcher[], since: Map<number, number>): NewDelivery[] {
  const seen = new Set<string>()
  return events.flatMap((event) =>
    matchers
      .flatMap((matcher) => matcher(event))
      .filter(({ targetId }) => event.position > (since.get(targetId) ?? Number.POSITIVE_INFINITY))
      .map(({ targetId: target_id, orderKey: order_key }) => {
        const { position, name, conversation_id } = event
        const key = `${target_id} ${order_key}`
        const first = order_key === null || !seen.has(key)
        seen.add(key)
        return { target_id, position, event: name, conversation_id, order_key, first }
      }),
  )
}
