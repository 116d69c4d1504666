import type { Migration } from '../../db/migrate.ts'
import { postgres } from './migrations/0033-proposals.postgres.ts'
import { sqlite } from './migrations/0033-proposals.sqlite.ts'
import { postgres as actionsOnPostgres } from './migrations/0035-proposal-actions.postgres.ts'
import { sqlite as actions } from './migrations/0035-proposal-actions.sqlite.ts'

export const migrations: readonly Migration[] = [
  { version: 33, name: 'proposals', sqlite, postgres },
  { version: 35, name: 'proposal-actions', sqlite: actions, postgres: actionsOnPostgres },
]
