import type { FastifyBaseLogger } from 'fastify'
import type { Context } from '../../http/feature.ts'
import { systemOf } from '../../lib/actor.ts'
import { every, logErrors, type Running } from '../../lib/loop.ts'
import { finishMove } from './steps.ts'
import * as store from './store.ts'

// Milliseconds between two looks at the database, and those after which a move counts as interrupted.
const interval = 5000
const silence = 10_000
const maxPerInterval = 10
const pruneInterval = 60_000
const tracesTogether = 500

/** Finishes moves that were interrupted, and forgets which messages came with a move that can no longer be undone. */
export function startMoving({ database }: Context, logger: FastifyBaseLogger): Running {
  const finishInterrupted = async () => {
    const moves = await store.selectUnfinished(database.read, Date.now() - silence, maxPerInterval)
    for (const move of moves) await finishMove(database, systemOf(move.account_id), move)
  }
  const prune = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      const move = await store.findExpired(database.read, Date.now())
      if (!move) return
      await database.transaction(move.account_id, async (tx) => {
        const count = await store.deleteTraces(tx, move, tracesTogether)
        if (count < tracesTogether) await store.updateMove(tx, move, { expires_at: null, before: '{}' })
      })
    }
  }
  const finishing = every(interval, finishInterrupted, {
    first: interval,
    onError: logErrors(logger, 'finishing a merge or split failed, will try again'),
  })
  const pruning = every(pruneInterval, prune, {
    first: pruneInterval,
    onError: logErrors(logger, 'forgetting old merges failed, will try again'),
  })
  return {
    stop: async () => {
      await finishing.stop()
      await pruning.stop()
    },
  }
}
