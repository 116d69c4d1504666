import type { Database } from '../../db/database.ts'
import { isUnavailable } from '../../lib/errors.ts'
import { Slot } from '../../lib/slot.ts'
import { insertPosting } from './posting.store.ts'
import { insertManyOnPostgres } from './posting-postgres.store.ts'
import type { Outcome, Posting } from './verdict.store.ts'

interface Waiting {
  posting: Posting
  conversation: string
  resolve: (outcome: Outcome) => void
  reject: (error: unknown) => void
}

const maxBatchSize = 64

/**
 * Sends new messages to PostgreSQL, one statement at a time. Messages that arrive in the meantime share the next
 * statement and its commit. A batch contains at most one message of a conversation, so messages keep their order. A
 * message without an outcome, because its conversation is locked or does not exist, is sent in a statement of its own.
 */
export class PostingQueue {
  readonly #database: Database
  #waiting: Waiting[] = []
  #isRunning = false
  #lastSize = 0
  /** Conversations with a message in a statement of its own. Their next messages wait for it. */
  readonly #alone = new Set<string>()

  constructor(database: Database) {
    this.#database = database
  }

  /** Stores a message durably, unless its verdict is not `accepted`. */
  post(posting: Posting): Promise<Outcome> {
    if (this.#database.read.engine === 'sqlite') return this.#insert(posting)
    return new Promise((resolve, reject) => {
      const conversation = `${posting.account_id} ${posting.conversation_id}`
      this.#waiting.push({ posting, conversation, resolve, reject })
      if (!this.#isRunning) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    // Let this iteration of the event loop read all requests that have arrived.
    await new Promise((resolve) => setImmediate(resolve))
    // No client has just been answered, so the first batch takes all messages.
    this.#lastSize = this.#waiting.length
    for (let batch = this.#takeBatch(); batch.length > 0; batch = this.#takeBatch()) await this.#send(batch)
    this.#isRunning = false
  }

  async #send(batch: Waiting[]): Promise<void> {
    const postings = batch.map(({ posting }) => posting)
    this.#lastSize = batch.length
    try {
      const outcomes = await this.#database.autocommit((tx) => insertManyOnPostgres(tx, postings))
      for (const [index, one] of batch.entries()) {
        const outcome = outcomes[index]
        if (outcome) one.resolve(outcome)
        else void this.#sendAlone(one)
      }
    } catch (error) {
      // The batch may have been stored even though the response was lost: sending it again could store it twice.
      // Waiting messages are rejected, too, because they would wait for the same time again.
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
      const isOfSame = (other: Waiting) => other.conversation === conversation
      if (isUnavailable(error)) for (const other of this.#take(isOfSame)) other.reject(error)
    }
    this.#alone.delete(conversation)
    if (!this.#isRunning) void this.#run()
  }

  /** Removes the first message of each conversation from the queue, in order. */
  #takeBatch(): Waiting[] {
    const taken = new Set<string>()
    // Half of the messages that wait or are about to: clients that were just answered write again. If a batch took all
    // of them, the database would be idle while this process responds, and this process while the database stores them.
    const half = Math.ceil((this.#waiting.length + this.#lastSize) / 2)
    const size = Math.min(half, maxBatchSize)
    return this.#take(({ conversation }) => {
      const isNext = taken.size < size && !taken.has(conversation) && !this.#alone.has(conversation)
      if (isNext) taken.add(conversation)
      return isNext
    })
  }

  /** Removes the messages for which `matches` is true from the queue, and returns them. */
  #take(matches: (one: Waiting) => boolean): Waiting[] {
    const { true: taken = [], false: rest = [] } = Object.groupBy(this.#waiting, (one) =>
      String(matches(one)),
    )
    this.#waiting = rest
    return taken
  }

  #insert(posting: Posting): Promise<Outcome> {
    return this.#database.autocommit((tx) => insertPosting(tx, posting))
  }
}

/** The queue of a server. There is one, so that messages of a conversation keep their order. */
export const postingQueue = new Slot<PostingQueue>('posting queue')
