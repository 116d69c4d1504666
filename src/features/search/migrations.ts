import type { Migration } from '../../db/migrate.ts'
import { postgres } from './migrations/0022-search.postgres.ts'
import { sqlite } from './migrations/0022-search.sqlite.ts'
import { postgres as fasterSearchOnPostgres } from './migrations/0062-faster-search.postgres.ts'
import { sqlite as fasterSearch } from './migrations/0062-faster-search.sqlite.ts'

export const migrations: readonly Migration[] = [
  { version: 22, name: 'search', sqlite, postgres, rewrites: ['search_documents', 'search_index_data'] },
  {
    version: 62,
    name: 'faster-search',
    sqlite: fasterSearch,
    postgres: fasterSearchOnPostgres,
    rewrites: [],
  },
]
