import type { Migration } from '../../db/migrate.ts'
import { postgres as hashedSourceIdsOnPostgres } from './migrations/0011-hashed-source-ids.postgres.ts'
import { sqlite as hashedSourceIds } from './migrations/0011-hashed-source-ids.sqlite.ts'

export const migrations: readonly Migration[] = [
  { version: 11, name: 'hashed-source-ids', sqlite: hashedSourceIds, postgres: hashedSourceIdsOnPostgres },
]
