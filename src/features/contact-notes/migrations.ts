import type { Migration } from '../../db/migrate.ts'
import { postgres } from './migrations/0047-contact-notes.postgres.ts'
import { sqlite } from './migrations/0047-contact-notes.sqlite.ts'

export const migrations: readonly Migration[] = [{ version: 47, name: 'contact-notes', sqlite, postgres }]
