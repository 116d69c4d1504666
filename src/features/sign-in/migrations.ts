import type { Migration } from '../../db/migrate.ts'
import { postgres as signInOnPostgres } from './migrations/0012-sign-in.postgres.ts'
import { sqlite as signIn } from './migrations/0012-sign-in.sqlite.ts'

export const migrations: readonly Migration[] = [
  {
    version: 12,
    name: 'sign-in',
    sqlite: signIn,
    postgres: signInOnPostgres,
    rewrites: ['users', 'contacts'],
  },
]
