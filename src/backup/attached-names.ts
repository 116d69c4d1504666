import { attachedFiles } from '../features/attachments/backup.store.ts'
import { storedName, thumbnailName } from '../files/names.ts'

/** Returns the names of all stored files that belong to messages of the database in `directory`, with their thumbnails. */
export function attachedNames(directory: string): string[] {
  return attachedFiles(directory).flatMap(({ account_id, key, thumbnail }) => {
    const name = storedName(account_id, key)
    return thumbnail === 1 ? [name, thumbnailName(name)] : [name]
  })
}
