import type { Queries } from '../../db/database.ts'
import { type Listener, selectAssignments, selectListeners } from './parts.store.ts'

/** The users who get notifications of the messages of a conversation. */
export interface Listening {
  assignee: number | null
  /** The conversation into which it was merged. */
  mergedInto: number | null
  listeners: Listener[]
}

/** The `Listening` of conversations, read for many of them at once, in a transaction of the account. */
export class Listeners {
  readonly #tx: Queries
  readonly #accountId: number
  readonly #known = new Map<number, Listening>()

  constructor(tx: Queries, accountId: number) {
    this.#tx = tx
    this.#accountId = accountId
  }

  async read(conversationIds: readonly number[]): Promise<void> {
    if (conversationIds.length === 0) return
    const key = { account_id: this.#accountId, ids: JSON.stringify(conversationIds.map((id) => ({ id }))) }
    const assignments = await selectAssignments(this.#tx, key)
    const rows = Map.groupBy(await selectListeners(this.#tx, key), (row) => row.conversation_id)
    for (const { id, assignee_id: assignee, merged_into_id: mergedInto } of assignments)
      this.#known.set(id, { assignee, mergedInto, listeners: rows.get(id) ?? [] })
  }

  /** Returns undefined if the conversation does not exist any more. */
  async of(conversationId: number): Promise<Listening | undefined> {
    if (!this.#known.has(conversationId)) await this.read([conversationId])
    return this.#known.get(conversationId)
  }

  /** Has it read again when it is needed, because somebody follows it now. */
  forget(conversationId: number): void {
    this.#known.delete(conversationId)
  }

  forgetAll(): void {
    this.#known.clear()
  }
}
