import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { connectionOptions } from './postgres-pool.ts'

const longestPause = 5000
// A connection whose other end is gone without a word looks like one on which nothing is told: we ask, so often.
const heartbeat = 10_000

/**
 * A connection of its own that hears what is told on `topics`; it connects again by itself, and what was told meanwhile
 * is lost. `heard` is called with topic and text, and with an empty text of each topic after each connecting.
 */
export class PostgresListener {
  readonly #heartbeat: number
  readonly #url: string
  readonly #topics: readonly string[]
  readonly #heard: (topic: string, text: string) => void
  #client: pg.Client | undefined
  #timer: NodeJS.Timeout | undefined
  #pause = 50
  #closed = false

  constructor(
    url: string,
    topics: readonly string[],
    heard: (topic: string, text: string) => void,
    every = heartbeat,
  ) {
    this.#heartbeat = every
    this.#url = url
    this.#topics = topics
    this.#heard = heard
    void this.#connect()
  }

  /** At once: a server that hangs does not say goodbye. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#client?.connection.stream.destroy()
  }

  async #connect(): Promise<void> {
    const client = new pg.Client(connectionOptions(this.#url, 'ndoto listener'))
    this.#client = client
    client.on('error', () => {})
    client.on('notification', ({ channel, payload = '' }) => this.#heard(channel, payload))
    client.on('end', () => this.#again())
    try {
      await client.connect()
      await client.query(this.#topics.map((topic) => `listen ${topic}`).join('; '))
      this.#pause = 50
      void this.#watch(client)
      for (const topic of this.#topics) this.#heard(topic, '')
    } catch {
      await client.end().catch(() => {})
      this.#again()
    }
  }

  async #watch(client: pg.Client): Promise<void> {
    try {
      for (;;) {
        await sleep(this.#heartbeat, undefined, { ref: false })
        await client.query('select 1')
      }
    } catch {
      await client.end()
    }
  }

  #again(): void {
    if (this.#closed) return
    clearTimeout(this.#timer)
    // With jitter, so that the nodes do not all come back at once.
    this.#timer = setTimeout(() => void this.#connect(), this.#pause * (0.5 + Math.random()))
    this.#pause = Math.min(this.#pause * 2, longestPause)
  }
}
