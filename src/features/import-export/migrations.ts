import type { Migration } from '../../db/migrate.ts'
import { postgres as importsOnPostgres } from './migrations/0008-imports.postgres.ts'
import { sqlite as imports } from './migrations/0008-imports.sqlite.ts'

export const migrations: readonly Migration[] = [
  { version: 8, name: 'imports', sqlite: imports, postgres: importsOnPostgres },
]
