import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { makeDirectory, sync } from './directory.ts'
import { keyLength, SecretKey } from './secret-box.ts'

/** The file of the key in the data directory. During `ndoto rotate-key` the next key is in a second file. */
export const keyFile = 'secret.key'
export const nextKeyFile = 'secret.key.next'
/** The key before the last rotation, for backups from before it. */
export const previousKeyFile = 'secret.key.previous'

export function randomKey(): SecretKey {
  return new SecretKey(randomBytes(keyLength))
}

/** A key file whose content is not a key. The message is for the operator. */
export class WrongKeyFile extends Error {}

/** Reads a key file; undefined if it does not exist. Throws WrongKeyFile, or an error of the file system. */
export function readKeyFile(directory: string, name: string): SecretKey | undefined {
  const path = join(directory, name)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length === keyLength) return new SecretKey(bytes)
  throw new WrongKeyFile(
    `${path} must contain 32 bytes in base64 and nothing else. Restore it from your copy.`,
  )
}

/**
 * Writes a key into a file that only this user can read. The file is complete and on disk when this returns. Returns
 * false, and changes nothing, if the file exists: another server on the same directory may already use its key.
 */
export function createKeyFile(directory: string, name: string, key: SecretKey): boolean {
  for (const created of makeDirectory(directory)) sync(dirname(created))
  const path = join(directory, name)
  const part = `${path}.${process.pid}.part`
  const file = openSync(part, 'w', 0o600)
  try {
    writeSync(file, `${key.toBase64()}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  try {
    // Not renameSync(), which would replace the file.
    linkSync(part, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    // The file system has no hard links.
    copyFileSync(part, path, constants.COPYFILE_EXCL)
    sync(path)
    return true
  } finally {
    rmSync(part)
    sync(directory)
  }
}

export function removeKeyFile(directory: string, name: string): void {
  rmSync(join(directory, name), { force: true })
}

/** Makes the next key the key, and keeps the key as the previous one. May be repeated after an interruption. */
export function adoptNextKey(directory: string): void {
  try {
    renameSync(join(directory, keyFile), join(directory, previousKeyFile))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  renameSync(join(directory, nextKeyFile), join(directory, keyFile))
  sync(directory)
}
