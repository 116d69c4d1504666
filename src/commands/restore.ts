import { copyFileSync, existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { completeBackups, type Restored, restore } from '../backup/restore.ts'
import { readConfig } from '../config.ts'
import { keyFile } from '../lib/key-file.ts'
import { findSecretKey, type KeyConfig } from '../secret-key.ts'
import { asBackupUrl } from '../setting-formats.ts'
import { assertDirectory, type Command, CommandError } from './command.ts'

export const restoreCommand: Command = {
  usage: 'restore FROM [DIRECTORY] [--at TIME]',
  summary: 'Restore a backup of NDOTO_BACKUP_URL to DIRECTORY, or list the backups',
  details: `FROM is the place of the backups: a file: or s3: URL as in NDOTO_BACKUP_URL, or a directory. DIRECTORY must not exist,
or be empty. It becomes a data directory: stop the server, and start it with DATA_DIR=DIRECTORY. It is written only if
the backup is complete, can be decrypted, and contains an intact database. Without DIRECTORY, the backups are listed.

The key is that of the time of the backup: NDOTO_BACKUP_KEY if it was set, otherwise NDOTO_SECRET_KEY or secret.key in
DATA_DIR.

--at TIME   the newest backup from that time or before, such as 2026-11-29T12:00Z, instead of the newest one`,
  options: { at: { type: 'string' } },
  async run({ at }, [from, directory, ...rest]) {
    if (!from || rest.length > 0 || (at && !directory)) return undefined
    const url = placeOf(from)
    const time = at === undefined ? undefined : Date.parse(String(at))
    if (Number.isNaN(time)) throw new CommandError(`--at ${at} is not a time such as 2026-11-29T12:00Z.`)
    const config = readConfig()
    if (!directory) return list(await completeBackups(url, config.dataDir), from)
    const target = resolve(directory)
    assertDirectory(dirname(target))
    return describe(await restore(url, target, config, time), target, config)
  },
}

function placeOf(from: string): string {
  if (!/^[a-z0-9+]+:\/\//.test(from)) {
    assertDirectory(resolve(from))
    return pathToFileURL(resolve(from)).href
  }
  const url = asBackupUrl(from)
  // Without the text, which can contain a key.
  if (!url)
    throw new CommandError(
      'FROM must be a directory, file:///DIRECTORY or s3://KEY:SECRET@HOST/BUCKET/FOLDER.',
    )
  return url
}

function list(names: string[], from: string): string {
  if (names.length === 0)
    throw new CommandError(`There is no complete backup in ${from.replace(/^([^/]*\/\/).*@/, '$1')}.`)
  return names.join('\n')
}

/** The secret key is copied if it is here, because no server starts without it. */
function describe(
  { name, files, missing, secretKeys }: Restored,
  directory: string,
  config: KeyConfig,
): string {
  const source = join(config.dataDir, keyFile)
  const target = join(directory, keyFile)
  const isHere = !config.secretKey && existsSync(source) && isKeyOf(secretKeys, config)
  if (isHere) copyFileSync(source, target)
  const note = isHere
    ? `${source} was copied to it.`
    : `It needs the secret key from the time of the backup: set NDOTO_SECRET_KEY, or copy it to ${target}.`
  return [
    `${directory}: restored the backup ${name} with ${files} files.`,
    ...(missing > 0 ? [`${missing} files of messages are not in it.`] : []),
    note,
  ].join(' ')
}

function isKeyOf(rows: Restored['secretKeys'], config: KeyConfig): boolean {
  try {
    return findSecretKey(config, rows)?.source === 'file'
  } catch {
    return false
  }
}
