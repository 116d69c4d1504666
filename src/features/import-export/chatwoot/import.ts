import type { Database } from '../../../db/database.ts'
import { GrowingStatistics } from '../../../db/growing-statistics.ts'
import type { Files } from '../../../files/open.ts'
import { Refusal } from '../../../lib/errors.ts'
import { accountExists, adoptAccount } from '../../accounts/service.ts'
import { FileWriter } from '../file-writer.ts'
import { importAttributeDefinitions } from './attribute-definitions.ts'
import { importBots } from './bots.ts'
import { ChatwootDatabase } from './chatwoot.store.ts'
import { importCompanies } from './companies.ts'
import { importContactInboxes } from './contact-inboxes.ts'
import { importContacts } from './contacts.ts'
import { importConversations } from './conversations.ts'
import { openChatwootFiles } from './files.ts'
import { Inboxes } from './inboxes.ts'
import { Labels } from './labels.ts'
import { LeftOverFile } from './left-over-file.ts'
import { importMessages } from './messages.ts'
import { idsOf, type Move } from './move.ts'
import { importNotes } from './notes.ts'
import { importParticipants } from './participants.ts'
import { People } from './people.ts'
import { Report } from './report.ts'
import { sizeOf } from './source-content.store.ts'
import { countOthers, keptPages, keptTableNames } from './source-rest.store.ts'
import { findAccount } from './source-settings.store.ts'
import { importTeams } from './teams.ts'
import { importTools } from './tools.ts'
import { importViews } from './views.ts'

/** What to import from Chatwoot, and how. */
export interface ChatwootImportOptions {
  /** The URL of its database. */
  from: string
  accountId: number
  /** Whether no server can be using the database, because it is new. */
  isAlone: boolean
  /** The folder of its files, or their bucket; undefined to leave them out. */
  filesOf: string | undefined
  /** Only conversations with activity since then, in milliseconds; null for all. */
  since: number | null
  isDryRun: boolean
  /** Whether to connect e-mail inboxes to their servers: only if Chatwoot no longer fetches their mails. */
  connectsMail: boolean
  /** The path of the file for what is left over, which must not exist. */
  leftOverPath: string
  files: Files
  maxFileSize: number
  allowPrivate: boolean
  /** The names of the events that webhooks can subscribe to. */
  events: readonly string[]
  rest(): Promise<void>
  /** Gets the number of rows read, and of all rows of the large tables. */
  progress(done: number, all: number): void
}

// Rows that are fetched, and stored in one transaction. A running server has to wait for it. Larger ones save nothing, and
// their messages may not fit into memory.
const pageSizes = { alone: 2000, besideServer: 500 }

const largeTables = ['contacts', 'contact_inboxes', 'conversations', 'messages'] as const

/**
 * Imports an account of Chatwoot from its database, which is only read. An interrupted import continues when it is run
 * again; so does one after which Chatwoot was used: it imports what is new or has changed. Throws `invalid` if the
 * database cannot be used, or has no such account.
 */
export async function importFromChatwoot(
  database: Database,
  options: ChatwootImportOptions,
): Promise<Report> {
  const source = await ChatwootDatabase.open(
    options.from,
    options.isAlone ? pageSizes.alone : pageSizes.besideServer,
  )
  try {
    const report = new Report()
    await openAccount(source, database, options)
    await FileWriter.create(options.leftOverPath, async (writer) => {
      await run(source, database, options, report, new LeftOverFile(writer))
    })
    return report
  } finally {
    await source.close()
  }
}

async function openAccount(
  source: ChatwootDatabase,
  database: Database,
  { accountId, isDryRun }: ChatwootImportOptions,
): Promise<void> {
  const account = await findAccount(source, accountId)
  if (!account) throw new Refusal('invalid', `--account: Chatwoot has no account ${accountId}.`)
  if (isDryRun || (await accountExists(database.read, accountId))) return
  const { id, name, created_at } = account
  await database.transaction(null, (tx) => adoptAccount(tx, { id, name, created_at }))
}

async function run(
  source: ChatwootDatabase,
  database: Database,
  options: ChatwootImportOptions,
  report: Report,
  leftOver: LeftOverFile,
): Promise<void> {
  const { accountId, isDryRun, filesOf } = options
  let all = 0
  for (const table of largeTables) all += (await sizeOf(source, accountId, table)).rows
  let done = 0
  const people = new People()
  const move: Move = {
    ...{ source, database, accountId, isDryRun, isAlone: options.isAlone, report, leftOver },
    since: options.since,
    connectsMail: options.connectsMail,
    people,
    ids: idsOf(accountId, isDryRun),
    files: options.files,
    maxFileSize: options.maxFileSize,
    chatwootFiles: filesOf === undefined ? undefined : openChatwootFiles(filesOf),
    allowPrivate: options.allowPrivate,
    rest: options.rest,
    progress(rows) {
      done += rows
      options.progress(done, all)
    },
  }
  await people.importMembers(move)
  const inboxes = await Inboxes.import(move)
  const teams = await importTeams(move)
  const labels = await Labels.import(move)
  const bots = await importBots(move, inboxes)
  await importAttributeDefinitions(move)
  await importTools(move, options.events, labels, teams)
  await importViews(move, { inboxes, labels, teams })
  await importCompanies(move)
  await importContacts(withStatistics(move), labels)
  await importNotes(move)
  await importContactInboxes(withStatistics(move), inboxes)
  await importConversations(withStatistics(move), { inboxes, labels, teams, bots })
  await importParticipants(move)
  await importMessages(withStatistics(move), inboxes, bots)
  await keepRest(move)
  // Of what was deleted in Chatwoot since the last run.
  if (!isDryRun) await database.wipeErased()
  if (!isDryRun) await database.gatherStatistics()
  options.progress(all, all)
}

/** Returns a move that gathers statistics while a large table is imported. */
function withStatistics(move: Move): Move {
  if (move.isDryRun) return move
  const statistics = new GrowingStatistics(move.database)
  let rowsSinceRest = 0
  return {
    ...move,
    progress(rows) {
      rowsSinceRest += rows
      move.progress(rows)
    },
    async rest() {
      await move.rest()
      await statistics.count(rowsSinceRest)
      rowsSinceRest = 0
    },
  }
}

/** Writes what Ndoto has no place for to the file of what is left over, and reports the rest. */
async function keepRest({ source, accountId, report, leftOver }: Move): Promise<void> {
  for (const table of keptTableNames(source)) {
    let rows = 0
    for await (const page of keptPages(source, table, accountId)) {
      for (const { row } of page) await leftOver.add(table, JSON.parse(row))
      rows += page.length
    }
    report.leaveOut(`${table} (in the file of what is left over)`, rows)
  }
  for (const { table, rows } of await countOthers(source, accountId)) report.leaveOut(table, rows)
}
