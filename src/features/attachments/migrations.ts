import type { Migration } from '../../db/migrate.ts'
import { postgres as attachmentsOnPostgres } from './migrations/0006-attachments.postgres.ts'
import { sqlite as attachments } from './migrations/0006-attachments.sqlite.ts'

export const migrations: readonly Migration[] = [
  { version: 6, name: 'attachments', sqlite: attachments, postgres: attachmentsOnPostgres },
]
