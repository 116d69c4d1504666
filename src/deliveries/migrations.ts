import type { Migration } from '../db/migrate.ts'
import { postgres as deliveriesOnPostgres } from './migrations/0016-deliveries.postgres.ts'
import { sqlite as deliveries } from './migrations/0016-deliveries.sqlite.ts'

export const migrations: readonly Migration[] = [
  {
    version: 16,
    name: 'deliveries',
    sqlite: deliveries,
    postgres: deliveriesOnPostgres,
    rewrites: ['webhooks', 'webhook_deliveries'],
  },
]
