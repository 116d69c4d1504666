import type { Database } from '../db/database.ts'
import { endLeases, selectAccountsOf, selectRunningNodes } from './queue.store.ts'
import { updateNextDue } from './target.store.ts'

/**
 * Ends the leases of nodes that are no longer alive, so that what they were sending continues at once.
 *
 * A node whose connection to the database has just broken is not alive, but may still be sending until it notices. So the
 * leases end only when the node has been gone for longer than that.
 */
export class Takeover {
  readonly #database: Database
  readonly #now: () => number
  /** When a node was first seen to be gone, on the clock of `performance.now()`. */
  readonly #goneSince = new Map<number, number>()

  constructor(database: Database, now: () => number) {
    this.#database = database
    this.#now = now
  }

  /** Looks for nodes that have gone. Resolves when the leases of those that have been gone long enough have ended. */
  async run(): Promise<void> {
    const { read, nodes } = this.#database
    const running = await selectRunningNodes(read)
    const others = running.filter((node) => node !== nodes.id)
    for (const node of this.#goneSince.keys()) if (!others.includes(node)) this.#goneSince.delete(node)
    if (others.length === 0) return
    const alive = await nodes.alive()
    const time = performance.now()
    for (const node of others.filter((one) => !alive.has(one))) {
      const since = this.#goneSince.get(node) ?? time
      this.#goneSince.set(node, since)
      if (time - since >= nodes.noticeTime) await this.#endLeases(node)
    }
  }

  async #endLeases(node: number): Promise<void> {
    for (const account_id of await selectAccountsOf(this.#database.read, node)) {
      await this.#database.transaction(account_id, async (tx) => {
        await updateNextDue(tx, account_id, await endLeases(tx, account_id, node, this.#now()))
      })
    }
  }
}
