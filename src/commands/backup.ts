import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { attachedNames } from '../backup/attached-names.ts'
import { backupKeys } from '../backup/key.ts'
import { type BackupResult, backUp } from '../backup/run.ts'
import { backupSettings } from '../backup/settings.ts'
import { readConfig } from '../config.ts'
import { copyDatabase } from '../db/backup.ts'
import { copyFiles } from '../files/backup.ts'
import { sync } from '../lib/directory.ts'
import { keyFile } from '../lib/key-file.ts'
import { assertDirectory, type Command, CommandError } from './command.ts'
import { showProgress } from './progress.ts'

export const backupCommand: Command = {
  usage: 'backup [DIRECTORY] [--identity]',
  summary: 'Back up the data to DIRECTORY or to NDOTO_BACKUP_URL, even while the server runs',
  details: `Without DIRECTORY, it makes an encrypted backup in the place that NDOTO_BACKUP_URL names, as the server does by
itself every NDOTO_BACKUP_EVERY hours, and removes those that are no longer kept. "ndoto restore" restores it. --identity
prints the key for "age --decrypt --identity", with which it can be read without Ndoto.

DIRECTORY must not exist. It is created only if the backup is complete. It is a data directory: to restore it, stop
the server, move DATA_DIR away, copy DIRECTORY to its path and secret.key into it, and start the server.

Files of messages need no additional space if DIRECTORY is on the same file system as DATA_DIR. With FILES_URL they
stay in their bucket. With DATABASE_URL, use the tools of PostgreSQL (pg_dump).`,
  options: { identity: { type: 'boolean' } },
  async run({ identity }, [directory, ...rest]) {
    if (rest.length > 0 || (identity && directory)) return undefined
    const config = readConfig()
    if (identity) return String(backupKeys(config)[0]!.identity)
    const settings = backupSettings(config)
    if (!directory) return settings && describe(await backUp(settings))
    const { dataDir, databaseUrl, filesUrl, secretKey } = config
    if (databaseUrl) throw new CommandError('The data is in DATABASE_URL: back it up with pg_dump.')
    const target = resolve(directory)
    const exists = new CommandError(`${target} already exists. Name a directory that does not exist.`)
    if (existsSync(target)) throw exists
    assertDirectory(dirname(target))
    const part = `${target}.${process.pid}.part`
    try {
      mkdirSync(part, { mode: 0o700 })
      const bytes = copyDatabase(dataDir, part)
      // After the database, so that the copy has the files of all its messages.
      const names = filesUrl ? [] : attachedNames(part)
      const files = copyFiles(join(dataDir, 'files'), join(part, 'files'), names, showProgress('files'))
      sync(part)
      renameSync(part, target)
      sync(dirname(target))
      return [
        `${target}: ${bytes} bytes of database and ${files.copied} files.`,
        keyNote(secretKey),
        ...(filesUrl
          ? ['It does not contain the files of messages, which are in the bucket of FILES_URL.']
          : []),
        ...(files.missing === 0
          ? []
          : [
              `${files.missing} ${files.missing === 1 ? 'file was' : 'files were'} deleted meanwhile, or ${files.missing === 1 ? 'is' : 'are'} missing.`,
            ]),
      ].join(' ')
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      throw code === 'ENOTEMPTY' || code === 'EEXIST' ? exists : error
    } finally {
      rmSync(part, { recursive: true, force: true })
    }
  },
}

/** Otherwise a thief of the backup could decrypt its secrets. */
function keyNote(secretKey: string | undefined): string {
  const key = secretKey ? 'the key in NDOTO_SECRET_KEY' : keyFile
  return `It does not contain ${key}, without which it cannot be restored: keep a copy of that in another place.`
}

function describe({ name, place, size, files, missing, removed, seconds }: BackupResult): string {
  const megabytes = (size / 1024 ** 2).toFixed(1)
  return [
    `${place}: made the backup ${name} with ${files} files, ${megabytes} MB in ${seconds.toFixed(1)} seconds.`,
    ...(missing > 0 ? [`${missing} files were deleted meanwhile, or are missing.`] : []),
    ...(removed > 0 ? [`Removed ${removed} older ones.`] : []),
  ].join(' ')
}
