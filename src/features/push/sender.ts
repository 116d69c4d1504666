import { hash } from 'node:crypto'
import type { Delivery, Outcome, Sender } from '../../deliveries/sender.ts'
import type { Context } from '../../http/feature.ts'
import { post } from '../../lib/outgoing.ts'
import { authorization } from './authorization.ts'
import { noteShown } from './channel.ts'
import { messageOf } from './content.ts'
import { pushCounters } from './counters.ts'
import { encrypt } from './encryption.ts'
import { findKey } from './key.store.ts'
import { matcher, requestOf, senderName } from './requests.ts'
import type { PushMessage } from './schema.ts'
import { deleteExpired, findReceiver, type Row } from './store.ts'

const second = 1000
const minute = 60 * second
// Seconds for which the service keeps the message for a device that cannot be reached.
const timeToLive = 24 * 3600
// A message that is older than that would only puzzle.
const longestWait = 60 * minute

/** What a push service says if the subscription has ended. */
const ended = [404, 410]

/** Creates the sender that posts messages to the push services of browsers. */
export function pushSender(context: Context): Sender {
  const { database } = context
  return {
    name: senderName,
    // All browsers of an account are one target, so it says nothing about others if one of them fails.
    schedule: {
      delays: [5 * second, 30 * second, 2 * minute, 10 * minute, 30 * minute],
      disableAfter: Number.POSITIVE_INFINITY,
    },
    targets: matcher,
    async send(delivery, _, signal) {
      const { accountId, event } = delivery
      const request = requestOf(event)
      const early = request.kind === 'notification' ? request.not_before - delivery.at : 0
      if (early > 0) return { state: 'early', after: early }
      const read = database.read
      const [receiver] = await findReceiver(read, {
        id: request.subscription_id,
        account_id: accountId,
        now: delivery.at,
      })
      const message = receiver && (await messageOf(read, accountId, request, receiver))
      // The session has ended, or the user has seen it meanwhile.
      if (!message || isUnwanted(message, receiver)) return { state: 'sent' }
      return send(context, delivery, receiver, message, signal)
    },
    async finished(tx, { accountId, event }, { state, code }) {
      const { sent, failed } = pushCounters.of(tx)
      if (state === 'failed' && !ended.includes(code ?? 0)) failed.increase()
      // It ended without a request.
      if (!code) return
      if (state === 'sent') sent.increase()
      const request = requestOf(event)
      if (ended.includes(code)) await deleteExpired(tx, request.subscription_id)
      else if (code < 300 && request.kind === 'notification') await noteShown(tx, accountId, request)
    },
  }
}

async function send(
  { config, database, version, resolve }: Context,
  { accountId, at, timeout }: Delivery,
  receiver: Row,
  message: PushMessage,
  signal: AbortSignal,
): Promise<Outcome> {
  const key = await findKey(database.read)
  if (!key) return { state: 'failed', reason: 'key' }
  const { endpoint } = receiver
  const { code, error, answer, retryAfterMs } = await post(endpoint, {
    headers: {
      'content-type': 'application/octet-stream',
      'content-encoding': 'aes128gcm',
      ttl: String(timeToLive),
      urgency: message.withdrawn ? 'normal' : 'high',
      topic: topicOf(accountId, message),
      authorization: authorization(endpoint, key, contactOf(config), at),
      'user-agent': `Ndoto/${version}`,
    },
    body: encrypt(JSON.stringify(message), receiver),
    timeoutMs: timeout,
    // A message that arrives twice is shown once, because both have the same tag.
    reuseConnection: true,
    allowPrivate: config.webhookAllowPrivate,
    signal,
    ...(resolve ? { resolve } : {}),
  })
  if (error === null) return { state: 'sent', code, answer }
  if (isFinal(code)) return { state: 'failed', reason: error, code, answer }
  const after = Math.min(retryAfterMs ?? 0, longestWait)
  return { state: 'retry', reason: error, code, answer, after }
}

/** Safari ends a subscription after a few messages for which it shows nothing. */
function isUnwanted({ withdrawn }: PushMessage, { endpoint }: Row): boolean {
  return withdrawn === true && new URL(endpoint).hostname.endsWith('.push.apple.com')
}

/** Whether the service will never take the message. */
function isFinal(code: number | null): boolean {
  return code !== null && code >= 400 && code < 500 && code !== 408 && code !== 425 && code !== 429
}

/** The service replaces a message that still waits by one with the same topic. It learns nothing from it. */
function topicOf(accountId: number, { tag }: PushMessage): string {
  return hash('sha256', `${accountId} ${tag}`, 'base64url').slice(0, 32)
}

/** Where a push service can complain. It refuses anything that is neither mailto: nor https:. */
function contactOf({ publicUrl, securityContact }: Context['config']): string {
  if (securityContact) return securityContact
  return publicUrl.startsWith('https:') ? publicUrl : `mailto:postmaster@${new URL(publicUrl).hostname}`
}
