import { join } from 'node:path'
import { type Config, ConfigError } from './config.ts'
import type { Database } from './db/database.ts'
import {
  completeSecretKey,
  insertSecretKey,
  resealAll,
  type SecretColumn,
  selectSecretKeys,
} from './db/secret-keys.ts'
import type { SecretKeyRow } from './db/tables.ts'
import { adoptNextKey, createKeyFile, keyFile, nextKeyFile, randomKey, readKeyFile } from './lib/key-file.ts'
import { SecretBox, SecretKey, sealedPrefix } from './lib/secret-box.ts'

/** The settings that lead to the key. */
export type KeyConfig = Pick<Config, 'dataDir' | 'secretKey'>

/**
 * Finds the key of the database's secrets, and returns the box that opens them. The first start creates the key, and
 * encrypts the secrets that are there. Throws a ConfigError if the key is missing or another one.
 */
export async function openSecretBox(
  config: KeyConfig,
  database: Database,
  columns: readonly SecretColumn[],
): Promise<SecretBox> {
  const rows = await selectSecretKeys(database.read)
  const { key, source } = findSecretKey(config, rows) ?? createSecretKey(config.dataDir)
  if (rows.length === 0) {
    await database.transaction(null, async (tx) => {
      const current = await selectSecretKeys(tx)
      if (current.length === 0) await insertSecretKey(tx, key.fingerprint)
      // Another server has been first.
      else assertSameKey(current, key, config)
    })
  }
  if (source === 'next file') adoptNextKey(config.dataDir)
  const box = new SecretBox(key)
  if (!rows[0]?.sealed_at) {
    await resealAll(database, columns, key.id, (text, place) =>
      text.startsWith(sealedPrefix()) ? undefined : box.seal(text, place),
    )
    await database.wipeErased()
    await database.transaction(null, (tx) => completeSecretKey(tx, key.fingerprint))
  }
  return box
}

/** Where a key comes from: the setting, its file, or the file of the next key, if a rotation was interrupted. */
export interface FoundKey {
  key: SecretKey
  source: 'setting' | 'file' | 'next file'
}

/**
 * Finds the key that fits the rows of `secret_keys`. Returns undefined if there is no key yet, neither in the database
 * nor here. Throws a ConfigError that says what to do if the key does not fit. Changes nothing.
 */
export function findSecretKey(config: KeyConfig, rows: readonly SecretKeyRow[]): FoundKey | undefined {
  if (rows.length > 1) {
    throw new ConfigError(
      'The key of the secrets is being changed. Run "ndoto rotate-key" until it has finished.',
    )
  }
  const [row] = rows
  const found = candidates(config)
  if (!row) return found[0]?.source === 'next file' ? undefined : found[0]
  const fitting = found.find(({ key }) => key.fingerprint === row.fingerprint)
  if (!fitting) throw wrongKey(config, found.length > 0)
  return fitting
}

function candidates({ dataDir, secretKey }: KeyConfig): FoundKey[] {
  if (secretKey) return [{ key: keyOfSetting(secretKey), source: 'setting' }]
  const key = readKeyFile(dataDir, keyFile)
  const next = readKeyFile(dataDir, nextKeyFile)
  return [
    ...(key ? [{ key, source: 'file' } as const] : []),
    ...(next ? [{ key: next, source: 'next file' } as const] : []),
  ]
}

/** Returns the key of a setting, which `config.ts` has validated. */
export function keyOfSetting(text: string): SecretKey {
  return new SecretKey(Buffer.from(text, 'base64'))
}

/** Writes the key to disk before anything is encrypted with it. */
function createSecretKey(dataDir: string): FoundKey {
  const key = randomKey()
  createKeyFile(dataDir, keyFile, key)
  // If another server has created the file first, its key counts.
  return { key: readKeyFile(dataDir, keyFile)!, source: 'file' }
}

function assertSameKey([row]: SecretKeyRow[], key: SecretKey, config: KeyConfig): void {
  if (row?.fingerprint !== key.fingerprint) throw wrongKey(config, true)
}

function wrongKey({ dataDir, secretKey }: KeyConfig, isFound: boolean): ConfigError {
  const path = join(dataDir, keyFile)
  if (secretKey) {
    return new ConfigError(`NDOTO_SECRET_KEY is not the key that the secrets in the database are encrypted with. \
Set it to the key of the other servers, or to the one that was set before. If that key is in ${path}, remove the setting.`)
  }
  const problem = isFound
    ? `${path} is not the key that the secrets in the database are encrypted with.`
    : `The secrets in the database are encrypted, but ${path}, which should contain their key, does not exist.`
  return new ConfigError(`${problem} Copy ${keyFile} from another server or from your copy to ${dataDir}, or set \
NDOTO_SECRET_KEY to the key.`)
}
