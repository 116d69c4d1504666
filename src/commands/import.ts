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
const mostFaults = 1000
// Longer than a server that waits for its turn looks away, in milliseconds.
const turn = 30

export const importCommand: Command = {
  usage: 'import [--account ID] [--inbox ID] [--dry-run] FILE...',
  summary: 'Bring in contacts and conversations, also while the server runs',
  details: `FILE           contacts as .csv, conversations as .jsonl, or a folder that ndoto export has written
--account ID   the account that it goes into (default: 1)
--inbox ID     the inbox that it goes into, whatever inbox the lines name
--dry-run      check every line and change nothing

A line with a fault is left out, and the exit code is 1 then. Whatever is there already is left as it is, so
mend the lines and run it again, also after an interruption. docs/import.md has the formats.`,
  options: { account: { type: 'string' }, inbox: { type: 'string' }, 'dry-run': { type: 'boolean' } },
  async run({ account = '1', inbox, 'dry-run': dry }, words) {
    if (words.length === 0) return undefined
    const accountId = idOf('account', account)!
    const inboxId = idOf('inbox', inbox)
    const inputs = words.flatMap(filesOf).sort(contactsFirst)
    const config = readConfig()
    const database = await openDatabaseAlongside(config)
    try {
      if (!(await accountExists(database.read, accountId)))
        throw new CommandError(`There is no account ${accountId}.`)
      const isBeside = !config.databaseUrl && mayBeLocked(config.dataDir)
      const rest = () => (isBeside ? sleep(turn) : Promise.resolve())
      const start = performance.now()
      const showBytes = showProgress('bytes')
      let faults = 0
      const files = openFiles(config)
      const { maxFileSize } = config
      const target = { database, accountId, inboxId, dryRun: dry === true, rest, files, maxFileSize }
      const work = await Import.into(target, {
        progress(done, all, lines) {
          const perSecond = Math.round(lines / ((performance.now() - start) / 1000))
          showBytes(done, all, `, ${perSecond.toLocaleString('en')} lines a second`)
        },
        fault(file, { line, sentence }) {
          faults += 1
          if (faults <= mostFaults) process.stderr.write(`${file}:${line}: ${sentence}\n`)
          if (faults === mostFaults) process.stderr.write('Further faults are counted, not shown.\n')
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
      process.stdout.write(`${summary(work.counts, dry === true, (performance.now() - start) / 1000)}\n`)
      return faults === 0 ? 0 : 1
    } catch (error) {
      if (error instanceof Refusal && error.reason === 'invalid') throw new CommandError(error.message)
      throw error
    } finally {
      await database.close()
    }
  },
}

/** The id that an option names; undefined where it is not given. */
export function idOf(option: string, text: unknown): number | undefined {
  if (text === undefined) return undefined
  if (!/^[1-9]\d{0,14}$/.test(String(text)))
    throw new CommandError(`--${option} must be a whole number from 1 on.`)
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
  throw new CommandError(
    `What is in ${file}? A file of contacts is called .csv, one of conversations .jsonl.`,
  )
}

/** Conversations name contacts. */
function contactsFirst(one: Input, other: Input): number {
  return Number(one.kind === 'conversations') - Number(other.kind === 'conversations')
}

function summary(counts: Record<string, Count>, dryRun: boolean, seconds: number): string {
  const all = Object.entries(counts).map(([kind, { stored, known, leftOut }]) => {
    const [new_, there, out] = [stored, known, leftOut].map((count) => count.toLocaleString('en'))
    return `${kind}: ${new_} ${dryRun ? 'new' : 'stored'}, ${there} there already, ${out} left out`
  })
  return `${all.join('\n')}\n${dryRun ? 'Nothing was changed' : 'Done'} in ${seconds.toFixed(1)} s.`
}
