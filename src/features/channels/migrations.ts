import type { Migration } from '../../db/migrate.ts'
import { postgres as channelsOnPostgres } from './migrations/0018-channels.postgres.ts'
import { sqlite as channels } from './migrations/0018-channels.sqlite.ts'
import { postgres as mailsOnPostgres } from './migrations/0026-mails.postgres.ts'
import { sqlite as mails } from './migrations/0026-mails.sqlite.ts'
import { postgres as automaticMailsOnPostgres } from './migrations/0027-automatic-mails.postgres.ts'
import { sqlite as automaticMails } from './migrations/0027-automatic-mails.sqlite.ts'

export const migrations: readonly Migration[] = [
  { version: 18, name: 'channels', sqlite: channels, postgres: channelsOnPostgres, rewrites: ['inboxes'] },
  { version: 26, name: 'mails', sqlite: mails, postgres: mailsOnPostgres },
  { version: 27, name: 'automatic-mails', sqlite: automaticMails, postgres: automaticMailsOnPostgres },
]
