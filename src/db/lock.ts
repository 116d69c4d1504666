import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Another process uses the data directory. The message is for the operator and names the process. */
export class DirectoryInUse extends Error {}

const lockName = 'ndoto.lock'
const holderName = 'ndoto.pid'

/**
 * Locks `directory` for this process, until `release` is called or the process ends. Throws DirectoryInUse if another
 * process holds the lock.
 *
 * The lock is SQLite's lock on a file next to the data. The operating system releases it when the process ends, so
 * there are no stale locks. Its holder is named in a second file, because some systems cannot read a locked file.
 */
export function lockDirectory(directory: string): { release: () => void } {
  const lock = tryLock(directory)
  if (!lock) {
    throw new DirectoryInUse(`${directory} is in use by another Ndoto (${holder(directory)}). \
Stop it first, or set DATA_DIR to another directory.`)
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

/**
 * Like `isLocked`, but without taking the lock for a moment, which could make a starting server fail. May be wrongly
 * true after a server was killed.
 */
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
    // SQLITE_CANTOPEN: this user may not open the file or write in its directory.
    if ((error as { errcode?: number }).errcode !== 14) throw error
    throw new DirectoryInUse(`${file} cannot be opened by this user. Make the user who runs Ndoto the owner of the files in \
${dirname(file)}, or set DATA_DIR to a directory that this user can write to.`)
  }
}

function holder(directory: string): string {
  try {
    return readFileSync(join(directory, holderName), 'utf8').trim()
  } catch {
    return 'which is starting or stopping'
  }
}
