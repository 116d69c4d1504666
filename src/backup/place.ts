import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { diskStorage } from '../files/disk.ts'
import { s3Storage } from '../files/s3.ts'
import type { Storage } from '../files/storage.ts'

/** Where backups are stored. */
export interface BackupPlace {
  storage: Storage
  /** Where parts are written before they are stored. On the disk of the storage, because it moves them. */
  temporaryDirectory: string
  /** For people, without keys. */
  description: string
}

/** Opens the folder or bucket of `url`, a `file:` or `s3:` URL. Accesses nothing yet. */
export function openPlace(url: string, dataDir: string): BackupPlace {
  if (!url.startsWith('file:')) {
    const { host, pathname } = new URL(url)
    const temporaryDirectory = join(dataDir, 'backup-parts')
    return { storage: s3Storage(url), temporaryDirectory, description: `s3://${host}${pathname}` }
  }
  const directory = fileURLToPath(url)
  const temporaryDirectory = join(directory, 'incomplete')
  return { storage: diskStorage(directory), temporaryDirectory, description: directory }
}
