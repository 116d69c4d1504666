import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { secretColumns } from '../app.ts'
import { readConfig } from '../config.ts'
import { openDatabaseAlongside } from '../db/open.ts'
import { accountExists } from '../features/accounts/service.ts'
import { channelList } from '../features/channels/list.ts'
import { createRegistry } from '../features/channels/registry.ts'
import type { Count } from '../features/import-export/run.ts'
import { Import } from '../features/import-export/service.ts'
import { channels } from '../features/inboxes/channels.ts'
import { openFiles } from '../files/open.ts'
import { Refusal } from '../lib/errors.ts'
import { secretBox } from '../lib/secret-box.ts'
import { migrations } from '../migrations.ts'
import { openSecretBox } from '../secret-key.ts'
import { type Command, CommandError } from './command.ts'
import { showProgress } from './progress.ts'
import { restForServer } from './rest.ts'

// A file in the wrong format can have a fault in every line.
const maxPrintedFaults = 1000
export const importCommand: Command = {
  usage: 'import [--account ID] [--inbox ID] [--dry-run] FILE...',
  summary: 'Import contacts, conversations and mails, even while the server runs',
  details: `FILE           contacts as .csv, conversations as .jsonl, mails as .mbox, or a folder written by ndoto export
--account ID   the account to import into (default: 1)
--inbox ID     the inbox to import into, instead of the inbox named in each line; required for mails
--dry-run      check every line and change nothing

Lines with faults are left out, and the exit code is then 1. Entries that already exist are not changed, so you can
run the same import again after correcting lines or after an interruption. docs/import.md explains the formats.`,
  options: { account: { type: 'string' }, inbox: { type: 'string' }, 'dry-run': { type: 'boolean' } },
  async run({ account = '1', inbox, 'dry-run': dryRun }, words) {
    if (words.length === 0) return undefined
    const accountId = idOf('account', account)!
    const inboxId = idOf('inbox', inbox)
    const inputs = words.flatMap(inputsOf).sort(contactsFirst)
    const config = readConfig()
    const database = await openDatabaseAlongside(config, migrations)
    try {
      if (!(await accountExists(database.read, accountId)))
        throw new CommandError(`--account: account ${accountId} does not exist.`)
      const mailFiles = inputs.filter(({ kind }) => kind === 'mails').map(({ file }) => file)
      if (mailFiles.length > 0) {
        if (inboxId === undefined) throw new CommandError('--inbox is required for mails: an e-mail inbox.')
        // The key by which answers to its mails are recognized is a secret of the inbox.
        secretBox.fill(database, await openSecretBox(config, database, secretColumns))
        channels.fill(database, createRegistry(channelList, config))
      }
      const rest = restForServer(config)
      const startedAt = performance.now()
      const showBytes = showProgress('bytes')
      let faultCount = 0
      const files = openFiles(config)
      const { maxFileSize } = config
      const target = { database, accountId, inboxId, dryRun: dryRun === true, rest, files, maxFileSize }
      const importer = await Import.into(target, {
        progress(bytesRead, bytes, count, unit) {
          const perSecond = Math.round(count / ((performance.now() - startedAt) / 1000))
          showBytes(bytesRead, bytes, `, ${perSecond.toLocaleString('en')} ${unit} a second`)
        },
        fault(file, { line, sentence }) {
          faultCount += 1
          if (faultCount <= maxPrintedFaults) process.stderr.write(`${file}:${line}: ${sentence}\n`)
          if (faultCount === maxPrintedFaults)
            process.stderr.write('Further faults are counted but not shown.\n')
        },
      })
      for (const { file, kind } of inputs) {
        if (kind === 'mails') continue
        try {
          await importer[kind](file)
        } catch (error) {
          if (error instanceof Refusal && error.code === 'invalid')
            throw new CommandError(`${file}: ${error.message}`)
          throw error
        }
      }
      if (mailFiles.length > 0) await importer.mails(mailFiles)
      if (dryRun !== true) await database.gatherStatistics()
      process.stdout.write(
        `${summary(importer.counts, dryRun === true, (performance.now() - startedAt) / 1000)}\n`,
      )
      return faultCount === 0 ? 0 : 1
    } catch (error) {
      if (error instanceof Refusal && ['invalid', 'not_found'].includes(error.code))
        throw new CommandError(error.message)
      throw error
    } finally {
      await database.close()
    }
  },
}

/** Parses an option that is an id. Returns undefined if it is missing. Throws a CommandError if it is not an id. */
export function idOf(option: string, text: unknown): number | undefined {
  if (text === undefined) return undefined
  if (!/^[1-9]\d{0,14}$/.test(String(text)))
    throw new CommandError(`--${option} must be a whole number greater than 0.`)
  return Number(text)
}

interface Input {
  file: string
  kind: 'contacts' | 'conversations' | 'mails'
}

function inputsOf(file: string): Input[] {
  if (!existsSync(file)) throw new CommandError(`${file} does not exist.`)
  if (statSync(file).isDirectory()) {
    // Apple Mail exports a folder.
    if (file.endsWith('.mbox')) return mailsIn(join(file, 'mbox'))
    return ['contacts.csv', 'conversations.jsonl'].flatMap((name) => inputsOf(join(file, name)))
  }
  if (file.endsWith('.csv')) return [{ file, kind: 'contacts' }]
  if (file.endsWith('.jsonl')) return [{ file, kind: 'conversations' }]
  if (file.endsWith('.mbox')) return mailsIn(file)
  throw new CommandError(`${file} must end with .csv (contacts), .jsonl (conversations) or .mbox (mails).`)
}

function mailsIn(file: string): Input[] {
  if (!existsSync(file)) throw new CommandError(`${file} does not exist.`)
  return [{ file, kind: 'mails' }]
}

/** Sorts contacts before conversations, which refer to them. */
function contactsFirst(a: Input, b: Input): number {
  return Number(a.kind === 'conversations') - Number(b.kind === 'conversations')
}

function summary(counts: Record<string, Count>, dryRun: boolean, seconds: number): string {
  const lines = Object.entries(counts).map(([kind, { stored, known, leftOut }]) => {
    const [added, existing, skipped] = [stored, known, leftOut].map((count) => count.toLocaleString('en'))
    return `${kind}: ${added} ${dryRun ? 'new' : 'stored'}, ${existing} there already, ${skipped} left out`
  })
  return `${lines.join('\n')}\n${dryRun ? 'Nothing was changed' : 'Done'} in ${seconds.toFixed(1)} s.`
}
