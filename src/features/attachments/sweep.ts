import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { sweepArriving } from '../../files/arriving.ts'
import { storedName, thumbnailName } from '../../files/names.ts'
import type { Context } from '../../http/feature.ts'
import { Refusal } from '../../lib/errors.ts'
import { deferFiles, deleteFile, dueFiles, type Row } from './store.ts'

// Files that one node takes at once, and for how long they are its own, in milliseconds.
const step = 20
const lease = 300_000
const hour = 3_600_000

/**
 * Removes files that no message holds: of deleted messages within seconds, and what a process has left that ended
 * between the file and its message. What fails is tried again when the lease ends. Gives how to stop.
 */
export function startSweeping(context: Context, logger: FastifyBaseLogger): () => Promise<void> {
  const stop = new AbortController()
  const { signal } = stop
  const work = async () => {
    for (let arrivingAt = 0; ; ) {
      try {
        if (Date.now() >= arrivingAt) {
          arrivingAt = Date.now() + hour
          await sweepArriving(context.files.arriving)
        }
        while (!signal.aborted && (await sweepSome(context)) === step);
      } catch (error) {
        const isAway = error instanceof Refusal && error.reason === 'unavailable'
        if (!isAway) logger.error({ err: error }, 'removing files failed; it is tried again')
      }
      await sleep(context.intervals.sweep, undefined, { ref: false, signal })
    }
  }
  // It ends by being stopped.
  const working = work().catch(() => {})
  return async () => {
    stop.abort()
    await working
  }
}

/** Removes some of the files that are due; gives how many. */
async function sweepSome({ database, files }: Context): Promise<number> {
  const now = Date.now()
  // Mostly there are none, and no transaction is needed to see that.
  if ((await dueFiles(database.read, now, 1)).length === 0) return 0
  const until = now + lease
  const rows = await database.transaction(null, async (tx) => {
    const due = await dueFiles(tx, now, step)
    await deferFiles(tx, due, until)
    return due
  })
  for (const row of rows) await remove({ database, files }, row)
  return rows.length
}

async function remove({ database, files }: Pick<Context, 'database' | 'files'>, row: Row): Promise<void> {
  const name = storedName(row.account_id, row.key)
  await files.storage.remove(name)
  await files.storage.remove(thumbnailName(name))
  await database.transaction(row.account_id, (tx) => deleteFile(tx, row))
}
