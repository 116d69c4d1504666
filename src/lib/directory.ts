import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Creates a directory that only this user can read, and its parents. Returns the paths of the new directories,
 * outermost first. Throws the error of the file system if that fails.
 */
export function makeDirectory(path: string): string[] {
  if (existsSync(path)) return []
  // Not `recursive`: below /proc, where no directory can be created, Node.js would loop forever.
  const parents = makeDirectory(dirname(path))
  try {
    // Other users of this machine must not read messages and files of customers.
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return [...parents, path]
}

/** Flushes a file or folder to disk, so that it survives a power failure. */
export function sync(path: string): void {
  // Windows cannot flush folders.
  if (process.platform === 'win32' && statSync(path).isDirectory()) return
  const handle = openSync(path, 'r')
  fsyncSync(handle)
  closeSync(handle)
}
