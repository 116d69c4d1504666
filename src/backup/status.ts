import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Reading } from '../http/metrics.ts'

/** How the last backups of a data directory went. Times are in milliseconds. */
export interface BackupStatus {
  succeeded_at?: number
  /** Bytes of the last backup, encrypted. */
  size?: number
  seconds?: number
  failed_at?: number
  error?: string
}

const file = 'backup-status.json'

/** Reads the status. It is empty if there was no backup yet. */
export function readStatus(dataDir: string): BackupStatus {
  try {
    return JSON.parse(readFileSync(join(dataDir, file), 'utf8'))
  } catch {
    return {}
  }
}

/** Changes fields of the status. */
export function recordStatus(dataDir: string, changes: BackupStatus): void {
  const part = join(dataDir, `${file}.${process.pid}.part`)
  writeFileSync(part, JSON.stringify({ ...readStatus(dataDir), ...changes }), { mode: 0o600 })
  renameSync(part, join(dataDir, file))
}

/** Whether the last attempt has failed. */
export function hasFailed({ succeeded_at = 0, failed_at = 0 }: BackupStatus): boolean {
  return failed_at > succeeded_at
}

/** The gauges of backups, also of those that `ndoto backup` has made while the server ran. */
export function backupReadings(dataDir: string): Reading[] {
  const of = (name: string, help: string, value: (status: BackupStatus) => number | undefined): Reading => ({
    name: `ndoto_backup_${name}`,
    help,
    read: () => value(readStatus(dataDir)) ?? 0,
  })
  const seconds = (milliseconds = 0) => milliseconds / 1000
  return [
    of(
      'last_success_timestamp_seconds',
      'When the last successful backup ended; 0 if there was none.',
      (status) => seconds(status.succeeded_at),
    ),
    of('last_failure_timestamp_seconds', 'When a backup last failed; 0 if none did.', (status) =>
      seconds(status.failed_at),
    ),
    of('size_bytes', 'The size of the last backup.', ({ size }) => size),
    of('duration_seconds', 'How long the last backup took.', (status) => status.seconds),
  ]
}
