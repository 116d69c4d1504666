import type { FastifyBaseLogger } from 'fastify'
import type { Database } from '../../db/database.ts'
import type { Context } from '../../http/feature.ts'
import { atLeastEvery, logErrors, type Running } from '../../lib/loop.ts'
import { personalMailer } from '../sign-in/mails.ts'
import type { NotificationChannel } from './channels.ts'
import { digestCounters } from './counters.ts'
import * as store from './digest.store.ts'
import { digestMail } from './digest-mail.ts'
import { toNotification } from './service.ts'
import { selectForMail, type UserKey } from './store.ts'
import { unsubscribeLink } from './unsubscribing.ts'

// Milliseconds between two looks at the database. A digest that this server knows of is sent at its time.
const interval = 5000
const maxPerInterval = 50
// Milliseconds after which another server, or the next process, tries again. Later attempts wait twice as long.
const lease = 10 * 60_000
const mostTries = 8
// A mail lists so many notifications.
const mostListed = 30

/**
 * The channel that mails a digest of what its user has not seen. A digest is at least six times its delay after the last
 * one: whoever is away gets one an hour.
 */
export function emailChannel({ intervals: { digest } }: Context): NotificationChannel {
  return {
    name: 'email',
    async send(tx, { accountId, userId, notificationId, notBefore }) {
      const key = { account_id: accountId, user_id: userId }
      await store.markForMail(tx, { ...key, id: notificationId })
      await store.schedule(tx, key, Math.max(Date.now() + digest, notBefore), 6 * digest)
    },
  }
}

/** Mails digests when they are due, also those that became due while no server was running. */
export function startDigests({ config, database, intervals }: Context, logger: FastifyBaseLogger): Running {
  const send = personalMailer(config)
  if (!send) return { stop: async () => {} }
  const { sent, failed } = digestCounters.of(database)
  const sendAll = async (signal: AbortSignal) => {
    for (const key of await store.selectDue(database.read, Date.now(), maxPerInterval)) {
      if (signal.aborted) return undefined
      const digest = await claim(database, key)
      if (!digest) continue
      const { recipient, rows, upTo } = digest
      try {
        const listed = rows.slice(0, mostListed).map(toNotification)
        const link = unsubscribeLink(database, key, config.publicUrl)
        const mail = digestMail(listed, rows.length, config.publicUrl, link)
        await send(recipient, mail.subject, mail.text, mail.headers)
      } catch (err) {
        failed.increase()
        logger.error({ err }, 'a mail about notifications was not sent, will try again')
        continue
      }
      sent.increase()
      await finish(database, key, upTo, 6 * intervals.digest)
    }
    const next = await store.nextDueTime(database.read)
    return next === undefined ? undefined : next - Date.now()
  }
  const onError = logErrors(logger, 'sending mails about notifications failed, will try again')
  return atLeastEvery(interval, sendAll, { onError })
}

/**
 * Returns what to mail to a user, and lets nobody else mail it for some time. If the server is killed after the mail was
 * sent, and before that is recorded, it is sent again: the other order could lose it.
 */
function claim(database: Database, key: UserKey) {
  return database.transaction(key.account_id, async (tx) => {
    const digest = await store.findDigest(tx, key)
    const now = Date.now()
    if (!digest || digest.due_at === null || digest.due_at > now) return undefined
    const recipient = await store.findRecipient(tx, key.user_id)
    const rows = recipient ? await selectForMail(tx, key) : []
    if (!recipient || rows.length === 0 || digest.tries >= mostTries) {
      await store.markMailed(tx, key, Number.MAX_SAFE_INTEGER)
      await store.updateDigest(tx, key, { due_at: null, tries: 0 })
      return undefined
    }
    const due_at = now + lease * 2 ** digest.tries
    await store.updateDigest(tx, key, { due_at, tries: digest.tries + 1 })
    return { recipient, rows, upTo: rows[0]!.position }
  })
}

async function finish(database: Database, key: UserKey, upTo: number, gap: number): Promise<void> {
  await database.transaction(key.account_id, async (tx) => {
    const now = Date.now()
    const isWaiting = await store.markMailed(tx, key, upTo)
    await store.updateDigest(tx, key, { due_at: isWaiting ? now + gap : null, sent_at: now, tries: 0 })
  })
}
