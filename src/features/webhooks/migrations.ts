import type { Migration } from '../../db/migrate.ts'
import { postgres as webhooksOnPostgres } from './migrations/0005-webhooks.postgres.ts'
import { sqlite as webhooks } from './migrations/0005-webhooks.sqlite.ts'
import { postgres as formatsOnPostgres } from './migrations/0040-webhook-formats.postgres.ts'
import { sqlite as formats } from './migrations/0040-webhook-formats.sqlite.ts'
import { postgres as ownWebhooksOnPostgres } from './migrations/0055-own-webhooks.postgres.ts'
import { sqlite as ownWebhooks } from './migrations/0055-own-webhooks.sqlite.ts'

export const migrations: readonly Migration[] = [
  { version: 5, name: 'webhooks', sqlite: webhooks, postgres: webhooksOnPostgres },
  { version: 40, name: 'webhook-formats', sqlite: formats, postgres: formatsOnPostgres, rewrites: [] },
  { version: 55, name: 'own-webhooks', sqlite: ownWebhooks, postgres: ownWebhooksOnPostgres, rewrites: [] },
]
