import type { Migration } from '../../db/migrate.ts'
import { postgres as webhooksOnPostgres } from './migrations/0005-webhooks.postgres.ts'
import { sqlite as webhooks } from './migrations/0005-webhooks.sqlite.ts'

export const migrations: readonly Migration[] = [
  { version: 5, name: 'webhooks', sqlite: webhooks, postgres: webhooksOnPostgres },
]
