import { hkdfSync } from 'node:crypto'
import { AgeIdentity } from '../lib/age.ts'
import { keyFile, nextKeyFile, previousKeyFile, readKeyFile } from '../lib/key-file.ts'
import { BackupError } from './manifest.ts'

/** What leads to the key of backups: a key of its own, or the one of the secrets. All are 32 bytes in base64. */
export interface KeySettings {
  dataDir: string
  secretKey: string | undefined
  backup: { key: string | undefined }
}

/** A key that encrypts backups, and opens them again. */
export interface BackupKey {
  identity: AgeIdentity
  /** Identifies the key in public, and does not reveal it. */
  fingerprint: string
}

/**
 * Returns the keys that can have been used for backups, the current one first. There are several after the secret key was
 * changed. Throws BackupError if there is none.
 */
export function backupKeys({ dataDir, secretKey, backup }: KeySettings): BackupKey[] {
  const files = [keyFile, nextKeyFile, previousKeyFile]
  const secrets = backup.key
    ? [backup.key]
    : secretKey
      ? [secretKey]
      : files.flatMap((file) => readKeyFile(dataDir, file)?.toBase64() ?? [])
  if (secrets.length === 0) {
    throw new BackupError(`There is no key for backups. Set NDOTO_BACKUP_KEY, or NDOTO_SECRET_KEY, or DATA_DIR to a \
directory with ${keyFile}.`)
  }
  return secrets.map((secret) => keyOf(Buffer.from(secret, 'base64')))
}

function keyOf(secret: Buffer): BackupKey {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, '', `ndoto ${purpose}`, 32))
  const fingerprint = derive('backup fingerprint').toString('hex').slice(0, 16)
  return { identity: new AgeIdentity(derive('backups')), fingerprint }
}
