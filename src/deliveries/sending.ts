import type { Nodes } from '../db/database.ts'
import { isUnavailable } from '../lib/errors.ts'
import type { Logger } from '../lib/loop.ts'
import type { Attempt } from './claim.ts'
import type { AttemptResult } from './record.ts'

/**
 * The attempts that are running. They are aborted when this node loses the name under which it has claimed them: another
 * node may soon make the same attempts.
 */
export class Sending {
  readonly #nodes: Nodes
  readonly #logger: Logger
  readonly #now: () => number
  readonly #running = new Map<AbortController, Attempt>()
  readonly #stopListening: () => void

  constructor(nodes: Nodes, logger: Logger, now: () => number) {
    this.#nodes = nodes
    this.#logger = logger
    this.#now = now
    this.#stopListening = nodes.onLost(() => this.#abort(({ node }) => node !== null))
  }

  /** Aborts all attempts. */
  close(): void {
    this.#stopListening()
    this.#abort(() => true)
  }

  /** Makes an attempt. Resolves to undefined if it was aborted, or if there was not enough time left to begin it. */
  async send(attempt: Attempt): Promise<AttemptResult | undefined> {
    const { by, accountId, targetId, event, number, settings, node, leaseEnd } = attempt
    const at = this.#now()
    const { timeout } = by.schedule
    if (at + timeout >= leaseEnd) return undefined
    if (node !== null && node !== this.#nodes.id) return undefined
    const controller = new AbortController()
    this.#running.set(controller, attempt)
    const start = performance.now()
    const delivery = { accountId, targetId, event, attempt: number, at, timeout }
    try {
      const outcome = await by.sender.send(delivery, settings, controller.signal)
      if (controller.signal.aborted) return undefined
      return { attempt, delivery, outcome, durationMs: Math.round(performance.now() - start) }
    } catch (error) {
      this.#logger.error(
        { err: error },
        `deliveries: ${by.sender.name} failed to send event ${event.position}`,
      )
      if (isUnavailable(error) || controller.signal.aborted) return undefined
      // Without an outcome it would be repeated for ever, and later ones with its order key would wait for it.
      const outcome = { state: 'retry', reason: 'internal' } as const
      return { attempt, delivery, outcome, durationMs: Math.round(performance.now() - start) }
    } finally {
      this.#running.delete(controller)
    }
  }

  #abort(concerns: (attempt: Attempt) => boolean): void {
    for (const [controller, attempt] of this.#running) if (concerns(attempt)) controller.abort()
  }
}
