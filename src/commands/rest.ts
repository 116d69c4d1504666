import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../config.ts'
import { mayBeLocked } from '../db/lock.ts'

// In milliseconds. Longer than the 20 ms after which a waiting server tries again to begin its transaction.
const pause = 30

/** Returns a function that waits between two transactions, if a server on the same SQLite file may want to write, too. */
export function restForServer({ databaseUrl, dataDir }: Config): () => Promise<void> {
  const mayHaveServer = !databaseUrl && mayBeLocked(dataDir)
  return () => (mayHaveServer ? sleep(pause) : Promise.resolve())
}
