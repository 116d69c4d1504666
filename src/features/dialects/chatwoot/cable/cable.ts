import type { Context } from '../../../../http/feature.ts'
import { type Arrival, Client, type Shared } from './client.ts'
import type { Connection } from './connection.ts'
import { cableFormat } from './format.ts'
import { CableLimits } from './limits.ts'
import { ping } from './protocol.ts'

/** The connections to `/cable` on this node. */
export class Cable {
  readonly limits: CableLimits | undefined
  readonly #shared: Shared
  readonly #connections = new Set<Connection>()
  readonly #pinging: ReturnType<typeof setInterval>
  #isClosed = false

  constructor(context: Context) {
    this.limits = context.config.rateLimit === null ? undefined : new CableLimits()
    this.#shared = {
      context,
      limits: this.limits,
      agentFormat: cableFormat(context, 'agents'),
      contactFormat: cableFormat(context, 'contact'),
    }
    this.#pinging = setInterval(() => this.#ping(), context.intervals.ping).unref()
  }

  /** Serves a client until it disconnects. */
  add(arrival: Arrival): void {
    const { connection } = arrival
    this.#connections.add(connection)
    connection.onClose(() => this.#connections.delete(connection))
    new Client(this.#shared, arrival)
    if (this.#isClosed) connection.close('shutdown')
  }

  /** Asks all clients to connect again, and disconnects them. */
  close(): void {
    this.#isClosed = true
    clearInterval(this.#pinging)
    for (const connection of this.#connections) connection.close('shutdown')
  }

  #ping(): void {
    const message = ping(Date.now())
    for (const connection of this.#connections) connection.offer(message)
  }
}
