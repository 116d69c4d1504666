import type { FastifyBaseLogger } from 'fastify'
import { storedName, thumbnailName } from '../../files/names.ts'
import { removeOldTemporaryFiles } from '../../files/temporary-files.ts'
import type { Context } from '../../http/feature.ts'
import { every, logErrors, type Running, together } from '../../lib/loop.ts'
import { deferFiles, deleteFile, dueFiles, type Row } from './store.ts'

// Files that a node removes in one step, and how long other nodes leave them alone, in milliseconds.
const stepSize = 20
const lease = 300_000
const hour = 3_600_000

/**
 * Removes files that are not attached to anything: those of deleted messages within seconds, and those left by a process
 * that ended before it stored the message. Removing a file that failed is repeated when the lease ends.
 */
export function startSweeping(context: Context, logger: FastifyBaseLogger): Running {
  const onError = logErrors(logger, 'removing files failed, will try again')
  const sweep = async (signal: AbortSignal) => {
    while (!signal.aborted && (await sweepSome(context)) === stepSize);
  }
  const cleanUp = () => removeOldTemporaryFiles(context.files.temporaryDirectory)
  return together(every(context.intervals.sweep, sweep, { onError }), every(hour, cleanUp, { onError }))
}

/** Removes some of the files that are due, and returns how many. */
async function sweepSome({ database, files }: Context): Promise<number> {
  const now = Date.now()
  // Usually there are none, and a read is enough to find out.
  if ((await dueFiles(database.read, now, 1)).length === 0) return 0
  const until = now + lease
  const rows = await database.transaction(null, async (tx) => {
    const due = await dueFiles(tx, now, stepSize)
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
