import { constants, copyFileSync, linkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeDirectory, sync } from '../lib/directory.ts'

/**
 * Copies the files `names` from the folder `from` to the folder `to`, and flushes them to disk. Calls `onProgress` with how
 * many of all files are done. Returns how many were copied, and how many are missing in `from`. On the same file system the
 * copies are hard links, which need no space: a stored file never changes.
 */
export function copyFiles(
  from: string,
  to: string,
  names: readonly string[],
  onProgress: (done: number, all: number) => void,
): { copied: number; missing: number } {
  const folders = new Set<string>()
  let missing = 0
  for (const [index, name] of names.entries()) {
    const target = join(to, name)
    for (const created of makeDirectory(dirname(target))) folders.add(created).add(dirname(created))
    if (!copyFile(join(from, name), target)) missing += 1
    onProgress(index + 1, names.length)
  }
  for (const folder of folders) sync(folder)
  return { copied: names.length - missing, missing }
}

function copyFile(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
  }
  // Another file system, or one without hard links.
  try {
    copyFileSync(from, to, constants.COPYFILE_FICLONE)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
  sync(to)
  return true
}
