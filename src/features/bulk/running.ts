import type { FastifyBaseLogger } from 'fastify'
import type { Database, Queries } from '../../db/database.ts'
import type { Context } from '../../http/feature.ts'
import type { Actor } from '../../lib/actor.ts'
import { isUnavailable, Refusal } from '../../lib/errors.ts'
import { atLeastEvery, logErrors, type Running } from '../../lib/loop.ts'
import { restSince } from '../../lib/rest.ts'
import { teamOf } from '../actions/service.ts'
import { type Effect, runUndoably, undoActions } from '../actions/undo.ts'
import { onlineUsers } from '../conversations/change.ts'
import { idsOfFiltered } from '../conversations/filtered-list.ts'
import { roleOf } from '../users/service.ts'
import { keptTime, mostTargets } from './schema.ts'
import * as store from './store.ts'

// Milliseconds between two looks at the database while nothing is running.
const interval = 500
const mostAtOnce = 20
const collectedAtOnce = 500
// Conversations that are read together. Then the next bulk action has its turn.
const changedAtOnce = 10
const deletedAtOnce = 1000

/**
 * Runs bulk actions in steps, also those that were running when a server ended. Each transaction looks again at what is
 * left, so that a conversation is changed once, although several servers may take the same step.
 */
export function startBulkActions({ database }: Context, logger: FastifyBaseLogger): Running {
  const stepAll = async (signal: AbortSignal) => {
    const active = await store.selectActive(database.read, mostAtOnce)
    for (const row of active) {
      if (!signal.aborted) await step(database, row, signal, logger)
    }
    const old = await store.findFinishedBefore(database.read, Date.now() - keptTime)
    if (old) await database.transaction(old.account_id, (tx) => store.deleteSome(tx, old, deletedAtOnce))
    return active.length > 0 || old ? 1 : undefined
  }
  return atLeastEvery(interval, stepAll, {
    onError: logErrors(logger, 'bulk actions failed, will try again'),
  })
}

async function step(
  database: Database,
  row: store.Row,
  signal: AbortSignal,
  logger: FastifyBaseLogger,
): Promise<void> {
  const author = await authorOf(database.read, row)
  // Former members of the account can no longer change anything.
  if (!author) return finish(database, row, row.status === 'undoing' ? 'undone' : 'stopped')
  if (row.status === 'collecting') return collect(database, row, author)
  const isUndoing = row.status === 'undoing'
  const left = await store.selectTargets(database.read, row, isUndoing ? 'done' : 'pending', changedAtOnce)
  if (left.length === 0) {
    if (isUndoing) await database.wipeErased()
    return finish(database, row, isUndoing ? 'undone' : 'done')
  }
  const change = isUndoing ? undoing(author) : await acting(database, row, author)
  for (const { conversation_id } of left) {
    if (signal.aborted) return
    const began = performance.now()
    await settle(database, row, conversation_id, change, logger)
    await restSince(began)
  }
}

async function authorOf(queries: Queries, { account_id, author_id }: store.Row): Promise<Actor | undefined> {
  const role = await roleOf(queries, account_id, author_id)
  return role && { accountId: account_id, userId: author_id, role, scopes: ['write'], tokenId: 0 }
}

/** Adds the next conversations of the view. It is read by descending ids, which do not change as the list does. */
async function collect(database: Database, row: store.Row, author: Actor): Promise<void> {
  const { account_id, id, collect_before } = row
  const wanted = Math.min(collectedAtOnce, mostTargets - row.total)
  const filter = JSON.parse(row.filter!)
  const { ids, before_id } = await idsOfFiltered(database.longReads, author, filter, wanted, collect_before)
  await database.transaction(account_id, async (tx) => {
    const now = await store.findBulkAction(tx, row)
    // Somebody has stopped it, or another server was faster.
    if (now?.status !== 'collecting' || now.collect_before !== collect_before) return
    const total = now.total + (await store.insertTargets(tx, { account_id, id }, ids))
    const isFull = before_id !== null && total >= mostTargets
    await store.updateBulkAction(tx, row, {
      total,
      capped: isFull ? 1 : 0,
      ...(before_id === null || isFull ? { status: 'running' } : { collect_before: before_id }),
    })
  })
}

function finish(database: Database, row: store.Row, status: store.Row['status']): Promise<void> {
  return database.transaction(row.account_id, async (tx) => {
    const now = await store.findBulkAction(tx, row)
    if (now?.status !== row.status) return
    await store.updateBulkAction(tx, row, { status, finished_at: Date.now() })
  })
}

/** What is done with a conversation. */
interface Change {
  /** The status of a conversation with which nothing was done yet. */
  of: 'pending' | 'done'
  /** Its status if that has succeeded, and if it was refused. */
  to: 'done' | 'undone'
  refused: 'failed' | 'kept'
  /** Returns the effect to store. */
  make(tx: Queries, conversationId: number, effect: string | null): Promise<string | null>
}

async function acting(database: Database, row: store.Row, author: Actor): Promise<Change> {
  const actions = JSON.parse(row.actions)
  const online = await onlineUsers(database, author, teamOf(actions))
  return {
    ...{ of: 'pending', to: 'done', refused: 'failed' },
    make: async (tx, id) => JSON.stringify(await runUndoably(tx, author, id, actions, online)),
  }
}

function undoing(author: Actor): Change {
  return {
    ...{ of: 'done', to: 'undone', refused: 'kept' },
    async make(tx, id, effect) {
      await undoActions(tx, author, id, JSON.parse(effect!) as Effect)
      return null
    },
  }
}

/** Changes a conversation, and stores that, in one transaction: so it is changed once, whatever is killed. */
async function settle(
  database: Database,
  row: store.Row,
  conversationId: number,
  { of, to, refused, make }: Change,
  logger: FastifyBaseLogger,
): Promise<void> {
  /** Returns the conversation if it is still to be changed. */
  const lock = async (tx: Queries) => {
    const now = await store.findBulkAction(tx, row)
    const target = now?.status === row.status && (await store.findTarget(tx, row, conversationId))
    return target && target.status === of ? target : undefined
  }
  try {
    await database.transaction(row.account_id, async (tx) => {
      const target = await lock(tx)
      if (!target) return
      const effect = await make(tx, conversationId, target.effect)
      await store.updateTarget(tx, row, conversationId, { status: to, effect })
      await store.addToCount(tx, row, `${to}_count`)
    })
  } catch (error) {
    if (isUnavailable(error)) throw error
    if (!(error instanceof Refusal)) logger.error({ err: error }, 'a bulk action has failed')
    const reason = error instanceof Refusal ? error.message : 'internal error: see the log of the server'
    await database.transaction(row.account_id, async (tx) => {
      if (!(await lock(tx))) return
      await store.updateTarget(tx, row, conversationId, { status: refused, error: reason })
      await store.addToCount(tx, row, `${refused}_count`)
    })
  }
}
