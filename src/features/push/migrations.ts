import type { Migration } from '../../db/migrate.ts'
import { postgres } from './migrations/0049-push.postgres.ts'
import { sqlite } from './migrations/0049-push.sqlite.ts'

export const migrations: readonly Migration[] = [{ version: 49, name: 'push', sqlite, postgres }]
