import type { Migration } from '../../db/migrate.ts'
import { postgres } from './migrations/0030-canned-responses.postgres.ts'
import { sqlite } from './migrations/0030-canned-responses.sqlite.ts'

export const migrations: readonly Migration[] = [{ version: 30, name: 'canned-responses', sqlite, postgres }]
