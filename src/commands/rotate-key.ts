import { join } from 'node:path'
import { secretColumns } from '../app.ts'
import { readConfig } from '../config.ts'
import { withoutServers } from '../db/without-servers.ts'
import { rotateSecretKey } from '../key-rotation.ts'
import { keyFile, previousKeyFile } from '../lib/key-file.ts'
import { migrations } from '../migrations.ts'
import type { Command } from './command.ts'

export const rotateKeyCommand: Command = {
  usage: 'rotate-key [--lost]',
  summary: 'Encrypt the secrets in the database with a new key. All servers must be stopped',
  details: `--lost   the old key is lost, and with it all secrets: the command lists them, so that you can replace them

Without NDOTO_SECRET_KEY the key is in DATA_DIR/${keyFile}, which then contains the new key. With NDOTO_SECRET_KEY, set
NDOTO_NEW_SECRET_KEY to the new key, and afterwards NDOTO_SECRET_KEY. "openssl rand -base64 32" prints a key.

If it is interrupted, run it again: until it has finished, no server starts. Backups from before need the old key.`,
  options: { lost: { type: 'boolean' } },
  async run({ lost }, words) {
    if (words.length > 0) return undefined
    const config = readConfig()
    const unreadable = await withoutServers(config, migrations, (database) =>
      rotateSecretKey(config, database, secretColumns, lost === true),
    )
    process.stdout.write(`${nextStep(config.secretKey !== undefined, config.dataDir)}\n`)
    if (unreadable.length === 0) return 0
    process.stderr.write(
      `These could not be decrypted and were not changed. Replace them:\n${unreadable.join('\n')}\n`,
    )
    return 1
  },
}

function nextStep(isInSetting: boolean, dataDir: string): string {
  const done = 'The secrets are encrypted with the new key.'
  if (isInSetting) {
    return `${done} Set NDOTO_SECRET_KEY to it on every server, and remove NDOTO_NEW_SECRET_KEY. Keep the old key as long as you keep backups from before.`
  }
  return `${done} It is in ${join(dataDir, keyFile)}: keep a copy of it in a safe place, and copy it to all servers of this database. \
The old key is in ${join(dataDir, previousKeyFile)}. Delete that file when you keep no backups from before.`
}
