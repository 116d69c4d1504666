import { newestVersion } from '../db/migrate.ts'
import { migrations } from '../migrations.ts'

/** A result of `ndoto doctor`. */
export interface Finding {
  state: 'good' | 'note' | 'bad'
  text: string
  /** What the operator should do. */
  advice?: string
}

/** Whether the format of a database is the newest one. */
export function isNewest(version: number): boolean {
  return version === newestVersion(migrations)
}

/** Compares the format of a database, which needs no upgrade, with the newest one that this version supports. */
export function formatFinding(version: number): Finding {
  const newest = newestVersion(migrations)
  if (version === newest) return { state: 'good', text: `database format ${version}, the newest` }
  const text = `database format ${version}, but this version supports formats up to ${newest}`
  return { state: 'bad', text, advice: 'start the newer version of Ndoto, or restore a backup' }
}
