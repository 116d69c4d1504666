import type { Migration } from '../../db/migrate.ts'
import { postgres } from './migrations/0043-participants.postgres.ts'
import { sqlite } from './migrations/0043-participants.sqlite.ts'

export const migrations: readonly Migration[] = [{ version: 43, name: 'participants', sqlite, postgres }]
