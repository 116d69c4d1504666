import { newestVersion } from '../db/migrations.ts'

/** A result of `ndoto doctor`. */
export interface Finding {
  state: 'good' | 'note' | 'bad'
  text: string
  /** What the operator should do. */
  advice?: string
}

/** Compares the format of a database with the newest one that this version supports. */
export function formatFinding(version: number): Finding {
  if (version === newestVersion) return { state: 'good', text: `database format ${version}, the newest` }
  if (version < newestVersion) {
    return {
      state: 'note',
      text: `database format ${version}: the next start migrates it to ${newestVersion}`,
    }
  }
  const text = `database format ${version}, but this version supports formats up to ${newestVersion}`
  return { state: 'bad', text, advice: 'start the newer version of Ndoto, or restore a backup' }
}
