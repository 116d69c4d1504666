import { newestVersion } from '../db/migrations.ts'

/** What `ndoto doctor` has found. */
export interface Finding {
  state: 'good' | 'note' | 'bad'
  text: string
  /** What the operator should do. */
  advice?: string
}

/** What is to say of the format of a database. */
export function formatFinding(found: number): Finding {
  if (found === newestVersion) return { state: 'good', text: `database format ${found}, the newest` }
  if (found < newestVersion) {
    return { state: 'note', text: `database format ${found}: the next start brings it to ${newestVersion}` }
  }
  const text = `database format ${found}, but this version knows formats up to ${newestVersion}`
  return { state: 'bad', text, advice: 'start the newer Ndoto that made it, or go back to a backup' }
}
