import type { Database } from '../../db/database.ts'
import { Refusal } from '../../lib/errors.ts'
import { insertPosting, insertPostings, type Posting } from './posting.store.ts'

interface Waiting {
  posting: Posting
  conversation: string
  resolve: (document: string | undefined) => void
  reject: (error: unknown) => void
}

const largestBatch = 64

/**
 * The way of new messages to PostgreSQL: one statement at a time, and those that come meanwhile share the next ones and
 * their commits. A conversation is in a batch once, so its messages keep their order. What a batch could not store just so,
 * since somebody holds the conversation or for a reason that the caller finds out, goes alone.
 */
class PostingQueue {
  readonly #database: Database
  #waiting: Waiting[] = []
  #isRunning = false
  #lastSize = 0
  /** Conversations of which a message is on its way alone; their next ones wait for it. */
  readonly #alone = new Set<string>()

  constructor(database: Database) {
    this.#database = database
  }

  /** Stores a message durably and gives its public JSON; undefined as `insertPosting`. */
  post(posting: Posting): Promise<string | undefined> {
    if (this.#database.read.engine === 'sqlite') return this.#insert(posting)
    return new Promise((resolve, reject) => {
      const conversation = `${posting.account_id} ${posting.conversation_id}`
      this.#waiting.push({ posting, conversation, resolve, reject })
      if (!this.#isRunning) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    // Let this turn of the event loop read all requests that have arrived.
    await new Promise((resolve) => setImmediate(resolve))
    // Nobody is being answered, so all of them go.
    this.#lastSize = this.#waiting.length
    for (let batch = this.#takeBatch(); batch.length > 0; batch = this.#takeBatch()) await this.#send(batch)
    this.#isRunning = false
  }

  async #send(batch: Waiting[]): Promise<void> {
    const postings = batch.map(({ posting }) => posting)
    this.#lastSize = batch.length
    try {
      const stored = await this.#database.autocommit((tx) => insertPostings(tx, postings))
      for (const [index, one] of batch.entries()) {
        if (stored[index] === undefined) void this.#sendAlone(one)
        else one.resolve(stored[index])
      }
    } catch (error) {
      // It may be stored although nobody could tell us: sent again, it would be there twice. And who waits would wait
      // as long again.
      if (isUnavailable(error)) for (const one of [...batch, ...this.#waiting.splice(0)]) one.reject(error)
      else for (const one of batch) void this.#sendAlone(one)
    }
  }

  async #sendAlone({ posting, conversation, resolve, reject }: Waiting): Promise<void> {
    this.#alone.add(conversation)
    try {
      resolve(await this.#insert(posting))
    } catch (error) {
      reject(error)
      const behind = (other: Waiting) => other.conversation === conversation
      if (isUnavailable(error)) for (const other of this.#take(behind)) other.reject(error)
    }
    this.#alone.delete(conversation)
    if (!this.#isRunning) void this.#run()
  }

  /** The first of each conversation, in their order. */
  #takeBatch(): Waiting[] {
    const taken = new Set<string>()
    // Those who were just answered are about to write again. If all others went at once, the server would be idle while
    // this process answers them, and this process while the server stores them.
    const half = Math.ceil((this.#waiting.length + this.#lastSize) / 2)
    const size = Math.min(half, largestBatch)
    return this.#take(({ conversation }) => {
      const goes = taken.size < size && !taken.has(conversation) && !this.#alone.has(conversation)
      if (goes) taken.add(conversation)
      return goes
    })
  }

  #take(goes: (one: Waiting) => boolean): Waiting[] {
    const { true: taken = [], false: left = [] } = Object.groupBy(this.#waiting, (one) => String(goes(one)))
    this.#waiting = left
    return taken
  }

  #insert(posting: Posting): Promise<string | undefined> {
    return this.#database.autocommit((tx) => insertPosting(tx, posting))
  }
}

const queues = new WeakMap<Database, PostingQueue>()

/** The way of new messages into a database: one, so that those of a conversation keep their order. */
export function postingQueueOf(database: Database): PostingQueue {
  const queue = queues.get(database) ?? new PostingQueue(database)
  queues.set(database, queue)
  return queue
}

function isUnavailable(error: unknown): boolean {
  return error instanceof Refusal && error.reason === 'unavailable'
}
