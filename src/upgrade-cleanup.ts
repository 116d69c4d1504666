import { removeOldCopies } from './db/upgrade-copies.ts'
import { every, type Logger, logErrors, type Running } from './lib/loop.ts'

const day = 24 * 3_600_000
/** How many days a copy of the database from before an upgrade stays. */
export const copyRetentionDays = 30
// The server has other work just after its start.
const firstPause = 60_000

/**
 * Removes old copies of the database from before upgrades, once a day: they still contain what was deleted later, and
 * that nobody remembers them is no reason to keep it.
 */
export function startRemovingCopies(directory: string, logger: Logger): Running {
  const onError = logErrors(logger, 'removing an old copy of the database failed, will try again in a day')
  const remove = async () => void removeOldCopies(directory, Date.now() - copyRetentionDays * day)
  return every(day, remove, { first: firstPause, onError })
}
