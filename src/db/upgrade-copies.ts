import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { makeDirectory, sync } from '../lib/directory.ts'
import { copyDatabase } from './backup.ts'
import { Connection } from './connection.ts'
import { fileName } from './sqlite.ts'

/** The folder in the data directory with the copies of the database from before upgrades. */
export const copiesFolder = 'backups'

const copyName = /^format-(\d+)-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/

/** A copy of the database from before an upgrade. */
export interface UpgradeCopy {
  /** Of the folder that contains it. */
  path: string
  format: number
  /** In milliseconds since 1970. */
  createdAt: number
  bytes: number
}

/**
 * Copies the database of `directory`, which has the format `from`, into a new folder in `backups`. Returns the path of
 * the folder, which exists only if the copy is complete and on disk.
 */
export function copyBeforeUpgrade(directory: string, from: number): string {
  const parent = join(directory, copiesFolder)
  makeDirectory(parent)
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  const target = join(parent, `format-${from}-${time}Z`)
  const part = `${target}.part`
  // A start that was interrupted can leave one, and no other process copies: this one has the lock of the directory.
  for (const name of readdirSync(parent)) {
    if (name.endsWith('.part')) rmSync(join(parent, name), { recursive: true, force: true })
  }
  try {
    mkdirSync(part, { mode: 0o700 })
    copyDatabase(directory, part)
    sync(part)
    renameSync(part, target)
    sync(parent)
    return target
  } finally {
    rmSync(part, { recursive: true, force: true })
  }
}

/** Returns the copies in `backups` of a data directory, oldest first. */
export function upgradeCopies(directory: string): UpgradeCopy[] {
  const parent = join(directory, copiesFolder)
  if (!existsSync(parent)) return []
  const copies = readdirSync(parent).flatMap((name): UpgradeCopy[] => {
    const format = copyName.exec(name)?.[1]
    const file = statSync(join(parent, name, fileName), { throwIfNoEntry: false })
    if (!format || !file) return []
    return [{ path: join(parent, name), format: Number(format), createdAt: file.mtimeMs, bytes: file.size }]
  })
  return copies.sort((one, other) => one.createdAt - other.createdAt)
}

/** Removes the copies that are older than `before` (milliseconds since 1970). Returns their paths. */
export function removeOldCopies(directory: string, before: number): string[] {
  const old = upgradeCopies(directory).filter(({ createdAt }) => createdAt < before)
  for (const { path } of old) rmSync(path, { recursive: true, force: true })
  return old.map(({ path }) => path)
}

/** Returns the bytes of the database, of some of its tables together, and those that are free on the disk of `directory`. */
export function sqliteSizes(
  directory: string,
  tables: readonly string[],
): { database: number; tables: number; free: number } {
  const connection = new Connection(join(directory, fileName), { readOnly: true })
  try {
    const number = (sql: string, parameters: unknown[] = []) => {
      const [row] = connection.run(sql, parameters).rows as { value: number | null }[]
      return row?.value ?? 0
    }
    const { bavail, bsize } = statfsSync(directory)
    return {
      // Without free pages, which a copy does not contain.
      database: number(`select (page_count - freelist_count) * page_size as value
        from pragma_page_count, pragma_freelist_count, pragma_page_size`),
      tables: number(
        'select sum(pgsize) as value from dbstat where name in (select value from json_each(?))',
        [JSON.stringify(tables)],
      ),
      free: bavail * bsize,
    }
  } finally {
    connection.close()
  }
}
