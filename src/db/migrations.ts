import * as spine from './migrations/0001-spine.ts'

/** A step of the database's format: numbered, forward only, never edited once released. */
export interface Migration {
  version: number
  name: string
  sqlite: string
}

/** All steps, in order. */
export const migrations: readonly Migration[] = [{ version: 1, name: 'spine', ...spine }]

/** The database's format that this program works with. */
export const newestVersion = migrations.at(-1)!.version
