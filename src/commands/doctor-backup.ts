import { backupTime } from '../backup/manifest.ts'
import { openPlace } from '../backup/place.ts'
import { completeBackups } from '../backup/restore.ts'
import { backupSettings } from '../backup/settings.ts'
import { hasFailed, readStatus } from '../backup/status.ts'
import type { Config } from '../config.ts'
import type { Finding } from './finding.ts'

const hour = 3600 * 1000

/** Checks that there is a recent backup, if there are to be any. */
export async function backupFindings(config: Config): Promise<Finding[]> {
  const settings = backupSettings(config)
  if (!settings) return []
  const { url, every } = settings.backup
  const { description } = openPlace(url, config.dataDir)
  const status = readStatus(config.dataDir)
  let names: string[]
  try {
    names = await completeBackups(url, config.dataDir)
  } catch (error) {
    const text = `the backups in ${description} cannot be read: ${(error as Error).message}`
    return [{ state: 'bad', text, advice: 'check NDOTO_BACKUP_URL' }]
  }
  if (hasFailed(status)) {
    const at = new Date(status.failed_at!).toISOString()
    const advice = 'remove the cause, and try it with `ndoto backup`'
    return [{ state: 'bad', text: `the last backup has failed at ${at}: ${status.error}`, advice }]
  }
  const newest = names.at(-1)
  if (!newest)
    return [{ state: 'note', text: `there is no backup in ${description} yet`, advice: 'ndoto backup' }]
  const age = (Date.now() - backupTime(newest)) / hour
  const count = names.length === 1 ? 'one backup' : `${names.length} backups`
  const text = `${count} in ${description}, the newest is ${Math.floor(age)} hours old`
  if (age <= 2 * every) return [{ state: 'good', text }]
  return [{ state: 'bad', text, advice: 'backups are made while the server runs: start it, or read its log' }]
}
