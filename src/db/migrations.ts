import type { Migration } from './migrate.ts'
import { postgres } from './migrations/0015-secret-keys.postgres.ts'
import { sqlite } from './migrations/0015-secret-keys.sqlite.ts'

export const migrations: readonly Migration[] = [{ version: 15, name: 'secret-keys', sqlite, postgres }]
