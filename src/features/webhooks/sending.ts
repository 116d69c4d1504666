import type { Delivery, Outcome as DeliveryOutcome } from '../../deliveries/sender.ts'
import type { Context } from '../../http/feature.ts'
import { type Outcome, post } from '../../lib/outgoing.ts'
import { type EventAttempt, type SignedBody, webhookFormats } from './formats.ts'
import type { WebhookFormatName } from './schema.ts'

/** Where a receiver is, and what signs its events. */
interface Target extends Pick<EventAttempt, 'receiver' | 'deliveryId' | 'secrets'> {
  url: string
  format: WebhookFormatName
}

/** Makes one attempt to post an event to a URL. */
export async function postEvent(
  context: Context,
  { event, at, timeout }: Delivery,
  { url, format, ...target }: Target,
  signal: AbortSignal,
): Promise<DeliveryOutcome> {
  // Receivers must not get used to events without a signature.
  if (target.secrets.length === 0) return { state: 'retry', reason: 'secret' }
  const attempt = { event, at, ...target }
  const written = await webhookFormats.of(context).get(format)!.write(attempt)
  if (!written) return { state: 'failed', reason: 'format' }
  const { code, error, answer } = await postSigned(context, url, written, {
    timeout,
    signal,
    // It has the same `webhook-id` if it is sent twice.
    reuseConnection: true,
  })
  return error === null ? { state: 'sent', code, answer } : { state: 'retry', reason: error, code, answer }
}

/** Posts a signed body to a URL, unless it leads to an address that the server may not call. */
export function postSigned(
  { config, version, resolve }: Context,
  url: string,
  { body, headers }: SignedBody,
  { timeout, ...options }: { timeout: number; signal: AbortSignal; reuseConnection?: boolean },
): Promise<Outcome> {
  return post(url, {
    headers: { 'content-type': 'application/json', 'user-agent': `Ndoto/${version}`, ...headers },
    body,
    timeoutMs: timeout,
    allowPrivate: config.webhookAllowPrivate,
    ...options,
    ...(resolve ? { resolve } : {}),
  })
}
