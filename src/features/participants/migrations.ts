import type { Migration } from '../../db/migrate.ts'
import { postgres as participantsOnPostgres } from './migrations/0043-participants.postgres.ts'
import { sqlite as participants } from './migrations/0043-participants.sqlite.ts'
import { postgres as listsOnPostgres } from './migrations/0054-participating-lists.postgres.ts'
import { sqlite as lists } from './migrations/0054-participating-lists.sqlite.ts'

export const migrations: readonly Migration[] = [
  { version: 43, name: 'participants', sqlite: participants, postgres: participantsOnPostgres },
  { version: 54, name: 'participating-lists', sqlite: lists, postgres: listsOnPostgres },
]
