import { join } from 'node:path'
import { diskStorage } from './disk.ts'
import { PictureReader } from './pictures.ts'
import { DiskRoom } from './room.ts'
import { s3Storage } from './s3.ts'
import type { Storage } from './storage.ts'

/** Everything about files of one server. */
export interface Files {
  storage: Storage
  /** The folder, on this machine, of what is just arriving. */
  arriving: string
  room: DiskRoom
  pictures: PictureReader
}

/** The settings that are about files; `minFreeDisk` in bytes. */
interface Settings {
  dataDir: string
  filesUrl: string | undefined
  minFreeDisk: number
}

/** Files in a folder, or in the bucket that `filesUrl` names (see `s3Storage`). Touches neither before it has to. */
export function openFiles({ dataDir, filesUrl, minFreeDisk }: Settings): Files {
  const directory = join(dataDir, 'files')
  return {
    storage: filesUrl ? s3Storage(filesUrl) : diskStorage(directory),
    arriving: join(directory, 'arriving'),
    room: new DiskRoom(dataDir, minFreeDisk),
    pictures: new PictureReader(),
  }
}
