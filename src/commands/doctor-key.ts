import { join } from 'node:path'
import { ConfigError } from '../config.ts'
import type { SecretKeyRow } from '../db/tables.ts'
import { keyFile, WrongKeyFile } from '../lib/key-file.ts'
import { type FoundKey, findSecretKey, type KeyConfig } from '../secret-key.ts'
import type { Finding } from './finding.ts'

/** Checks the key of the secrets against the keys of the database. */
export function keyFinding(config: KeyConfig, rows: readonly SecretKeyRow[]): Finding {
  if (!rows[0]?.sealed_at)
    return { state: 'note', text: 'the next start encrypts the secrets in the database' }
  let found: FoundKey | undefined
  try {
    found = findSecretKey(config, rows)
  } catch (error) {
    if (error instanceof ConfigError || error instanceof WrongKeyFile)
      return { state: 'bad', text: error.message }
    throw error
  }
  const source = found?.source === 'setting' ? 'NDOTO_SECRET_KEY' : join(config.dataDir, keyFile)
  return {
    state: 'good',
    text: `the secrets in the database are encrypted with the key in ${source}`,
    advice:
      'keep a copy of the key in a safe place: backups do not contain it, and cannot be restored without it',
  }
}
