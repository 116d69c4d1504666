import type { Migration } from '../../db/migrate.ts'
import { postgres } from './migrations/0037-bots.postgres.ts'
import { sqlite } from './migrations/0037-bots.sqlite.ts'

export const migrations: readonly Migration[] = [{ version: 37, name: 'bots', sqlite, postgres }]
