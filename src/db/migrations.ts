import { postgres as spineOnPostgres } from './migrations/0001-spine.postgres.ts'
import { sqlite as spine } from './migrations/0001-spine.sqlite.ts'
import { postgres as eventsOnPostgres } from './migrations/0002-events.postgres.ts'
import { sqlite as events } from './migrations/0002-events.sqlite.ts'
import { postgres as peopleOnPostgres } from './migrations/0003-people.postgres.ts'
import { sqlite as people } from './migrations/0003-people.sqlite.ts'
import { postgres as conversationsOnPostgres } from './migrations/0004-conversations.postgres.ts'
import { sqlite as conversations } from './migrations/0004-conversations.sqlite.ts'
import { postgres as webhooksOnPostgres } from './migrations/0005-webhooks.postgres.ts'
import { sqlite as webhooks } from './migrations/0005-webhooks.sqlite.ts'
import { postgres as attachmentsOnPostgres } from './migrations/0006-attachments.postgres.ts'
import { sqlite as attachments } from './migrations/0006-attachments.sqlite.ts'
import { postgres as eventLogOnPostgres } from './migrations/0007-event-log.postgres.ts'
import { sqlite as eventLog } from './migrations/0007-event-log.sqlite.ts'
import { postgres as importsOnPostgres } from './migrations/0008-imports.postgres.ts'
import { sqlite as imports } from './migrations/0008-imports.sqlite.ts'
import { postgres as widgetOnPostgres } from './migrations/0009-widget.postgres.ts'
import { sqlite as widget } from './migrations/0009-widget.sqlite.ts'
import { postgres as positionsOnPostgres } from './migrations/0010-positions.postgres.ts'
import { sqlite as positions } from './migrations/0010-positions.sqlite.ts'
import { postgres as hashedSourceIdsOnPostgres } from './migrations/0011-hashed-source-ids.postgres.ts'
import { sqlite as hashedSourceIds } from './migrations/0011-hashed-source-ids.sqlite.ts'
import { postgres as signInOnPostgres } from './migrations/0012-sign-in.postgres.ts'
import { sqlite as signIn } from './migrations/0012-sign-in.sqlite.ts'
import { postgres as tokensOnPostgres } from './migrations/0013-tokens-of-memberships.postgres.ts'
import { sqlite as tokens } from './migrations/0013-tokens-of-memberships.sqlite.ts'
import { postgres as ofContactOnPostgres } from './migrations/0014-conversations-of-a-contact.postgres.ts'
import { sqlite as ofContact } from './migrations/0014-conversations-of-a-contact.sqlite.ts'

/** A numbered step of the database format. Steps go forward only and are never edited. */
export interface Migration {
  version: number
  name: string
  sqlite: string
  postgres: string
}

/** All steps, in order. */
export const migrations: readonly Migration[] = [
  { version: 1, name: 'spine', sqlite: spine, postgres: spineOnPostgres },
  { version: 2, name: 'events', sqlite: events, postgres: eventsOnPostgres },
  { version: 3, name: 'people', sqlite: people, postgres: peopleOnPostgres },
  { version: 4, name: 'conversations', sqlite: conversations, postgres: conversationsOnPostgres },
  { version: 5, name: 'webhooks', sqlite: webhooks, postgres: webhooksOnPostgres },
  { version: 6, name: 'attachments', sqlite: attachments, postgres: attachmentsOnPostgres },
  { version: 7, name: 'event-log', sqlite: eventLog, postgres: eventLogOnPostgres },
  { version: 8, name: 'imports', sqlite: imports, postgres: importsOnPostgres },
  { version: 9, name: 'widget', sqlite: widget, postgres: widgetOnPostgres },
  { version: 10, name: 'positions', sqlite: positions, postgres: positionsOnPostgres },
  { version: 11, name: 'hashed-source-ids', sqlite: hashedSourceIds, postgres: hashedSourceIdsOnPostgres },
  { version: 12, name: 'sign-in', sqlite: signIn, postgres: signInOnPostgres },
  { version: 13, name: 'tokens-of-memberships', sqlite: tokens, postgres: tokensOnPostgres },
  { version: 14, name: 'conversations-of-a-contact', sqlite: ofContact, postgres: ofContactOnPostgres },
]

/** The database format that this program uses. */
export const newestVersion = migrations.at(-1)!.version
