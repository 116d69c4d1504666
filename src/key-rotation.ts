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
import { Refusal } from './lib/errors.ts'
import {
  adoptNextKey,
  createKeyFile,
  keyFile,
  nextKeyFile,
  randomKey,
  readKeyFile,
  removeKeyFile,
} from './lib/key-file.ts'
import { SecretBox, type SecretKey } from './lib/secret-box.ts'
import { keyOfSetting } from './secret-key.ts'

type KeyConfig = Pick<Config, 'dataDir' | 'secretKey' | 'newSecretKey'>

/**
 * Encrypts all secrets with a new key: the one of the settings, or one that it generates in the data directory. It can
 * be interrupted at any point and run again. With `isKeyLost` it needs no old key. Returns descriptions of the secrets
 * that could not be opened, which stay as they are. No server may run on the database. Throws a ConfigError if a key is
 * missing or does not fit.
 */
export async function rotateSecretKey(
  config: KeyConfig,
  database: Database,
  columns: readonly SecretColumn[],
  isKeyLost = false,
): Promise<string[]> {
  const rows = await selectSecretKeys(database.read)
  if (!rows[0]?.sealed_at)
    throw new ConfigError('The secrets are not encrypted yet. Start Ndoto once, then try again.')
  const { current, next, isDone } = chooseKeys(config, rows, isKeyLost)
  if (!config.secretKey) saveNextKey(config.dataDir, next)
  let unreadable: string[] = []
  if (!isDone) {
    if (rows.every(({ fingerprint }) => fingerprint !== next.fingerprint)) {
      await database.transaction(null, (tx) => insertSecretKey(tx, next.fingerprint))
    }
    const box = new SecretBox(next, current)
    unreadable = await resealAll(database, columns, next.id, (text, place) => {
      try {
        return box.seal(box.open(text, place), place)
      } catch (error) {
        if (error instanceof Refusal) return undefined
        throw error
      }
    })
    await database.wipeErased()
    await database.transaction(null, (tx) => completeSecretKey(tx, next.fingerprint))
  }
  if (!config.secretKey) adoptNextKey(config.dataDir)
  return unreadable
}

interface Keys {
  current: SecretKey | undefined
  next: SecretKey
  /** Whether an interrupted run has already encrypted everything with the next key. */
  isDone: boolean
}

function chooseKeys(config: KeyConfig, [old, begun]: readonly SecretKeyRow[], isKeyLost: boolean): Keys {
  const { dataDir, secretKey, newSecretKey } = config
  const current = secretKey ? keyOfSetting(secretKey) : readKeyFile(dataDir, keyFile)
  const savedNext = secretKey ? undefined : readKeyFile(dataDir, nextKeyFile)
  const chosen = newSecretKey ? keyOfSetting(newSecretKey) : savedNext
  if (chosen?.fingerprint === old!.fingerprint && !begun) {
    if (current?.fingerprint !== chosen.fingerprint) return { current, next: chosen, isDone: true }
    throw new ConfigError('NDOTO_NEW_SECRET_KEY is the current key. Set it to another one.')
  }
  if (current?.fingerprint !== old!.fingerprint && !isKeyLost) {
    const source = secretKey ? 'NDOTO_SECRET_KEY' : `${keyFile} in ${dataDir}`
    throw new ConfigError(`${source} must be the key that the secrets are encrypted with now.`)
  }
  if (secretKey && !chosen) {
    throw new ConfigError(
      'Set NDOTO_NEW_SECRET_KEY to the new key, 32 random bytes in base64: openssl rand -base64 32 prints one.',
    )
  }
  if (begun && chosen?.fingerprint !== begun.fingerprint && !isKeyLost) {
    const source = newSecretKey ? 'NDOTO_NEW_SECRET_KEY' : `${nextKeyFile} in ${dataDir}`
    throw new ConfigError(`A rotation to another key was interrupted: ${source} must be that key.`)
  }
  return { current, next: chosen ?? randomKey(), isDone: false }
}

/** Writes the next key to disk before anything is encrypted with it. */
function saveNextKey(dataDir: string, key: SecretKey): void {
  if (readKeyFile(dataDir, nextKeyFile)?.fingerprint === key.fingerprint) return
  // From a run that ended before the database knew its key.
  removeKeyFile(dataDir, nextKeyFile)
  createKeyFile(dataDir, nextKeyFile, key)
}
