import { existsSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Connection } from '../db/connection.ts'
import { databaseVersion, newestVersion } from '../db/migrate.ts'
import { readSecretKeys } from '../db/secret-keys.ts'
import { fileName } from '../db/sqlite.ts'
import type { SecretKeyRow } from '../db/tables.ts'
import { makeDirectory, sync } from '../lib/directory.ts'
import { migrations } from '../migrations.ts'
import { readArchive } from './archive.ts'
import { attachedNames } from './attached-names.ts'
import { type BackupKey, backupKeys, type KeySettings } from './key.ts'
import { BackupError, backupTime, listBackups, readManifest } from './manifest.ts'
import { openPlace } from './place.ts'

/** A backup that was restored. `missing` files belong to messages, but are not in it. */
export interface Restored {
  name: string
  files: number
  missing: number
  /** The keys of the secrets in its database. */
  secretKeys: SecretKeyRow[]
}

/** Returns the names of the complete backups at `url`, oldest first. */
export async function completeBackups(url: string, dataDir: string): Promise<string[]> {
  const all = await listBackups(openPlace(url, dataDir).storage)
  return all.filter(({ isComplete }) => isComplete).map(({ name }) => name)
}

/**
 * Restores the newest backup at `url`, or the newest one that was begun by `at` (milliseconds), to a directory that does not
 * exist or is empty. It is checked completely before the directory gets it. Throws BackupError.
 */
export async function restore(
  url: string,
  directory: string,
  settings: KeySettings,
  at = Number.POSITIVE_INFINITY,
): Promise<Restored> {
  assertEmpty(directory)
  const { storage, description } = openPlace(url, settings.dataDir)
  const names = await completeBackups(url, settings.dataDir)
  const name = names.findLast((one) => backupTime(one) <= at)
  if (!name) throw new BackupError(noBackup(description, names))
  const manifest = await readManifest(storage, name)
  const { identity } = findKey(backupKeys(settings), manifest.key, name)
  const part = `${directory}.${process.pid}.part`
  try {
    makeDirectory(part)
    await readArchive(storage, name, { manifest, identity }, part)
    const secretKeys = check(part, name)
    const missing = attachedNames(part).filter((file) => !existsSync(join(part, 'files', file))).length
    sync(part)
    if (existsSync(directory)) rmdirSync(directory)
    renameSync(part, directory)
    sync(dirname(directory))
    return { name, files: manifest.files, missing, secretKeys }
  } finally {
    rmSync(part, { recursive: true, force: true })
  }
}

function assertEmpty(directory: string): void {
  if (existsSync(directory) && readdirSync(directory).length > 0)
    throw new BackupError(`${directory} is not empty. Name a directory that does not exist or is empty.`)
}

function noBackup(description: string, [oldest]: string[]): string {
  if (!oldest) return `There is no complete backup in ${description}.`
  return `There is no backup from so early in ${description}: the oldest one is ${oldest}.`
}

function findKey(keys: BackupKey[], fingerprint: string, name: string): BackupKey {
  const key = keys.find((one) => one.fingerprint === fingerprint)
  if (key) return key
  throw new BackupError(`The backup ${name} is encrypted with another key. Set NDOTO_BACKUP_KEY or NDOTO_SECRET_KEY to the \
one that it was made with, or DATA_DIR to a directory whose secret.key is the one from the time of the backup.`)
}

/** Throws BackupError if no server can use the database. Returns the keys of its secrets. */
function check(directory: string, name: string): SecretKeyRow[] {
  const file = join(directory, fileName)
  if (!existsSync(file)) throw new BackupError(`The backup ${name} contains no database.`)
  const connection = new Connection(file, { readOnly: true })
  try {
    const damage = connection.findDamage()
    if (damage !== undefined)
      throw new BackupError(`The database in the backup ${name} is damaged: ${damage}`)
    if (databaseVersion(connection) > newestVersion(migrations))
      throw new BackupError(
        `The backup ${name} is of a newer version of Ndoto. Restore it with that version.`,
      )
    return readSecretKeys(connection)
  } finally {
    connection.close()
  }
}
