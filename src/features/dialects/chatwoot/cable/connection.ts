import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { EndReason } from '../../../realtime/transport.ts'
import { disconnect } from './protocol.ts'

// Unread bytes of a client that gets no more pings: it will be disconnected at the next event.
const maxUnread = 64 * 1024
// How long a client may take to close the connection, in milliseconds.
const closeTimeout = 1000

/** The connection of a client, which can have several subscriptions. */
export class Connection {
  readonly #webSocket: WebSocket
  readonly #socket: Socket
  #isClosing = false

  constructor(webSocket: WebSocket, socket: Socket) {
    this.#webSocket = webSocket
    this.#socket = socket
  }

  get isOpen(): boolean {
    return !this.#isClosing && this.#webSocket.readyState === this.#webSocket.OPEN
  }

  /** The bytes that the client has not read. */
  get unread(): number {
    return this.#socket.writableLength
  }

  /** Whether the client reads more slowly than messages are sent. */
  get isFull(): boolean {
    return this.#socket.writableNeedDrain
  }

  send(message: string | Buffer): void {
    if (this.isOpen) this.#webSocket.send(message, { binary: false })
  }

  /** Sends a message, unless the client is slow. */
  offer(message: string): void {
    if (this.unread <= maxUnread) this.send(message)
  }

  /** Tells the client why the connection ends, and whether to connect again, and ends it. */
  close(reason: EndReason): void {
    if (!this.isOpen) return
    this.send(disconnect(reason === 'shutdown' ? 'server_restart' : 'unauthorized'))
    this.#isClosing = true
    this.#webSocket.close()
    const timer = setTimeout(() => this.destroy(), closeTimeout)
    this.onClose(() => clearTimeout(timer))
  }

  destroy(): void {
    this.#webSocket.terminate()
  }

  onMessage(listener: (text: string) => void): void {
    this.#webSocket.on('message', (data, isBinary) => {
      if (!isBinary) listener(String(data))
    })
  }

  /** Calls `listener` once when the connection has ended, from either side. */
  onClose(listener: () => void): void {
    this.#webSocket.once('close', listener)
  }

  /** Resolves when the client has read what was sent, or the connection has ended. */
  drained(): Promise<void> {
    const socket = this.#socket
    return new Promise((resolve) => {
      const done = () => {
        socket.off('drain', done).off('close', done)
        resolve()
      }
      socket.on('drain', done).on('close', done)
    })
  }
}
