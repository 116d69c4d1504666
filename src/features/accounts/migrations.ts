import type { Migration } from '../../db/migrate.ts'
import { postgres as spineOnPostgres } from './migrations/0001-spine.postgres.ts'
import { sqlite as spine } from './migrations/0001-spine.sqlite.ts'
import { renamedSendersOnPostgres } from './migrations/0063-renamed-senders.postgres.ts'
import { renamedSenders } from './migrations/0063-renamed-senders.sqlite.ts'

export const migrations: readonly Migration[] = [
  { version: 1, name: 'spine', sqlite: spine, postgres: spineOnPostgres },
  {
    version: 63,
    name: 'renamed-senders',
    sqlite: renamedSenders,
    postgres: renamedSendersOnPostgres,
    rewrites: [],
  },
]
