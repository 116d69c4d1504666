import { join } from 'node:path'
import { diskStorage } from './disk.ts'
import { PictureReader } from './pictures.ts'
import { s3Storage } from './s3.ts'
import type { Storage } from './storage.ts'

/** Everything about files of one server. */
export interface Files {
  storage: Storage
  /** The folder, on this machine, of what is just arriving. */
  arriving: string
  pictures: PictureReader
}

/** Files in a folder, or where `url` (see `s3Storage`) says. Touches neither before it has to. */
export function openFiles(dataDir: string, url: string | undefined): Files {
  const directory = join(dataDir, 'files')
  return {
    storage: url ? s3Storage(url) : diskStorage(directory),
    arriving: join(directory, 'arriving'),
    pictures: new PictureReader(),
  }
}
