import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** The data directory is another process's; the message names it. */
export class DirectoryInUse extends Error {}

const lockName = 'ndoto.lock'
const holderName = 'ndoto.pid'

/**
 * Makes this process the only server on `directory` until `release` or its death, however it dies.
 * Throws DirectoryInUse with a sentence that names the holder.
 *
 * The lock is SQLite's own lock on a file next to the data (the operating system drops it with the process, so there
 * is no stale lock to remove); who holds it stands in a second file, since a locked one cannot be read everywhere.
 */
export function lockDirectory(directory: string): { release: () => void } {
  const lock = tryLock(directory)
  if (!lock) {
    throw new DirectoryInUse(`${directory} is in use by another Ndoto (${holder(directory)}). \
Stop that one first, or give this one a DATA_DIR of its own.`)
  }
  const holderFile = join(directory, holderName)
  writeFileSync(holderFile, `process ${process.pid}, started ${new Date().toISOString()}\n`)
  return {
    release() {
      rmSync(holderFile, { force: true })
      lock.close()
    },
  }
}

/** Whether a server is running on `directory`. */
export function isLocked(directory: string): boolean {
  if (!existsSync(join(directory, lockName))) return false
  const lock = tryLock(directory)
  lock?.close()
  return lock === undefined
}

/** As `isLocked`, without trying the lock: that could be in the way of a server that starts. After a kill it may be wrong. */
export function mayBeLocked(directory: string): boolean {
  return existsSync(join(directory, holderName))
}

function tryLock(directory: string): DatabaseSync | undefined {
  const file = join(directory, lockName)
  const lock = openLock(file)
  try {
    lock.exec('pragma journal_mode = memory; begin exclusive')
    return lock
  } catch (error) {
    lock.close()
    if ((error as { errcode?: number }).errcode === 5) return undefined // SQLITE_BUSY
    throw error
  }
}

function openLock(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file)
  } catch (error) {
    // SQLITE_CANTOPEN: it is there, or its directory, but not for us.
    if ((error as { errcode?: number }).errcode !== 14) throw error
    throw new DirectoryInUse(`${file} cannot be opened by this user. Give the files in ${dirname(file)} \
to the user who runs Ndoto, or set DATA_DIR to a directory that this user can write.`)
  }
}

function holder(directory: string): string {
  try {
    return readFileSync(join(directory, holderName), 'utf8').trim()
  } catch {
    return 'which is just starting or stopping'
  }
}
