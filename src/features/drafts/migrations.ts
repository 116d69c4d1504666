import type { Migration } from '../../db/migrate.ts'
import { postgres } from './migrations/0031-drafts.postgres.ts'
import { sqlite } from './migrations/0031-drafts.sqlite.ts'

export const migrations: readonly Migration[] = [{ version: 31, name: 'drafts', sqlite, postgres }]
