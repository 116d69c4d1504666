import type { Migration } from '../../db/migrate.ts'
import { postgres as peopleOnPostgres } from './migrations/0003-people.postgres.ts'
import { sqlite as people } from './migrations/0003-people.sqlite.ts'
import { postgres as tokensOnPostgres } from './migrations/0013-tokens-of-memberships.postgres.ts'
import { sqlite as tokens } from './migrations/0013-tokens-of-memberships.sqlite.ts'
import { postgres as availabilityOnPostgres } from './migrations/0019-chosen-availability.postgres.ts'
import { sqlite as availability } from './migrations/0019-chosen-availability.sqlite.ts'
import { postgres as emailChangesOnPostgres } from './migrations/0036-email-changes.postgres.ts'
import { sqlite as emailChanges } from './migrations/0036-email-changes.sqlite.ts'
import { postgres as languagesOnPostgres } from './migrations/0044-languages.postgres.ts'
import { sqlite as languages } from './migrations/0044-languages.sqlite.ts'

export const migrations: readonly Migration[] = [
  { version: 3, name: 'people', sqlite: people, postgres: peopleOnPostgres },
  {
    version: 13,
    name: 'tokens-of-memberships',
    sqlite: tokens,
    postgres: tokensOnPostgres,
    rewrites: ['users', 'account_users', 'user_links', 'access_tokens'],
  },
  {
    version: 19,
    name: 'chosen-availability',
    sqlite: availability,
    postgres: availabilityOnPostgres,
    rewrites: ['account_users'],
  },
  {
    version: 36,
    name: 'email-changes',
    sqlite: emailChanges,
    postgres: emailChangesOnPostgres,
    rewrites: ['user_links'],
  },
  { version: 44, name: 'languages', sqlite: languages, postgres: languagesOnPostgres, rewrites: [] },
]
