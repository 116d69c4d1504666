import type { Migration } from '../../db/migrate.ts'
import { postgres as channelsOnPostgres } from './migrations/0018-channels.postgres.ts'
import { sqlite as channels } from './migrations/0018-channels.sqlite.ts'

export const migrations: readonly Migration[] = [
  { version: 18, name: 'channels', sqlite: channels, postgres: channelsOnPostgres },
]
