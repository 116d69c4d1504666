import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { connectionOptions } from './postgres-pool.ts'

/** The first key of an advisory lock that each server shares, as long as its listener is connected; the second is 0. */
export const serverLock = 7_364_002

const maxPause = 5000
// A connection whose other end has vanished cannot be told from one without notifications, so it is checked this often.
const defaultHeartbeat = 10_000

/**
 * Listens for notifications of `topics` on its own connection. It reconnects by itself; notifications sent meanwhile
 * are lost. `onNotification` gets the topic and the text, and after each connect it gets an empty text for each topic.
 */
export class PostgresListener {
  readonly #heartbeat: number
  readonly #url: string
  readonly #topics: readonly string[]
  readonly #onNotification: (topic: string, text: string) => void
  #client: pg.Client | undefined
  #timer: NodeJS.Timeout | undefined
  #pause = 50
  #closed = false

  constructor(
    url: string,
    topics: readonly string[],
    onNotification: (topic: string, text: string) => void,
    heartbeat = defaultHeartbeat,
  ) {
    this.#heartbeat = heartbeat
    this.#url = url
    this.#topics = topics
    this.#onNotification = onNotification
    void this.#connect()
  }

  /** Closes the socket at once, because a server that hangs would not respond to a proper end. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#client?.connection.stream.destroy()
  }

  async #connect(): Promise<void> {
    const client = new pg.Client(connectionOptions(this.#url, 'ndoto listener'))
    this.#client = client
    client.on('error', () => {})
    client.on('notification', ({ channel, payload = '' }) => this.#onNotification(channel, payload))
    client.on('end', () => this.#reconnect())
    try {
      await client.connect()
      const listens = this.#topics.map((topic) => `listen ${topic}`).join('; ')
      await client.query(`select pg_try_advisory_lock_shared(${serverLock}, 0); ${listens}`)
      this.#pause = 50
      void this.#sendHeartbeats(client)
      for (const topic of this.#topics) this.#onNotification(topic, '')
    } catch {
      await client.end().catch(() => {})
      this.#reconnect()
    }
  }

  async #sendHeartbeats(client: pg.Client): Promise<void> {
    try {
      for (;;) {
        await sleep(this.#heartbeat, undefined, { ref: false })
        await client.query('select 1')
      }
    } catch {
      await client.end()
    }
  }

  #reconnect(): void {
    if (this.#closed) return
    clearTimeout(this.#timer)
    // With jitter, so that not all nodes reconnect at once.
    this.#timer = setTimeout(() => void this.#connect(), this.#pause * (0.5 + Math.random()))
    this.#pause = Math.min(this.#pause * 2, maxPause)
  }
}
