import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { sync } from '../lib/directory.ts'
import { Connection } from './connection.ts'
import { WrongDatabase } from './migrate.ts'
import { fileName } from './sqlite.ts'

/** A file that a message holds; `thumbnail` is 1 where it has one. */
export interface HeldFile {
  account_id: number
  key: string
  thumbnail: number
}

/**
 * Writes a consistent copy of the database in `from` into the directory `to`, durably and also while a server writes
 * to it; gives its size in bytes. Throws WrongDatabase where there is none.
 */
export function copyDatabase(from: string, to: string): number {
  const source = join(from, fileName)
  if (!existsSync(source))
    throw new WrongDatabase(`${source} does not exist. Set DATA_DIR to where the data is.`)
  const copy = join(to, fileName)
  const connection = new Connection(source, { readOnly: true })
  try {
    // One read transaction: a snapshot, for which no writer has to wait.
    connection.run('vacuum into ?', [copy])
  } finally {
    connection.close()
  }
  sync(copy)
  return statSync(copy).size
}

/** The files that the messages of the database in `directory` hold. */
export function heldFiles(directory: string): HeldFile[] {
  const connection = new Connection(join(directory, fileName), { readOnly: true })
  try {
    // Also of a version that knew no files yet: a backup is what one makes before an upgrade.
    const [known] = connection.run(`select 1 from sqlite_schema where name = 'files'`).rows
    // A backup is what one makes before an upgrade: the database may be of a version that knew no files.
    if (!known) return []
    const { rows } = connection.run('select account_id, key, thumbnail from files where due_at is null')
    return rows as HeldFile[]
  } finally {
    connection.close()
  }
}
