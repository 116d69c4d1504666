import { OpenLimit } from '../../../../http/limits.ts'
import type { Subscriber } from '../../../realtime/subscriber.ts'

// As for event streams.
const subscriptionsOfUser = 100
const subscriptionsOfContact = 20
const connectionsOfNetwork = 200
/** Of one connection. Clients have one. */
export const subscriptionsOfConnection = 10
// Of one connection: clients ask who is online three times a minute, and repeat a subscription until it is confirmed.
const commandsPerMinute = 120
const minute = 60_000

/** The limits of `/cable` on this node. */
export class CableLimits {
  readonly #ofUser = new OpenLimit(subscriptionsOfUser)
  readonly #ofContact = new OpenLimit(subscriptionsOfContact)
  readonly #ofNetwork = new OpenLimit(connectionsOfNetwork)

  /** Counts a connection of a network, and returns a function that ends it. Throws `too_many_requests`. */
  takeConnection(network: string): () => void {
    return this.#ofNetwork.take(network)
  }

  /** The same for a subscription. */
  takeSubscription({ accountId, access }: Subscriber): () => void {
    return 'userId' in access
      ? this.#ofUser.take(`user ${accountId} ${access.userId}`)
      : this.#ofContact.take(`contact ${accountId} ${access.contactId}`)
  }
}

/** Returns a function that counts the commands of a client, and returns whether there are too many in this minute. */
export function commandCounter(): () => boolean {
  let count = 0
  let start = performance.now()
  return () => {
    const now = performance.now()
    if (now - start > minute) [count, start] = [0, now]
    count += 1
    return count > commandsPerMinute
  }
}
