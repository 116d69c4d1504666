import type { Migration } from '../../db/migrate.ts'
import { postgres } from './migrations/0042-bulk.postgres.ts'
import { sqlite } from './migrations/0042-bulk.sqlite.ts'

export const migrations: readonly Migration[] = [{ version: 42, name: 'bulk', sqlite, postgres }]
