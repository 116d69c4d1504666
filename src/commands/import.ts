import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readConfig } from '../config.ts'
import { mayBeLocked } from '../db/lock.ts'
import { openDatabaseAlongside } from '../db/open.ts'
import { accountExists } from '../features/accounts/service.ts'
import { type Count, Import } from '../features/import-export/service.ts'
import { openFiles } from '../files/open.ts'
import { Refusal } from '../lib/errors.ts'
import { type Command, CommandError } from './command.ts'
import { showProgress } from './progress.ts'

// Faults that are printed.
const maxFaults = 1000
// In milliseconds. Longer than the pause after which a waiting server tries again to get the lock of the database.
const pause = 30

export const importCommand: Command = {
  usage: 'import [--account ID] [--inbox ID] [--dry-run] FILE...',
  summary: 'Import contacts and conversations, even while the server runs',
  details: `FILE           contacts as .csv, conversations as .jsonl, or a folder written by ndoto export
--account ID   the account to import into (default: 1)
--inbox ID     the inbox to import into, instead of the inboxes named in the lines
--dry-run      check every line and change nothing

A line with a fault is left out, and the exit code is then 1. Entries that already exist are not changed, so you can
correct the lines and run it again, also after an interruption. docs/import.md explains the formats.`,
  options: { account: { type: 'string' }, inbox: { type: 'string' }, 'dry-run': { type: 'boolean' } },
  async run({ account = '1', inbox, 'dry-run': dryRun }, words) {
    if (words.length === 0) return undefined
    const accountId = idOf('account', account)!
    const inboxId = idOf('inbox', inbox)
    const inputs = words.flatMap(filesOf).sort(contactsFirst)
    const config = readConfig()
    const database = await openDatabaseAlongside(config)
    try {
      if (!(await accountExists(database.read, accountId)))
        throw new CommandError(`--account: account ${accountId} does not exist.`)
      // Between two transactions, so that a server on the same SQLite file can write, too.
      const hasServer = !config.databaseUrl && mayBeLocked(config.dataDir)
      const rest = () => (hasServer ? sleep(pause) : Promise.resolve())
      const start = performance.now()
      const showBytes = showProgress('bytes')
      let faults = 0
      const files = openFiles(config)
      const { maxFileSize } = config
      const target = { database, accountId, inboxId, dryRun: dryRun === true, rest, files, maxFileSize }
      const work = await Import.into(target, {
        progress(done, all, lines) {
          const perSecond = Math.round(lines / ((performance.now() - start) / 1000))
          showBytes(done, all, `, ${perSecond.toLocaleString('en')} lines a second`)
        },
        fault(file, { line, sentence }) {
          faults += 1
          if (faults <= maxFaults) process.stderr.write(`${file}:${line}: ${sentence}\n`)
          if (faults === maxFaults) process.stderr.write('Further faults are counted but not shown.\n')
        },
      })
      for (const { file, kind } of inputs) {
        try {
          await work[kind](file)
        } catch (error) {
          if (error instanceof Refusal && error.reason === 'invalid')
            throw new CommandError(`${file}: ${error.message}`)
          throw error
        }
      }
      process.stdout.write(`${summary(work.counts, dryRun === true, (performance.now() - start) / 1000)}\n`)
      return faults === 0 ? 0 : 1
    } catch (error) {
      if (error instanceof Refusal && error.reason === 'invalid') throw new CommandError(error.message)
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
  kind: 'contacts' | 'conversations'
}

function filesOf(file: string): Input[] {
  if (!existsSync(file)) throw new CommandError(`${file} does not exist.`)
  if (statSync(file).isDirectory()) {
    return ['contacts.csv', 'conversations.jsonl'].flatMap((name) => filesOf(join(file, name)))
  }
  if (file.endsWith('.csv')) return [{ file, kind: 'contacts' }]
  if (file.endsWith('.jsonl')) return [{ file, kind: 'conversations' }]
  throw new CommandError(`${file} must end with .csv (contacts) or .jsonl (conversations).`)
}

/** Sorts contacts before conversations, which refer to them. */
function contactsFirst(one: Input, other: Input): number {
  return Number(one.kind === 'conversations') - Number(other.kind === 'conversations')
}

function summary(counts: Record<string, Count>, dryRun: boolean, seconds: number): string {
  const all = Object.entries(counts).map(([kind, { stored, known, leftOut }]) => {
    const [added, existing, faulty] = [stored, known, leftOut].map((count) => count.toLocaleString('en'))
    return `${kind}: ${added} ${dryRun ? 'new' : 'stored'}, ${existing} there already, ${faulty} left out`
  })
  return `${all.join('\n')}\n${dryRun ? 'Nothing was changed' : 'Done'} in ${seconds.toFixed(1)} s.`
}
