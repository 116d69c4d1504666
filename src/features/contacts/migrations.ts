import type { Migration } from '../../db/migrate.ts'
import { postgres as hashedSourceIdsOnPostgres } from './migrations/0011-hashed-source-ids.postgres.ts'
import { sqlite as hashedSourceIds } from './migrations/0011-hashed-source-ids.sqlite.ts'
import { postgres as labelsOnPostgres } from './migrations/0029-contact-labels.postgres.ts'
import { sqlite as labels } from './migrations/0029-contact-labels.sqlite.ts'

export const migrations: readonly Migration[] = [
  {
    version: 11,
    name: 'hashed-source-ids',
    sqlite: hashedSourceIds,
    postgres: hashedSourceIdsOnPostgres,
    rewrites: ['contact_inboxes', 'conversations'],
  },
  { version: 29, name: 'contact-labels', sqlite: labels, postgres: labelsOnPostgres },
]
