import { join, resolve } from 'node:path'
import { readConfig } from '../config.ts'
import { copyToPostgres } from '../db/copy-to-postgres.ts'
import { type Command, CommandError } from './command.ts'
import { showProgress } from './progress.ts'

export const copyCommand: Command = {
  usage: 'copy [--from DIRECTORY] [--to DATABASE_URL]',
  summary: 'Copy everything from SQLite into an empty PostgreSQL database; the server must be stopped',
  details: `--from DIRECTORY     where ndoto.db is (default: DATA_DIR); nothing in it is changed
--to DATABASE_URL    postgres://USER:PASSWORD@HOST:PORT/DATABASE (default: DATABASE_URL, which keeps the
                     password out of the list of processes)

Everything arrives, or nothing: after an interruption run it again.`,
  options: { from: { type: 'string' }, to: { type: 'string' } },
  async run({ from, to }, words) {
    if (words.length > 0) return undefined
    const { dataDir, databaseUrl } = readConfig()
    const target = to ? readConfig({ DATABASE_URL: String(to) }).databaseUrl : databaseUrl
    if (!target) throw new CommandError('Say where to: with --to DATABASE_URL, or in DATABASE_URL.')
    const start = performance.now()
    const source = from ? resolve(String(from)) : dataDir
    const rows = await copyToPostgres(source, target, showProgress('rows'))
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    return `Copied ${rows.toLocaleString('en')} rows in ${seconds} s. Set DATABASE_URL and start. Files of messages stay where they are, \
in ${join(source, 'files')} or the bucket of FILES_URL: give them to the new servers, too.`
  },
}
