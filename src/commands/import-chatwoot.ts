import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { secretColumns } from '../app.ts'
import { type Config, readConfig } from '../config.ts'
import type { Database } from '../db/database.ts'
import { isNewDatabase, openDatabase, openDatabaseAlongside } from '../db/open.ts'
import { channelList } from '../features/channels/list.ts'
import { createRegistry } from '../features/channels/registry.ts'
import { importFromChatwoot } from '../features/import-export/chatwoot/import.ts'
import { channels } from '../features/inboxes/channels.ts'
import { features } from '../features.ts'
import { openFiles } from '../files/open.ts'
import { Refusal } from '../lib/errors.ts'
import { secretBox } from '../lib/secret-box.ts'
import { migrations } from '../migrations.ts'
import { openSecretBox } from '../secret-key.ts'
import { assertDirectory, type Command, CommandError } from './command.ts'
import { idOf } from './import.ts'
import { showProgress } from './progress.ts'
import { restForServer } from './rest.ts'

export const importChatwootCommand: Command = {
  usage:
    'import-chatwoot --from URL [--account ID] [--files PLACE] [--since DATE] [--mail] [--dry-run] [--report FOLDER]',
  summary: 'Move an account of Chatwoot here, from its PostgreSQL database',
  details: `--from URL        the database of Chatwoot: postgres://USER@HOST:PORT/DATABASE. It is only read. The password can be in the
                  variable PGPASSWORD, which keeps it out of the list of processes
--account ID      the account in Chatwoot, and here (default: 1)
--files PLACE     the files of Chatwoot: a folder such as /app/storage, or s3://KEY:SECRET@HOST/BUCKET
--since DATE      only conversations with activity since then, such as 2025-01-31
--mail            from now on e-mail inboxes fetch and send their mails: name it when Chatwoot is stopped
--dry-run         read everything and change nothing
--report FOLDER   where the report is written, and a file with what Ndoto has no place for (default: this folder)

Ids, tokens, keys and passwords stay the same. Run it again to import what is new in Chatwoot, or after an
interruption. docs/moving-from-chatwoot.md explains each step.`,
  options: {
    from: { type: 'string' },
    account: { type: 'string' },
    files: { type: 'string' },
    since: { type: 'string' },
    mail: { type: 'boolean' },
    'dry-run': { type: 'boolean' },
    report: { type: 'string' },
  },
  async run(
    { from, account = '1', files: filesOf, since, mail, 'dry-run': dryRun, report: folder = '.' },
    words,
  ) {
    if (words.length > 0 || !from) return undefined
    const config = readConfig()
    const accountId = idOf('account', account)!
    const isDryRun = dryRun === true
    assertDirectory(String(folder))
    if (filesOf && !String(filesOf).startsWith('s3')) assertDirectory(String(filesOf))
    const startedAt = performance.now()
    const { database, isNew, close } = await openTarget(config, isDryRun)
    try {
      secretBox.fill(database, await openSecretBox(config, database, secretColumns))
      channels.fill(database, createRegistry(channelList, config))
      const show = showProgress('rows')
      const base = join(resolve(String(folder)), reportName(accountId, isDryRun))
      const report = await importFromChatwoot(database, {
        ...{ from: String(from), accountId, isDryRun, since: timeOf(since) },
        connectsMail: mail === true,
        filesOf: filesOf ? String(filesOf) : undefined,
        leftOverPath: `${base}.left-over.jsonl`,
        files: openFiles(config),
        maxFileSize: config.maxFileSize,
        allowPrivate: config.webhookAllowPrivate,
        events: features.flatMap(({ events = [], signals = [] }) =>
          [...events, ...signals].map(({ name }) => name),
        ),
        isAlone: isNew,
        rest: isNew ? async () => {} : restForServer(config),
        progress(done, all) {
          const perSecond = Math.round(done / ((performance.now() - startedAt) / 1000))
          show(done, all, `, ${perSecond.toLocaleString('en')} rows a second`)
        },
      })
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
      const text = `${report.text(isDryRun)}\n\n${isDryRun ? 'Nothing was changed' : 'Done'} in ${seconds} s.`
      writeFileSync(`${base}.txt`, `${text}\n`, { mode: 0o600 })
      return `${text}\nThis report is in ${base}.txt, and what was left over in ${base}.left-over.jsonl, with passwords of channels.`
    } catch (error) {
      if (error instanceof Refusal && error.code === 'invalid') throw new CommandError(error.message)
      throw error
    } finally {
      await close()
    }
  },
}

/**
 * Opens the database to import into, and creates it if there is none: then every id of Chatwoot is free. A dry run
 * without a database uses a temporary one.
 */
async function openTarget(
  config: Config,
  isDryRun: boolean,
): Promise<{ database: Database; isNew: boolean; close(): Promise<void> }> {
  if (!(await isNewDatabase(config))) {
    const database = await openDatabaseAlongside(config, migrations)
    return { database, isNew: false, close: () => database.close() }
  }
  if (!isDryRun) {
    const database = await openDatabase(config, migrations)
    return { database, isNew: true, close: () => database.close() }
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'ndoto-dry-run-'))
  const database = await openDatabase({ ...config, databaseUrl: undefined, dataDir }, migrations)
  return {
    database,
    isNew: true,
    async close() {
      await database.close()
      rmSync(dataDir, { recursive: true })
    },
  }
}

function reportName(accountId: number, isDryRun: boolean): string {
  // With milliseconds: an import that fails at once can be run again in the same second.
  const time = new Date().toISOString().replaceAll(/[-:.]/g, '')
  return `chatwoot-${accountId}-${time}${isDryRun ? '-dry-run' : ''}`
}

function timeOf(since: unknown): number | null {
  if (since === undefined) return null
  const time = Date.parse(String(since))
  if (Number.isNaN(time)) throw new CommandError('--since must be a date such as 2025-01-31.')
  return time
}
