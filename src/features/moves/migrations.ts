import type { Migration } from '../../db/migrate.ts'
import { postgres } from './migrations/0050-moves.postgres.ts'
import { sqlite } from './migrations/0050-moves.sqlite.ts'

export const migrations: readonly Migration[] = [
  { version: 50, name: 'moves', sqlite, postgres, rewrites: [] },
]
