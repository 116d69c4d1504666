import { logBounds } from '../../../../events/read.ts'
import type { Context } from '../../../../http/feature.ts'
import type { RequestOfPage } from '../../../../http/session.ts'
import { openStream } from '../../../realtime/open-stream.ts'
import type { StreamFormat } from '../../../realtime/stream-format.ts'
import type { Subscriber } from '../../../realtime/subscriber.ts'
import type { Connection } from './connection.ts'
import { type CableLimits, commandCounter, subscriptionsOfConnection } from './limits.ts'
import { presenceUpdate } from './presence.ts'
import {
  asksForPresence,
  type Command,
  confirmation,
  parseCommand,
  parseIdentifier,
  rejection,
  welcome,
} from './protocol.ts'
import { findSubscriber } from './subscriber.ts'
import { Subscription } from './subscription.ts'

/** What the clients of a server share. */
export interface Shared {
  context: Context
  /** Undefined if the server has no limits. */
  limits: CableLimits | undefined
  agentFormat: StreamFormat
  contactFormat: StreamFormat
}

/** A connection, with the page and the network from which it was opened. */
export interface Arrival {
  connection: Connection
  page: RequestOfPage
  /** Ends its place among those of its network. */
  leaveNetwork: () => void
}

const everything = { conversationId: undefined, names: undefined }

/** A client of `/cable`: processes its commands. */
export class Client {
  readonly #shared: Shared
  readonly #arrival: Arrival
  /** By identifier. */
  readonly #subscriptions = new Map<string, { subscription: Subscription; subscriber: Subscriber }>()

  constructor(shared: Shared, arrival: Arrival) {
    this.#shared = shared
    this.#arrival = arrival
    const { connection, leaveNetwork } = arrival
    const { context, limits } = shared
    const isTooOften = commandCounter()
    let commands = Promise.resolve()
    connection.onMessage((text) => {
      if (limits && isTooOften()) return connection.destroy()
      const command = parseCommand(text)
      // One after another, so that their responses are in order. If the database is unreachable, clients try again.
      if (command) commands = commands.then(() => this.#run(command)).catch(() => {})
    })
    connection.onClose(() => {
      leaveNetwork()
      for (const { subscription } of this.#subscriptions.values()) subscription.ended()
    })
    connection.send(welcome)
    setTimeout(() => {
      if (this.#subscriptions.size === 0) connection.close('access')
    }, context.intervals.subscription).unref()
  }

  async #run(command: Command): Promise<void> {
    const { identifier } = command
    const known = this.#subscriptions.get(identifier)
    if (command.command === 'subscribe') {
      // Clients repeat it until it is confirmed.
      if (known) this.#send(confirmation(identifier))
      else await this.#subscribe(identifier)
    } else if (known && command.command === 'unsubscribe') {
      this.#subscriptions.delete(identifier)
      known.subscription.ended()
    } else if (known && asksForPresence(command)) await this.#sendPresence(known)
  }

  async #subscribe(identifier: string): Promise<void> {
    const { context, agentFormat, contactFormat } = this.#shared
    const subscriber = await this.#findSubscriber(identifier)
    const leave = subscriber && this.#takePlace(subscriber)
    if (!leave) return this.#send(rejection(identifier))
    const { accountId, access } = subscriber
    const { newest } = await logBounds(context.database.read, accountId)
    const { connection, leaveNetwork } = this.#arrival
    // Disconnected meanwhile.
    if (!connection.isOpen) return leave()
    const isUser = 'userId' in access
    // A network has as many users as it likes: their own limits hold.
    if (isUser) leaveNetwork()
    const subscription = new Subscription(connection, identifier)
    subscription.onEnd(leave)
    this.#subscriptions.set(identifier, { subscription, subscriber })
    this.#send(confirmation(identifier))
    const format = isUser ? agentFormat : contactFormat
    openStream(context, subscriber, newest, { transport: subscription, format, filter: everything })
    await this.#sendPresence({ subscription, subscriber })
  }

  async #findSubscriber(identifier: string): Promise<Subscriber | undefined> {
    const room = parseIdentifier(identifier)
    if (!room || this.#subscriptions.size >= subscriptionsOfConnection) return undefined
    return findSubscriber(this.#shared.context, room, this.#arrival.page)
  }

  /** Returns a function that frees the place of a subscription; undefined if there is none. */
  #takePlace(subscriber: Subscriber): (() => void) | undefined {
    try {
      return this.#shared.limits?.takeSubscription(subscriber) ?? (() => {})
    } catch {
      return undefined
    }
  }

  async #sendPresence({ subscription, subscriber }: { subscription: Subscription; subscriber: Subscriber }) {
    const update = await presenceUpdate(this.#shared.context.database, subscriber)
    subscription.write(Buffer.from(JSON.stringify(update)))
  }

  #send(message: string): void {
    this.#arrival.connection.send(message)
  }
}
