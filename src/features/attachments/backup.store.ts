import { join } from 'node:path'
import { Connection } from '../../db/connection.ts'
import { fileName } from '../../db/sqlite.ts'

/** A stored file that something in the database has. `thumbnail` is 1 if there is one. */
interface AttachedFile {
  account_id: number
  key: string
  thumbnail: number
}

/** Returns the files that messages and other rows of the database in `directory` have. */
export function attachedFiles(directory: string): AttachedFile[] {
  const connection = new Connection(join(directory, fileName), { readOnly: true })
  try {
    // A backup before an upgrade: the database may be from a version without files.
    const [table] = connection.run(`select 1 from sqlite_schema where name = 'files'`).rows
    if (!table) return []
    const { rows } = connection.run('select account_id, key, thumbnail from files where due_at is null')
    return rows as AttachedFile[]
  } finally {
    connection.close()
  }
}
