import type { FastifyBaseLogger } from 'fastify'
import type { Database, Queries } from '../../db/database.ts'
import type { Context } from '../../http/feature.ts'
import { type Actor, systemOf } from '../../lib/actor.ts'
import { isUnavailable, Refusal } from '../../lib/errors.ts'
import { atLeastEvery, logErrors, type Running } from '../../lib/loop.ts'
import { renderText } from '../canned-responses/rendering.ts'
import { lockEvenMerged } from '../conversations/event-log.ts'
import { postWithFiles } from '../messages/service.ts'
import { roleOf } from '../users/service.ts'
import { scheduledMessageEvents, stateOf } from './events.ts'
import * as store from './store.ts'

// Milliseconds between two looks at the database. A message that this node knows of is sent at its time.
const interval = 1000
const maxPerInterval = 100

/** Sends scheduled messages when their time has come, also those that became due while no server was running. */
export function startSending({ database }: Context, logger: FastifyBaseLogger): Running {
  const sendAll = async () => {
    for (const key of await store.selectDue(database.read, Date.now(), maxPerInterval)) {
      await settle(database, key, logger)
    }
    const next = await store.nextDueTime(database.read)
    return next === undefined ? undefined : next - Date.now()
  }
  const onError = logErrors(logger, 'sending scheduled messages failed, will try again')
  return atLeastEvery(interval, sendAll, { onError })
}

async function settle(database: Database, key: store.Key, logger: FastifyBaseLogger): Promise<void> {
  const { account_id } = key
  const log = (err: unknown) => logger.error({ err, ...key }, 'a scheduled message cannot be sent')
  try {
    await database.transaction(account_id, (tx) => sendOrLog(tx, key))
  } catch (error) {
    if (isUnavailable(error)) throw error
    if (!(error instanceof Refusal)) log(error)
    const reason = error instanceof Refusal ? error.message : 'internal error: see the log of the server'
    await database
      .transaction(account_id, (tx) => fail(tx, key, reason))
      // Those behind it must not wait for it.
      .catch((failure) => {
        if (isUnavailable(failure)) throw failure
        log(failure)
      })
  }
}

/** The message is stored, and the scheduled one deleted, in one transaction: so it is sent once, whatever is killed. */
async function sendOrLog(tx: Queries, key: store.Key): Promise<void> {
  const row = await lockDue(tx, key)
  if (!row) return
  const shown = (await store.findScheduled(tx, key, row.conversation_id))!
  if (row.status === 'cancelled') {
    await store.updateScheduled(tx, key, { due_at: null })
    const before = { ...stateOf(shown), status: 'pending' as const }
    return scheduledMessageEvents.updated(tx, systemOf(key.account_id), before, stateOf(shown))
  }
  const author = await authorOf(tx, row)
  const { conversation_id, attachments } = row
  const message = {
    content: row.fill_in === 1 ? await renderText(tx, author, conversation_id, row.content) : row.content,
    private: row.private === 1,
    content_attributes: JSON.parse(row.content_attributes),
    append_signature: row.append_signature === 1 && row.private === 0,
  }
  await postWithFiles(tx, author, conversation_id, message, attachments)
  await store.deleteScheduled(tx, key)
  await scheduledMessageEvents.deleted(tx, author, stateOf(shown))
}

/**
 * Returns a row if there is still something to do: another node may have been faster, or somebody has changed it. Locks the
 * conversation first, as messages do, so that none can cancel it any more.
 */
async function lockDue(tx: Queries, key: store.Key): Promise<store.Row | undefined> {
  const { account_id } = key
  const found = await store.findRow(tx, key)
  if (!found) return undefined
  await lockEvenMerged(tx, account_id, found.conversation_id)
  const row = await store.findRow(tx, key)
  // A merge has moved it while this waited for the lock.
  if (row && row.conversation_id !== found.conversation_id) return lockDue(tx, key)
  return row && row.due_at !== null && row.due_at <= Date.now() ? row : undefined
}

async function authorOf(tx: Queries, { account_id, author_id }: store.Row): Promise<Actor> {
  const role = await roleOf(tx, account_id, author_id)
  if (!role) throw new Refusal('forbidden', 'its author is no longer a member of the account')
  return { accountId: account_id, userId: author_id, role, scopes: ['write'], tokenId: 0 }
}

async function fail(tx: Queries, key: store.Key, reason: string): Promise<void> {
  const row = await lockDue(tx, key)
  if (!row) return
  const before = (await store.findScheduled(tx, key, row.conversation_id))!
  await store.updateScheduled(tx, key, { status: 'failed', reason, due_at: null })
  const after = (await store.findScheduled(tx, key, row.conversation_id))!
  await scheduledMessageEvents.updated(tx, systemOf(key.account_id), stateOf(before), stateOf(after))
}
