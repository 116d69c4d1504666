import type { Migration } from '../../db/migrate.ts'
import { postgres as spineOnPostgres } from './migrations/0001-spine.postgres.ts'
import { sqlite as spine } from './migrations/0001-spine.sqlite.ts'

export const migrations: readonly Migration[] = [
  { version: 1, name: 'spine', sqlite: spine, postgres: spineOnPostgres },
]
