import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { readConfig } from '../config.ts'
import { openDatabaseAlongside } from '../db/open.ts'
import { accountExists } from '../features/accounts/service.ts'
import { exportTo } from '../features/import-export/export.ts'
import { openFiles } from '../files/open.ts'
import { sync } from '../lib/directory.ts'
import { Refusal } from '../lib/errors.ts'
import { migrations } from '../migrations.ts'
import { assertDirectory, type Command, CommandError } from './command.ts'
import { idOf } from './import.ts'
import { showProgress } from './progress.ts'

export const exportCommand: Command = {
  usage: 'export [--account ID] [--inbox ID] [--for-spreadsheets] --to FOLDER',
  summary: 'Write contacts, conversations and files of an account to FOLDER, even while the server runs',
  details: `--to FOLDER    must not exist. It is created only if the export is complete
--account ID   the account (default: 1)
--inbox ID     only the contacts and conversations of this inbox
--for-spreadsheets
               put an apostrophe before each cell of contacts.csv that a spreadsheet would run as a formula: customers
               choose their own names. Do not import such a file again

The export is consistent, and in the formats that ndoto import reads: contacts.csv, conversations.jsonl, files/.`,
  options: {
    account: { type: 'string' },
    inbox: { type: 'string' },
    'for-spreadsheets': { type: 'boolean' },
    to: { type: 'string' },
  },
  async run({ account = '1', inbox, to, 'for-spreadsheets': forSpreadsheets = false }, words) {
    if (words.length > 0 || typeof to !== 'string') return undefined
    const accountId = idOf('account', account)!
    const inboxId = idOf('inbox', inbox)
    const config = readConfig()
    const target = resolve(to)
    const exists = new CommandError(`${target} already exists. Name a folder that does not exist.`)
    if (existsSync(target)) throw exists
    assertDirectory(dirname(target))
    const database = await openDatabaseAlongside(config, migrations)
    const part = `${target}.${process.pid}.part`
    const start = performance.now()
    try {
      if (!(await accountExists(database.read, accountId))) {
        throw new CommandError(`--account: account ${accountId} does not exist.`)
      }
      mkdirSync(part, { mode: 0o700 })
      const { storage } = openFiles(config)
      const onProgress = showProgress('contacts and messages')
      const source = { database, storage, accountId, inboxId, forSpreadsheets: forSpreadsheets === true }
      const counts = await exportTo(part, source, onProgress)
      sync(part)
      renameSync(part, target)
      sync(dirname(target))
      const [contacts, conversations, messages, files, missing] = Object.values(counts).map((count) =>
        count.toLocaleString('en'),
      )
      const lost = counts.missing === 0 ? '' : ` ${missing} files are missing in the storage.`
      const seconds = ((performance.now() - start) / 1000).toFixed(1)
      return `${target}: ${contacts} contacts, ${conversations} conversations, ${messages} messages and ${files} files in ${seconds} s.${lost}`
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOTEMPTY' || code === 'EEXIST') throw exists
      if (error instanceof Refusal && error.code === 'invalid') throw new CommandError(error.message)
      throw error
    } finally {
      rmSync(part, { recursive: true, force: true })
      await database.close()
    }
  },
}
