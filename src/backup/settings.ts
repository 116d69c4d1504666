import type { Config } from '../config.ts'

/** The settings of backups. They are passed to the process that makes them. */
export type BackupSettings = Pick<Config, 'dataDir' | 'filesUrl' | 'secretKey' | 'minFreeDisk'> & {
  backup: Config['backup'] & { url: string }
}

/** Returns the settings; undefined if no backups are wanted. */
export function backupSettings(config: Config): BackupSettings | undefined {
  const { dataDir, filesUrl, secretKey, minFreeDisk, backup } = config
  const { url } = backup
  return url === undefined
    ? undefined
    : { dataDir, filesUrl, secretKey, minFreeDisk, backup: { ...backup, url } }
}
