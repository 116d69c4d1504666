import { text } from 'node:stream/consumers'
import type { Storage } from '../files/storage.ts'

/** A backup that cannot be made or restored. The message is for the operator. */
export class BackupError extends Error {}

/** Describes a backup. It is written last, so a backup without it is not complete. */
export interface Manifest {
  format: 1
  created_at: string
  /** The version of Ndoto that has made it. */
  version: string
  /** The fingerprint of the key that it is encrypted with. */
  key: string
  /** The files of messages in it. */
  files: number
  parts: { name: string; size: number; sha256: string }[]
}

const manifestName = 'manifest.json'
const form = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z$/

/** The folder of a backup that was begun at this time, such as `2026-11-29T19-34-00-000Z`. Their order is that of the times. */
export function backupName(time: number): string {
  return new Date(time).toISOString().replaceAll(/[:.]/g, '-')
}

/** The time of a backup with this name, in milliseconds. */
export function backupTime(name: string): number {
  return Date.parse(name.replace(/T(\d\d)-(\d\d)-(\d\d)-/, 'T$1:$2:$3.'))
}

/** The names of the backups in a storage with their files, oldest first. */
export interface StoredBackup {
  name: string
  isComplete: boolean
  files: string[]
}

/** Lists the backups of a storage, oldest first. Other files in it are ignored. */
export async function listBackups(storage: Storage): Promise<StoredBackup[]> {
  const files = (await storage.list()).filter((file) => form.test(file.split('/')[0]!))
  const byName = Map.groupBy(files, (file) => file.split('/')[0]!)
  return [...byName]
    .map(([name, own]) => ({ name, isComplete: own.includes(manifestOf(name)), files: own }))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** The name of the manifest of a backup. */
export function manifestOf(name: string): string {
  return `${name}/${manifestName}`
}

/** Reads the manifest of a backup. Throws BackupError if it is not one. */
export async function readManifest(storage: Storage, name: string): Promise<Manifest> {
  const content = await text(await storage.get(manifestOf(name)))
  try {
    const manifest = JSON.parse(content) as Manifest
    const isComplete = Array.isArray(manifest.parts) && typeof manifest.key === 'string'
    if (manifest.format === 1 && isComplete) return manifest
  } catch {
    // Cut off.
  }
  throw new BackupError(`${manifestOf(name)} is damaged, or of a newer version of Ndoto.`)
}
