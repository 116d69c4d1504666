import type { Migration } from '../../db/migrate.ts'
import { postgres as conversationsOnPostgres } from './migrations/0004-conversations.postgres.ts'
import { sqlite as conversations } from './migrations/0004-conversations.sqlite.ts'
import { postgres as ofContactOnPostgres } from './migrations/0014-conversations-of-a-contact.postgres.ts'
import { sqlite as ofContact } from './migrations/0014-conversations-of-a-contact.sqlite.ts'
import { postgres as countsOnPostgres } from './migrations/0020-conversation-counts.postgres.ts'
import { sqlite as counts } from './migrations/0020-conversation-counts.sqlite.ts'
import { postgres as listsOnPostgres } from './migrations/0021-lists.postgres.ts'
import { sqlite as lists } from './migrations/0021-lists.sqlite.ts'
import { postgres as labelledOnPostgres } from './migrations/0024-labelled-conversations.postgres.ts'
import { sqlite as labelled } from './migrations/0024-labelled-conversations.sqlite.ts'
import { postgres as subjectsOnPostgres } from './migrations/0025-subjects.postgres.ts'
import { sqlite as subjects } from './migrations/0025-subjects.sqlite.ts'
import { postgres as assignedBotsOnPostgres } from './migrations/0041-assigned-bots.postgres.ts'
import { sqlite as assignedBots } from './migrations/0041-assigned-bots.sqlite.ts'
import { postgres as repeatableOnPostgres } from './migrations/0048-repeatable-conversations.postgres.ts'
import { sqlite as repeatable } from './migrations/0048-repeatable-conversations.sqlite.ts'
import { postgres as unattendedOnPostgres } from './migrations/0057-unattended.postgres.ts'
import { sqlite as unattended } from './migrations/0057-unattended.sqlite.ts'
import { postgres as indexesOnPostgres } from './migrations/0058-conversation-indexes.postgres.ts'
import { sqlite as indexes } from './migrations/0058-conversation-indexes.sqlite.ts'
import { postgres as filtersOfLabelsOnPostgres } from './migrations/0061-filters-of-labels.postgres.ts'
import { sqlite as filtersOfLabels } from './migrations/0061-filters-of-labels.sqlite.ts'

export const migrations: readonly Migration[] = [
  { version: 4, name: 'conversations', sqlite: conversations, postgres: conversationsOnPostgres },
  { version: 14, name: 'conversations-of-a-contact', sqlite: ofContact, postgres: ofContactOnPostgres },
  { version: 20, name: 'conversation-counts', sqlite: counts, postgres: countsOnPostgres },
  { version: 21, name: 'lists', sqlite: lists, postgres: listsOnPostgres },
  { version: 24, name: 'labelled-conversations', sqlite: labelled, postgres: labelledOnPostgres },
  { version: 25, name: 'subjects', sqlite: subjects, postgres: subjectsOnPostgres },
  {
    version: 41,
    name: 'assigned-bots',
    sqlite: assignedBots,
    postgres: assignedBotsOnPostgres,
    rewrites: [],
  },
  {
    version: 48,
    name: 'repeatable-conversations',
    sqlite: repeatable,
    postgres: repeatableOnPostgres,
    rewrites: [],
  },
  { version: 57, name: 'unattended', sqlite: unattended, postgres: unattendedOnPostgres, rewrites: [] },
  {
    version: 58,
    name: 'conversation-indexes',
    sqlite: indexes,
    postgres: indexesOnPostgres,
    rewrites: [],
  },
  {
    version: 61,
    name: 'filters-of-labels',
    sqlite: filtersOfLabels,
    postgres: filtersOfLabelsOnPostgres,
    rewrites: [],
  },
]
