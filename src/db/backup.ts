import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { sync } from '../lib/directory.ts'
import { Connection } from './connection.ts'
import { WrongDatabase } from './migrate.ts'
import { fileName } from './sqlite.ts'

/**
 * Writes a consistent copy of the database in `from` into the directory `to`, flushed to disk, even while a server
 * writes to it. Returns its size in bytes. Throws WrongDatabase if there is no database.
 */
export function copyDatabase(from: string, to: string): number {
  const source = assertDatabase(from)
  const copy = join(to, fileName)
  const connection = new Connection(source, { readOnly: true })
  try {
    // A single read transaction: it reads a snapshot and blocks no writer.
    connection.run('vacuum into ?', [copy])
  } finally {
    connection.close()
  }
  sync(copy)
  return statSync(copy).size
}

/** Returns the path of the database in `directory`. Throws WrongDatabase if there is none. */
export function assertDatabase(directory: string): string {
  const path = join(directory, fileName)
  if (existsSync(path)) return path
  throw new WrongDatabase(`${path} does not exist. Set DATA_DIR to where the data is.`)
}
