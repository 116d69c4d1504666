import { constants, copyFileSync, linkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeDirectory, sync } from '../lib/directory.ts'

/**
 * Puts those files of the folder `from` that are in `names` into the folder `to`, durably. Calls `tell` with how many are
 * done of how many; gives how many are there and how many were not in `from`. They take no room while both folders are on one
 * file system: a file never changes, so both can have the same.
 */
export function keepFiles(
  from: string,
  to: string,
  names: readonly string[],
  tell: (done: number, all: number) => void,
): { kept: number; missing: number } {
  const folders = new Set<string>()
  let missing = 0
  for (const [index, name] of names.entries()) {
    const target = join(to, name)
    for (const made of makeDirectory(dirname(target))) folders.add(made).add(dirname(made))
    if (!keepFile(join(from, name), target)) missing += 1
    tell(index + 1, names.length)
  }
  for (const folder of folders) sync(folder)
  return { kept: names.length - missing, missing }
}

function keepFile(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
  }
  // Another file system, or one that knows no links.
  try {
    copyFileSync(from, to, constants.COPYFILE_FICLONE)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
  sync(to)
  return true
}
