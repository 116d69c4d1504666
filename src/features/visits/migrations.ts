import type { Migration } from '../../db/migrate.ts'
import { postgres } from './migrations/0023-visits.postgres.ts'
import { sqlite } from './migrations/0023-visits.sqlite.ts'

export const migrations: readonly Migration[] = [{ version: 23, name: 'visits', sqlite, postgres }]
