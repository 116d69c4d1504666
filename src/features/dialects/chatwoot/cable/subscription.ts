import type { EndReason, Transport } from '../../../realtime/transport.ts'
import type { Connection } from './connection.ts'

const suffix = Buffer.from('}')

/** A subscription of a client as the transport of a stream. */
export class Subscription implements Transport {
  readonly #connection: Connection
  /** Of each message. */
  readonly #prefix: Buffer
  readonly #endListeners = new Set<() => void>()
  #hasEnded = false

  constructor(connection: Connection, identifier: string) {
    this.#connection = connection
    this.#prefix = Buffer.from(`{"identifier":${JSON.stringify(identifier)},"message":`)
  }

  get isOpen(): boolean {
    return !this.#hasEnded && this.#connection.isOpen
  }

  get unread(): number {
    return this.#connection.unread
  }

  get isFull(): boolean {
    return this.#connection.isFull
  }

  /** Sends the JSON of a message. */
  write(frame: Buffer): void {
    this.#connection.send(Buffer.concat([this.#prefix, frame, suffix]))
  }

  /** Ends the whole connection: a client that has lost its access must not keep it, and one subscription is the rule. */
  end(reason: EndReason): void {
    this.#connection.close(reason)
  }

  destroy(): void {
    this.#connection.destroy()
  }

  drained(): Promise<void> {
    return this.#connection.drained()
  }

  onEnd(listener: () => void): void {
    if (this.#hasEnded) listener()
    else this.#endListeners.add(listener)
  }

  /** Is called when the client has unsubscribed, or the connection has ended. */
  ended(): void {
    this.#hasEnded = true
    for (const listener of this.#endListeners) listener()
    this.#endListeners.clear()
  }
}
