import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { readConfig } from '../config.ts'
import { copyDatabase } from '../db/backup.ts'
import { attachedFiles } from '../features/attachments/backup.store.ts'
import { copyFiles } from '../files/backup.ts'
import { storedName, thumbnailName } from '../files/names.ts'
import { sync } from '../lib/directory.ts'
import { keyFile } from '../lib/key-file.ts'
import { assertDirectory, type Command, CommandError } from './command.ts'
import { showProgress } from './progress.ts'

export const backupCommand: Command = {
  usage: 'backup DIRECTORY',
  summary: 'Write a consistent copy of the data to DIRECTORY, even while the server runs',
  details: `DIRECTORY must not exist. It is created only if the backup is complete. It is a data directory: to restore it, stop
the server, move DATA_DIR away, copy DIRECTORY to its path and secret.key into it, and start the server.

Files of messages need no additional space if DIRECTORY is on the same file system as DATA_DIR. With FILES_URL they
stay in their bucket. With DATABASE_URL, use the tools of PostgreSQL (pg_dump).`,
  options: {},
  async run(_, [directory, ...rest]) {
    if (!directory || rest.length > 0) return undefined
    const { dataDir, databaseUrl, filesUrl, secretKey } = readConfig()
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
      const names = filesUrl ? [] : namesIn(part)
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

function namesIn(directory: string): string[] {
  return attachedFiles(directory).flatMap(({ account_id, key, thumbnail }) => {
    const name = storedName(account_id, key)
    return thumbnail === 1 ? [name, thumbnailName(name)] : [name]
  })
}
