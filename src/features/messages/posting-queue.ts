import type { Database } from '../../db/database.ts'
import { Refusal } from '../../lib/errors.ts'
import { insertPosting, insertPostings, type Posting } from './posting.store.ts'

interface Waiting {
  posting: Posting
  conversation: string
  resolve: (document: string | undefined) => void
  reject: (error: unknown) => void
}

interface Lane {
  waiting: Waiting[]
  isRunning: boolean
  /** Conversations of which a message is on its way alone; their next ones wait for it. */
  alone: Set<string>
}

// Two, so that one statement is prepared while another waits for the disk.
const lanes = 2
const largestBatch = 64

/**
 * The way of new messages to PostgreSQL: those that come while others are on their way share the next statement and its
 * commit. A conversation is in a batch once, and always in the same lane, so its messages keep their order. What a batch
 * could not store just so, since somebody holds the conversation or for a reason that the caller finds out, goes alone.
 */
class PostingQueue {
  readonly #database: Database
  readonly #lanes = Array.from(
    { length: lanes },
    (): Lane => ({ waiting: [], isRunning: false, alone: new Set() }),
  )

  constructor(database: Database) {
    this.#database = database
  }

  /** Stores a message durably and gives its public JSON; undefined as `insertPosting`. */
  post(posting: Posting): Promise<string | undefined> {
    if (this.#database.read.engine === 'sqlite') return this.#insert(posting)
    return new Promise((resolve, reject) => {
      const lane = this.#lanes[posting.conversation_id % lanes]!
      const conversation = `${posting.account_id} ${posting.conversation_id}`
      lane.waiting.push({ posting, conversation, resolve, reject })
      if (!lane.isRunning) void this.#run(lane)
    })
  }

  async #run(lane: Lane): Promise<void> {
    lane.isRunning = true
    // Let this turn of the event loop read all requests that have arrived.
    await new Promise((resolve) => setImmediate(resolve))
    for (let batch = takeBatch(lane); batch.length > 0; batch = takeBatch(lane)) await this.#send(lane, batch)
    lane.isRunning = false
  }

  async #send(lane: Lane, batch: Waiting[]): Promise<void> {
    const postings = batch.map(({ posting }) => posting)
    try {
      const stored = await this.#database.statement((tx) => insertPostings(tx, postings))
      for (const [index, one] of batch.entries()) {
        if (stored[index] === undefined) void this.#sendAlone(lane, one)
        else one.resolve(stored[index])
      }
    } catch (error) {
      // It may be stored although nobody could tell us: sent again, it would be there twice. And who waits would wait
      // as long again.
      if (isUnavailable(error)) for (const one of [...batch, ...lane.waiting.splice(0)]) one.reject(error)
      else for (const one of batch) void this.#sendAlone(lane, one)
    }
  }

  async #sendAlone(lane: Lane, { posting, conversation, resolve, reject }: Waiting): Promise<void> {
    lane.alone.add(conversation)
    try {
      resolve(await this.#insert(posting))
    } catch (error) {
      reject(error)
      const behind = (other: Waiting) => other.conversation === conversation
      if (isUnavailable(error)) for (const other of take(lane, behind)) other.reject(error)
    }
    lane.alone.delete(conversation)
    if (!lane.isRunning) void this.#run(lane)
  }

  #insert(posting: Posting): Promise<string | undefined> {
    return this.#database.statement((tx) => insertPosting(tx, posting))
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

/** The first of each conversation, in their order. */
function takeBatch(lane: Lane): Waiting[] {
  const taken = new Set<string>()
  return take(lane, ({ conversation }) => {
    const goes = taken.size < largestBatch && !taken.has(conversation) && !lane.alone.has(conversation)
    if (goes) taken.add(conversation)
    return goes
  })
}

function take(lane: Lane, goes: (one: Waiting) => boolean): Waiting[] {
  const { true: taken = [], false: left = [] } = Object.groupBy(lane.waiting, (one) => String(goes(one)))
  lane.waiting = left
  return taken
}
