import { closeSync, existsSync, fsyncSync, linkSync, openSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Connection } from './connection.ts'
import { WrongDatabase } from './migrate.ts'
import { fileName } from './sqlite.ts'

/**
 * Writes a consistent copy of the database in `directory` to `file`, also while a server writes to it; gives its size
 * in bytes. The copy appears whole or not at all, and is on disk when this returns. Throws WrongDatabase where there
 * is none, and `EEXIST` where `file` exists.
 */
export function backup(directory: string, file: string): number {
  const source = join(directory, fileName)
  if (!existsSync(source))
    throw new WrongDatabase(`${source} does not exist. Set DATA_DIR to where the data is.`)
  if (existsSync(file)) throw new WrongDatabase(`${file} exists already; a backup replaces nothing.`)
  const part = `${file}.${process.pid}.part`
  const connection = new Connection(source, { readOnly: true })
  try {
    // One read transaction: a snapshot, for which no writer has to wait.
    connection.run('vacuum into ?', [part])
    sync(part)
    // Unlike a rename, a link does not replace a backup that somebody else made meanwhile.
    linkSync(part, file)
    sync(dirname(file))
    return statSync(file).size
  } finally {
    connection.close()
    rmSync(part, { force: true })
  }
}

function sync(path: string): void {
  const handle = openSync(path, 'r')
  fsyncSync(handle)
  closeSync(handle)
}
