import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { connectionOptions } from './postgres-pool.ts'
import { randomNode } from './random-node.ts'

/** The first key of an advisory lock that each server shares, as long as its listener is connected; the second is 0. */
export const serverLock = 7_364_002

const maxPause = 5000
// The first key of the advisory locks of nodes; the second is the name of the node.
export const nodeLock = 7_364_003
// A connection whose other end has vanished cannot be told from one without notifications, so it is checked this often,
// and counts as lost after this time without a response. In milliseconds.
const defaultHeartbeat = { interval: 500, timeout: 1000 }
/** Longer than a heartbeat and its timeout: until then, a node has noticed that its connection is lost. In milliseconds. */
export const noticeTime = 2000

interface Options {
  url: string
  topics: readonly string[]
  /** Gets the topic and the text of a notification, and after each connect an empty text for each topic. */
  onNotification: (topic: string, text: string) => void
  /** Is called when the connection is lost, and with it the lock of the node. */
  onLost?: () => void
  heartbeat?: typeof defaultHeartbeat
}

/**
 * The session of a node: a connection of its own that listens for notifications and holds an advisory lock, which ends
 * with the connection. It reconnects by itself, with the lock of another name; notifications sent meanwhile are lost.
 */
export class PostgresListener {
  readonly #options: Options
  #client: pg.Client | undefined
  #node: number | null = null
  #timer: NodeJS.Timeout | undefined
  #pause = 50
  #closed = false

  constructor(options: Options) {
    this.#options = options
    void this.#connect()
  }

  /** The name whose lock it holds; null while it is not connected. */
  get node(): number | null {
    return this.#node
  }

  /** Closes the socket at once, because a server that hangs would not respond to a proper end. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#client?.connection.stream.destroy()
    if (this.#client) this.#lose(this.#client)
  }

  async #connect(): Promise<void> {
    const { url, topics, onNotification } = this.#options
    const client = new pg.Client(connectionOptions(url, 'ndoto listener'))
    this.#client = client
    client.on('error', () => {})
    client.on('notification', ({ channel, payload = '' }) => onNotification(channel, payload))
    client.on('end', () => {
      this.#lose(client)
      this.#reconnect()
    })
    try {
      await client.connect()
      const node = randomNode()
      const listen = topics.map((topic) => `listen ${topic}`).join('; ')
      const locks = `select pg_try_advisory_lock_shared(${serverLock}, 0), pg_advisory_lock(${nodeLock}, ${node})`
      await client.query(`${locks}; ${listen}`)
      this.#pause = 50
      this.#node = node
      void this.#sendHeartbeats(client)
      for (const topic of topics) onNotification(topic, '')
    } catch {
      await client.end().catch(() => {})
      this.#reconnect()
    }
  }

  async #sendHeartbeats(client: pg.Client): Promise<void> {
    const { interval, timeout } = this.#options.heartbeat ?? defaultHeartbeat
    // The driver reads this field of a query, but its types do not have it.
    const heartbeat = { text: 'select 1', query_timeout: timeout } as pg.QueryConfig
    try {
      for (;;) {
        await sleep(interval, undefined, { ref: false })
        await client.query(heartbeat)
      }
    } catch {
      // Before waiting for anything: other nodes may see the end of the lock at this moment.
      this.#lose(client)
      await client.end()
    }
  }

  #lose(client: pg.Client): void {
    // The heartbeats of a connection can notice its end when the next one already has the lock of another name.
    if (client !== this.#client || this.#node === null) return
    this.#node = null
    this.#options.onLost?.()
  }

  #reconnect(): void {
    if (this.#closed) return
    clearTimeout(this.#timer)
    // With jitter, so that not all nodes reconnect at once.
    this.#timer = setTimeout(() => void this.#connect(), this.#pause * (0.5 + Math.random()))
    this.#pause = Math.min(this.#pause * 2, maxPause)
  }
}
