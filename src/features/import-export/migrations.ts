import type { Migration } from '../../db/migrate.ts'
import { postgres as importsOnPostgres } from './migrations/0008-imports.postgres.ts'
import { sqlite as imports } from './migrations/0008-imports.sqlite.ts'
import { postgres as repeatedOnPostgres } from './migrations/0028-repeated-source-ids.postgres.ts'
import { sqlite as repeated } from './migrations/0028-repeated-source-ids.sqlite.ts'
import { postgres as chatwootOnPostgres } from './migrations/0039-chatwoot-imports.postgres.ts'
import { sqlite as chatwoot } from './migrations/0039-chatwoot-imports.sqlite.ts'

export const migrations: readonly Migration[] = [
  { version: 8, name: 'imports', sqlite: imports, postgres: importsOnPostgres },
  { version: 28, name: 'repeated-source-ids', sqlite: repeated, postgres: repeatedOnPostgres },
  { version: 39, name: 'chatwoot-imports', sqlite: chatwoot, postgres: chatwootOnPostgres, rewrites: [] },
]
