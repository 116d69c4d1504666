import { createHash } from 'node:crypto'
import { readdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { assertDatabase, copyDatabase } from '../db/backup.ts'
import { fileName } from '../db/sqlite.ts'
import type { LocalFile, Storage } from '../files/storage.ts'
import { makeDirectory } from '../lib/directory.ts'
import { version } from '../version.ts'
import { writeArchive } from './archive.ts'
import { attachedNames } from './attached-names.ts'
import { backupKeys } from './key.ts'
import { BackupError, backupName, backupTime, listBackups, type Manifest, manifestOf } from './manifest.ts'
import { openPlace } from './place.ts'
import { keptBackups } from './retention.ts'
import type { BackupSettings } from './settings.ts'
import { recordStatus } from './status.ts'

/** A backup that was made. `size` is in bytes; `missing` files of messages were deleted meanwhile, or are lost. */
export interface BackupResult {
  name: string
  place: string
  size: number
  files: number
  missing: number
  /** How many older backups were removed. */
  removed: number
  seconds: number
}

/** After this time nobody is still writing a backup that is not complete. */
const abandoned = 24 * 3600 * 1000
const attempts = 3

/** Makes a backup, removes those that are no longer kept, and records how it went. Throws what prevents it. */
export async function backUp(settings: BackupSettings): Promise<BackupResult> {
  const { dataDir } = settings
  // Before anything is written: a wrong DATA_DIR would be created.
  assertDatabase(dataDir)
  const start = Date.now()
  try {
    const result = await create(settings, start)
    const { size, seconds } = result
    recordStatus(dataDir, { succeeded_at: Date.now(), size, seconds })
    return result
  } catch (error) {
    recordStatus(dataDir, { failed_at: Date.now(), error: (error as Error).message })
    throw error
  }
}

async function create(settings: BackupSettings, start: number): Promise<BackupResult> {
  const { dataDir, filesUrl, backup } = settings
  const [key] = backupKeys(settings)
  const place = openPlace(backup.url, dataDir)
  const folders = [join(dataDir, 'backup-database'), place.temporaryDirectory].map(ownFolder) as [
    string,
    string,
  ]
  const [databaseFolder, partsFolder] = folders
  const name = backupName(start)
  const { storage } = place
  try {
    assertSpace(settings)
    copyDatabase(dataDir, databaseFolder)
    // After the database, so that the backup has the files of all its messages.
    const names = filesUrl ? [] : attachedNames(databaseFolder)
    const entries = [
      { name: fileName, path: join(databaseFolder, fileName) },
      ...names.map((file) => ({ name: `files/${file}`, path: join(dataDir, 'files', file) })),
    ]
    let missing = 0
    const onMissing = () => {
      missing += 1
    }
    const parts = await writeArchive(
      entries,
      { identity: key!.identity, directory: partsFolder, onMissing },
      (part, file) => store(storage, `${name}/${part}`, file),
    )
    const files = names.length - missing
    const created_at = new Date(start).toISOString()
    const manifest: Manifest = { format: 1, created_at, version, key: key!.fingerprint, files, parts }
    await store(storage, manifestOf(name), localFile(join(partsFolder, 'manifest'), JSON.stringify(manifest)))
    const removed = await removeOld(storage, name, backup)
    const size = parts.reduce((sum, part) => sum + part.size, 0)
    const seconds = (Date.now() - start) / 1000
    return { name, place: place.description, size, files, missing, removed, seconds }
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  }
}

/** Creates an empty folder next to `path` that belongs to this process, and removes those of processes that were killed. */
function ownFolder(path: string): string {
  const parent = dirname(path)
  makeDirectory(parent)
  for (const one of readdirSync(parent)) {
    const [, pid] = one.startsWith(`${basename(path)}.`) ? (/\.(\d+)$/.exec(one) ?? []) : []
    if (pid && (Number(pid) === process.pid || !isRunning(Number(pid))))
      rmSync(join(parent, one), { recursive: true })
  }
  const own = `${path}.${process.pid}`
  makeDirectory(own)
  return own
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The copy of the database must not take the space that the server needs. */
function assertSpace({ dataDir, minFreeDisk }: BackupSettings): void {
  const { bavail, bsize } = statfsSync(dataDir)
  const size = statSync(join(dataDir, fileName), { throwIfNoEntry: false })?.size ?? 0
  if (bavail * bsize - size < minFreeDisk) {
    const needed = Math.ceil((size + minFreeDisk) / 1024 ** 2)
    throw new BackupError(`A backup needs ${needed} MB of free space in ${dataDir}: as much as the database has, and \
NDOTO_MIN_FREE_DISK.`)
  }
}

function localFile(path: string, content: string): LocalFile {
  writeFileSync(path, content, { flush: true })
  return {
    path,
    size: Buffer.byteLength(content),
    sha256: createHash('sha256').update(content).digest('hex'),
  }
}

/** A connection that breaks now and then must not end a backup of hours. */
async function store(storage: Storage, name: string, file: LocalFile): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await storage.put(name, file)
    } catch (error) {
      if (attempt === attempts) throw error
      await sleep(attempt * 1000)
    }
  }
}

/** Removes backups that are not kept, and what is left of those that were never completed. Returns how many. */
async function removeOld(
  storage: Storage,
  newest: string,
  backup: BackupSettings['backup'],
): Promise<number> {
  const all = await listBackups(storage)
  const complete = all.filter(({ isComplete }) => isComplete).map(({ name }) => name)
  const kept = keptBackups(complete, backup)
  const expired = all.filter(({ name, isComplete }) =>
    isComplete ? !kept.has(name) : backupTime(newest) - backupTime(name) > abandoned,
  )
  for (const { name, files } of expired) {
    // The manifest first, so that a backup whose removal is interrupted is not complete.
    const others = files.filter((file) => file !== manifestOf(name))
    for (const file of [manifestOf(name), ...others]) await storage.remove(file)
  }
  return expired.length
}
