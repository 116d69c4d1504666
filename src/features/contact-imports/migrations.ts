import type { Migration } from '../../db/migrate.ts'
import { postgres } from './migrations/0053-contact-imports.postgres.ts'
import { sqlite } from './migrations/0053-contact-imports.sqlite.ts'

export const migrations: readonly Migration[] = [{ version: 53, name: 'contact-imports', sqlite, postgres }]
