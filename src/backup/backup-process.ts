import { constants, setPriority } from 'node:os'
import { type BackupResult, backUp } from './run.ts'
import type { BackupSettings } from './settings.ts'

/*
 * Makes one backup, in a process of its own: copying the database occupies the thread that does it for seconds, and
 * encrypting takes a core. Gets the settings as a message, and sends the result.
 */

/** The message of a process that has ended its work. */
export type BackupMessage = { result: BackupResult } | { error: string }

process.umask(0o077)
setPriority(constants.priority.PRIORITY_LOW)
// If the server was killed, nobody waits for the result.
process.on('disconnect', () => process.exit(1))
process.once('message', async (settings: BackupSettings) => {
  const message: BackupMessage = await backUp(settings).then(
    (result) => ({ result }),
    (error: Error) => ({ error: error.message }),
  )
  process.send!(message, () => process.exit(0))
})
