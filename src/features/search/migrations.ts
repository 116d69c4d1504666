import type { Migration } from '../../db/migrate.ts'
import { postgres } from './migrations/0022-search.postgres.ts'
import { sqlite } from './migrations/0022-search.sqlite.ts'

export const migrations: readonly Migration[] = [
  { version: 22, name: 'search', sqlite, postgres, rewrites: ['search_documents', 'search_index_data'] },
]
