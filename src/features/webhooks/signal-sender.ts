import { randomUUID } from 'node:crypto'
import type { Context } from '../../http/feature.ts'
import type { Counter } from '../../lib/counter.ts'
import { coalesced, type Running } from '../../lib/loop.ts'
import type { WebhookSignal } from '../realtime/webhook-signals.ts'
import { webhookFormats } from './formats.ts'
import { receiverOf, secretsOf } from './receiver.ts'
import { postSigned } from './sending.ts'
import { SignalLanes } from './signal-lanes.ts'
import { type Row, selectForSignals } from './store.ts'

// Signals whose webhooks have not been looked up yet.
const mostQueued = 1000
// Requests at a time: to one webhook, and to all.
const mostOfWebhook = 8
const mostAtOnce = 64
// Milliseconds of an attempt: what comes later is worth nothing.
const timeout = 5000

/** Sends signals to webhooks: at most once, at once, and apart from deliveries, which must not wait for them. */
export class SignalSender implements Running {
  readonly #context: Context
  readonly #lost: Counter
  readonly #lanes = new SignalLanes({ all: mostAtOnce, most: mostOfWebhook })
  readonly #loop = coalesced(() => this.#distribute())
  readonly #stopping = new AbortController()
  #queue: WebhookSignal[] = []

  /** `lost` counts the signals that a webhook should have got and has not. */
  constructor(context: Context, lost: Counter) {
    this.#context = context
    this.#lost = lost
  }

  /**
   * Takes a signal. Nothing happens before the next iteration of the event loop: whoever types does not wait for it.
   */
  send(signal: WebhookSignal): void {
    if (this.#queue.length >= mostQueued) return this.#lost.increase()
    if (this.#queue.length === 0) setImmediate(this.#loop.wake)
    this.#queue.push(signal)
  }

  /** Drops what waits, aborts what is being sent, and resolves when that has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#loop.stop()
    await this.#lanes.stop()
  }

  /** Looks up the webhooks once for all signals of an inbox that have come together. */
  async #distribute(): Promise<void> {
    const signals = this.#queue
    this.#queue = []
    const inboxes = Map.groupBy(signals, ({ account_id, inbox_id }) => `${account_id} ${inbox_id}`)
    for (const some of inboxes.values()) {
      try {
        const [{ account_id, inbox_id }] = some as [WebhookSignal]
        const webhooks = await selectForSignals(this.#context.database.read, { account_id, inbox_id })
        for (const signal of some) this.#offer(signal, webhooks)
      } catch {
        // The database is unreachable.
        for (const _ of some) this.#lost.increase()
      }
    }
  }

  #offer(signal: WebhookSignal, webhooks: readonly Row[]): void {
    const formats = webhookFormats.of(this.#context)
    for (const webhook of webhooks) {
      if (!formats.get(webhook.format)!.acceptsSignal(signal, receiverOf(webhook))) continue
      const receiver = `${webhook.account_id} ${webhook.id}`
      const isOffered = this.#lanes.offer(receiver, keyOf(signal), () => this.#post(signal, webhook))
      if (!isOffered) this.#lost.increase()
    }
  }

  async #post(signal: WebhookSignal, webhook: Row): Promise<void> {
    const at = Date.now()
    const secrets = secretsOf(this.#context, webhook, at)
    try {
      // Receivers must not get used to bodies without a signature.
      if (secrets.length === 0) return this.#lost.increase()
      const format = webhookFormats.of(this.#context).get(webhook.format)!
      const attempt = { signal, deliveryId: `sig_${randomUUID()}`, at, secrets }
      const written = await format.writeSignal(attempt)
      const options = { timeout, signal: this.#stopping.signal }
      const { error } = await postSigned(this.#context, webhook.url, written, options)
      if (error !== null) this.#lost.increase()
    } catch {
      // What it is about was deleted, or the database is unreachable.
      this.#lost.increase()
    }
  }
}

/** Signals with the same key are about the same, so that the newest is the only one that counts. */
function keyOf(signal: WebhookSignal): string {
  if (signal.name === 'widget_opened') return `opened ${signal.contact_id ?? randomUUID()}`
  const { typist, conversation_id } = signal
  return `typing ${conversation_id} ${Object.entries(typist).map(([type, { id }]) => `${type} ${id}`)}`
}
