import type { Migration } from '../../db/migrate.ts'
import { postgres } from './migrations/0054-contact-imports.postgres.ts'
import { sqlite } from './migrations/0054-contact-imports.sqlite.ts'

export const migrations: readonly Migration[] = [{ version: 54, name: 'contact-imports', sqlite, postgres }]
