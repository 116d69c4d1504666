import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { Database, Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { checker } from '../../lib/validate.ts'
import { selectCompanyNames } from '../companies/parts.store.ts'
import { type ContactLine, contactHeader, contactLine } from './contact-file.ts'
import { ContactImport } from './contacts.ts'
import { selectContactLabels, selectContacts } from './export.store.ts'
import { exportedContact } from './export-lines.ts'
import { Inboxes, sentenceOf } from './run.ts'
import { type ContactBatch, type ContactBatchResult, ImportedContact } from './schema.ts'

const check = checker(ImportedContact)
// Rows in one query.
const pageSize = 500

/**
 * Stores a batch of contacts in one transaction, or only checks it. A contact that exists, by one of its unique fields, does
 * not change, so a batch can be sent again. A contact with a fault is left out, and the others are stored.
 */
export async function importContacts(
  database: Database,
  { accountId }: Actor,
  { contacts, dry_run: dryRun }: ContactBatch,
): Promise<ContactBatchResult> {
  const inboxes = await Inboxes.of(database.read, accountId, undefined)
  const run = { database, accountId, inboxId: undefined, dryRun, inboxes, rest: async () => {} }
  const { counts, faults } = await new ContactImport(run).batch(contacts.map(toLine))
  const { stored, known } = counts.contacts!
  const refused = faults.map(({ line, sentence }) => ({ index: line, error: sentence }))
  return { stored, known, refused: refused.sort((one, other) => one.index - other.index) }
}

function toLine(contact: Record<string, unknown>, line: number): ContactLine {
  const errors = check(contact)
  return errors.length > 0
    ? { line, sentence: sentenceOf(errors) }
    : { line, contact: contact as ImportedContact }
}

/** All contacts of the account as a stream of CSV, in pages, so that memory use is constant. Formulas become text. */
export function exportContacts(queries: Queries, { accountId }: Actor): Readable {
  return Readable.from(lines(queries, accountId), { objectMode: false })
}

async function* lines(queries: Queries, accountId: number) {
  yield contactHeader
  for (let after = 0; ; ) {
    await setImmediate()
    const rows = await selectContacts(queries, accountId, undefined, after, pageSize)
    const last = rows.at(-1)?.id
    if (last === undefined) return
    const titles = await selectContactLabels(queries, accountId, rows[0]!.id, last)
    const labels = Map.groupBy(titles, ({ contact_id }) => contact_id)
    const companies = await selectCompanyNames(queries, accountId, rows)
    yield rows
      .map((row) => {
        const own = (labels.get(row.id) ?? []).map(({ title }) => title)
        return contactLine(
          exportedContact(row, [], own, companies.get(row.company_id ?? 0)?.name, undefined),
          true,
        )
      })
      .join('')
    after = last
  }
}
