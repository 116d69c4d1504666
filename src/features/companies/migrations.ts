import type { Migration } from '../../db/migrate.ts'
import { postgres } from './migrations/0052-companies.postgres.ts'
import { sqlite } from './migrations/0052-companies.sqlite.ts'

export const migrations: readonly Migration[] = [{ version: 52, name: 'companies', sqlite, postgres }]
