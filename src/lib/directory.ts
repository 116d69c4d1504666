import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a directory that only this user can look into, with those above it, and gives all that were not there, the
 * outermost first. Throws what the file system says.
 */
export function makeDirectory(path: string): string[] {
  if (existsSync(path)) return []
  // Not `recursive`: below /proc, where nothing can be made, Node's would try for ever.
  const above = makeDirectory(dirname(path))
  try {
    // What customers write and send is nobody else's on this machine.
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return [...above, path]
}

/** Has the disk keep a file or folder as it is now: a power cut takes nothing of it away. */
export function sync(path: string): void {
  // Windows cannot do so for a folder.
  if (process.platform === 'win32' && statSync(path).isDirectory()) return
  const handle = openSync(path, 'r')
  fsyncSync(handle)
  closeSync(handle)
}
