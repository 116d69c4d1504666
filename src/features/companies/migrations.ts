import type { Migration } from '../../db/migrate.ts'
import { postgres } from './migrations/0052-companies.postgres.ts'
import { sqlite } from './migrations/0052-companies.sqlite.ts'
import { byAgeOnPostgres } from './migrations/0060-companies-by-age.postgres.ts'
import { byAge } from './migrations/0060-companies-by-age.sqlite.ts'

export const migrations: readonly Migration[] = [
  { version: 52, name: 'companies', sqlite, postgres },
  { version: 60, name: 'companies-by-age', sqlite: byAge, postgres: byAgeOnPostgres, rewrites: [] },
]
