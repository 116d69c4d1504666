import { resolve } from 'node:path'
import { readConfig } from '../config.ts'
import { backup } from '../db/backup.ts'
import type { Command } from './command.ts'

export const backupCommand: Command = {
  usage: 'backup FILE',
  summary: 'Write a consistent copy of the database to FILE, also while the server runs',
  details: `FILE must not exist. To go back to a backup: stop the server, move ndoto.db, ndoto.db-wal and
ndoto.db-shm out of DATA_DIR, copy FILE there as ndoto.db, and start.`,
  options: {},
  async run(_, [file, ...rest]) {
    if (!file || rest.length > 0) return undefined
    const target = resolve(file)
    const bytes = backup(readConfig().dataDir, target)
    return `${target}: ${bytes} bytes`
  },
}
