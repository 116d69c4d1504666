import type { Delivery, Outcome } from '../../deliveries/sender.ts'
import type { Context } from '../../http/feature.ts'
import { post } from '../../lib/outgoing.ts'
import { type Attempt, webhookFormats } from './formats.ts'
import type { WebhookFormatName } from './schema.ts'

/** Where a receiver is, and what signs its events. */
interface Target extends Pick<Attempt, 'receiver' | 'deliveryId' | 'secrets'> {
  url: string
  format: WebhookFormatName
}

/** Makes one attempt to post an event to a URL. */
export async function postEvent(
  context: Context,
  { accountId, event, at, timeout }: Delivery,
  { url, format, ...target }: Target,
  signal: AbortSignal,
): Promise<Outcome> {
  const { config, version, resolve } = context
  // Receivers must not get used to events without a signature.
  if (target.secrets.length === 0) return { state: 'retry', reason: 'secret' }
  const attempt = { accountId, event, at, ...target }
  const { body, headers } = await webhookFormats.of(context).get(format)!.write(attempt)
  const { code, error, answer } = await post(url, {
    headers: { 'content-type': 'application/json', 'user-agent': `Ndoto/${version}`, ...headers },
    body,
    timeoutMs: timeout,
    allowPrivate: config.webhookAllowPrivate,
    signal,
    ...(resolve ? { resolve } : {}),
  })
  return error === null ? { state: 'sent', code, answer } : { state: 'retry', reason: error, code, answer }
}
