import { join } from 'node:path'
import { diskStorage } from './disk.ts'
import { DiskSpace } from './disk-space.ts'
import { PictureReader } from './pictures.ts'
import { s3Storage } from './s3.ts'
import type { Storage } from './storage.ts'

/** What a server needs to handle files. */
export interface Files {
  storage: Storage
  /** The folder, on this machine, for files that are being received. */
  temporaryDirectory: string
  diskSpace: DiskSpace
  pictures: PictureReader
}

/** The settings for files. `minFreeDisk` is in bytes. */
interface Settings {
  dataDir: string
  filesUrl: string | undefined
  minFreeDisk: number
}

/** Opens the storage of files: a folder, or the bucket `filesUrl` (see `s3Storage`). Accesses neither before it must. */
export function openFiles({ dataDir, filesUrl, minFreeDisk }: Settings): Files {
  const directory = join(dataDir, 'files')
  return {
    storage: filesUrl ? s3Storage(filesUrl) : diskStorage(directory),
    // Renaming it would leave the files of a server that was killed before an update.
    temporaryDirectory: join(directory, 'arriving'),
    diskSpace: new DiskSpace(dataDir, minFreeDisk),
    pictures: new PictureReader(),
  }
}
