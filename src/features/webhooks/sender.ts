import type { Match, Outcome, Sender } from '../../deliveries/sender.ts'
import { isForCustomers } from '../../events/audience.ts'
import type { LoggedEvent } from '../../events/read.ts'
import type { Context } from '../../http/feature.ts'
import { post } from '../../lib/outgoing.ts'
import { sign } from '../../lib/signing.ts'
import { failures } from './failures.ts'
import { webhookBody } from './payload.ts'
import { findByTarget, openSecret, type Row, selectRules } from './store.ts'

/** The name that the targets of webhooks have. */
export const senderName = 'webhooks'

/** What is needed to call a webhook. The secrets are null if there is none, or if it cannot be decrypted. */
interface Settings extends Pick<Row, 'id' | 'url' | 'inbox_id' | 'previous_secret_until'> {
  secret: string | null
  previous_secret: string | null
}

/** Creates the sender that posts events to the URLs of webhooks. */
export function webhookSender({ config, version, resolve }: Context): Sender<Settings> {
  return {
    name: senderName,
    async targets(tx, accountId) {
      const webhooks = (await selectRules(tx, { account_id: accountId })).map((row) => ({
        targetId: row.target_id,
        accepts: filterOf(row),
      }))
      return (event) =>
        webhooks.flatMap(({ targetId, accepts }) => (accepts(event) ? [match(targetId, event)] : []))
    },
    async settings(tx, accountId, targetId) {
      const webhook = await findByTarget(tx, accountId, targetId)
      if (!webhook) return undefined
      const { id, url, inbox_id, previous_secret_until } = webhook
      const secret = openSecret(tx, webhook, 'secret')
      return {
        id,
        url,
        inbox_id,
        secret,
        previous_secret: openSecret(tx, webhook, 'previous_secret'),
        previous_secret_until,
      }
    },
    async send({ accountId, event, at, timeout }, webhook, signal): Promise<Outcome> {
      const secrets = secretsOf(webhook, at)
      // Receivers must not get used to events without a signature.
      if (secrets.length === 0) return { state: 'retry', reason: 'secret' }
      const body = webhookBody(event, webhook)
      const id = `evt_${accountId}_${event.position}_${webhook.id}`
      const { code, error, answer } = await post(webhook.url, {
        headers: {
          'content-type': 'application/json',
          'user-agent': `Ndoto/${version}`,
          ...sign(secrets, id, Math.floor(at / 1000), body),
        },
        body,
        timeoutMs: timeout,
        allowPrivate: config.webhookAllowPrivate,
        signal,
        ...(resolve ? { resolve } : {}),
      })
      return error === null
        ? { state: 'sent', code, answer }
        : { state: 'retry', reason: error, code, answer }
    },
    async finished(tx, _delivery, { state }) {
      if (state === 'failed') failures.of(tx).increase()
    },
  }
}

function match(targetId: number, { conversation_id }: LoggedEvent): Match {
  return { targetId, orderKey: conversation_id }
}

/** Returns the condition for the events that a webhook gets. */
function filterOf({
  inbox_id,
  subscriptions,
}: Pick<Row, 'inbox_id' | 'subscriptions'>): (event: LoggedEvent) => boolean {
  if (inbox_id !== null) return (event) => event.inbox_id === inbox_id && isForCustomers(event)
  const names = new Set<string>(JSON.parse(subscriptions))
  return ({ name, audience }) => audience !== 'server' && names.has(name)
}

/** Returns the secrets that sign at a time, none if the secret cannot be decrypted. */
function secretsOf({ secret, previous_secret, previous_secret_until }: Settings, at: number): string[] {
  if (secret === null) return []
  const isValid = previous_secret !== null && (previous_secret_until ?? 0) > at
  return isValid ? [secret, previous_secret] : [secret]
}
