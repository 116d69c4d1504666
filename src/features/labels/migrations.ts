import type { Migration } from '../../db/migrate.ts'
import { postgres } from './migrations/0056-visitor-labels.postgres.ts'
import { sqlite } from './migrations/0056-visitor-labels.sqlite.ts'

export const migrations: readonly Migration[] = [{ version: 56, name: 'visitor-labels', sqlite, postgres }]
