import type { Migration } from '../../db/migrate.ts'
import { postgres } from './migrations/0034-macros.postgres.ts'
import { sqlite } from './migrations/0034-macros.sqlite.ts'

export const migrations: readonly Migration[] = [{ version: 34, name: 'macros', sqlite, postgres }]
