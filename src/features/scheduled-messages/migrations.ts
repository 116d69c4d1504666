import type { Migration } from '../../db/migrate.ts'
import { postgres } from './migrations/0032-scheduled-messages.postgres.ts'
import { sqlite } from './migrations/0032-scheduled-messages.sqlite.ts'
import { postgres as composedOnPostgres } from './migrations/0051-composed-scheduled-messages.postgres.ts'
import { sqlite as composed } from './migrations/0051-composed-scheduled-messages.sqlite.ts'

export const migrations: readonly Migration[] = [
  { version: 32, name: 'scheduled-messages', sqlite, postgres },
  {
    version: 51,
    name: 'composed-scheduled-messages',
    sqlite: composed,
    postgres: composedOnPostgres,
    rewrites: [],
  },
]
