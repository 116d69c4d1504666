import { join, resolve } from 'node:path'
import { readConfig } from '../config.ts'
import { type CopyFormat, copyToPostgres } from '../db/copy-to-postgres.ts'
import { features } from '../features.ts'
import { keyFile } from '../lib/key-file.ts'
import { migrations } from '../migrations.ts'
import { type Command, CommandError } from './command.ts'
import { showProgress } from './progress.ts'

export const copyCommand: Command = {
  usage: 'copy [--from DIRECTORY] [--to DATABASE_URL]',
  summary: 'Copy everything from SQLite to an empty PostgreSQL database. The server must be stopped',
  details: `--from DIRECTORY     the directory of ndoto.db, which is not changed (default: DATA_DIR)
--to DATABASE_URL    postgres://USER:PASSWORD@HOST:PORT/DATABASE (default: the variable DATABASE_URL, which keeps
                     the password out of the list of processes)

It copies either everything or nothing: after an interruption, run it again.`,
  options: { from: { type: 'string' }, to: { type: 'string' } },
  async run({ from, to }, words) {
    if (words.length > 0) return undefined
    const { dataDir, databaseUrl } = readConfig()
    const target = to ? readConfig({ DATABASE_URL: String(to) }).databaseUrl : databaseUrl
    if (!target)
      throw new CommandError('Name the PostgreSQL database with --to or in the variable DATABASE_URL.')
    const start = performance.now()
    const source = from ? resolve(String(from)) : dataDir
    const rows = await copyToPostgres(source, target, formatOf(), showProgress('rows'))
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    return `Copied ${rows.toLocaleString('en')} rows in ${seconds} s. Set DATABASE_URL and start the server. The new servers \
need the key of the secrets: NDOTO_SECRET_KEY, or ${join(source, keyFile)} in their DATA_DIR. The files of messages are still in \
${join(source, 'files')} or the bucket of FILES_URL: the new servers need access to them, too.`
  },
}

function formatOf(): CopyFormat {
  const rules = features.map(({ copying = {} }) => copying)
  return {
    migrations,
    skippedTables: rules.flatMap(({ skippedTables = [] }) => skippedTables),
    sqliteColumns: rules.flatMap(({ sqliteColumns = [] }) => sqliteColumns),
    sequences: Object.assign({}, ...rules.map(({ sequences }) => sequences)),
  }
}
