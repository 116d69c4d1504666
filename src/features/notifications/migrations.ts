import type { Migration } from '../../db/migrate.ts'
import { postgres } from './migrations/0045-notifications.postgres.ts'
import { sqlite } from './migrations/0045-notifications.sqlite.ts'
import { ofImportsOnPostgres } from './migrations/0059-notifications-of-imports.postgres.ts'
import { ofImports } from './migrations/0059-notifications-of-imports.sqlite.ts'

export const migrations: readonly Migration[] = [
  { version: 45, name: 'notifications', sqlite, postgres },
  {
    version: 59,
    name: 'notifications-of-imports',
    sqlite: ofImports,
    postgres: ofImportsOnPostgres,
    rewrites: ['notifications'],
  },
]
