import type { Migration } from '../../db/migrate.ts'
import { postgres } from './migrations/0045-notifications.postgres.ts'
import { sqlite } from './migrations/0045-notifications.sqlite.ts'

export const migrations: readonly Migration[] = [{ version: 45, name: 'notifications', sqlite, postgres }]
