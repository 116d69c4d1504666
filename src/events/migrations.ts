import type { Migration } from '../db/migrate.ts'
import { postgres as eventsOnPostgres } from './migrations/0002-events.postgres.ts'
import { sqlite as events } from './migrations/0002-events.sqlite.ts'
import { postgres as eventLogOnPostgres } from './migrations/0007-event-log.postgres.ts'
import { sqlite as eventLog } from './migrations/0007-event-log.sqlite.ts'
import { postgres as positionsOnPostgres } from './migrations/0010-positions.postgres.ts'
import { sqlite as positions } from './migrations/0010-positions.sqlite.ts'
import { postgres as actorsOnPostgres } from './migrations/0017-actors.postgres.ts'
import { sqlite as actors } from './migrations/0017-actors.sqlite.ts'

export const migrations: readonly Migration[] = [
  { version: 2, name: 'events', sqlite: events, postgres: eventsOnPostgres },
  { version: 7, name: 'event-log', sqlite: eventLog, postgres: eventLogOnPostgres, rewrites: ['events'] },
  { version: 10, name: 'positions', sqlite: positions, postgres: positionsOnPostgres },
  { version: 17, name: 'actors', sqlite: actors, postgres: actorsOnPostgres },
]
