import type { Migration } from '../../db/migrate.ts'
import { postgres } from './migrations/0038-views.postgres.ts'
import { sqlite } from './migrations/0038-views.sqlite.ts'

export const migrations: readonly Migration[] = [{ version: 38, name: 'views', sqlite, postgres }]
