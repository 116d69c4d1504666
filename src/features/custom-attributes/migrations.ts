import type { Migration } from '../../db/migrate.ts'
import { postgres } from './migrations/0046-custom-attribute-definitions.postgres.ts'
import { sqlite } from './migrations/0046-custom-attribute-definitions.sqlite.ts'

export const migrations: readonly Migration[] = [
  { version: 46, name: 'custom-attribute-definitions', sqlite, postgres },
]
