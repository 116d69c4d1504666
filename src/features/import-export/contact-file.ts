import { parseStorable } from '../../http/body.ts'
import { asSpreadsheetText, type CsvPlace, type CsvRecord, readCsv } from '../../lib/csv.ts'
import { Refusal } from '../../lib/errors.ts'
import { csvLine } from '../../lib/text/csv-line.ts'
import { checker, isStorable, storableRule } from '../../lib/validate.ts'
import { type Fault, sentenceOf } from './run.ts'
import { contactColumns, ImportedContact } from './schema.ts'

/** A line of a file of contacts. */
export type ContactLine = { line: number; contact: ImportedContact } | Fault

const check = checker(ImportedContact)
const attributePrefix = 'custom_attributes.'
const knownColumns = new Set<string>(['source_id', ...contactColumns])

/** The contacts of a CSV file. Throws `invalid` if its first line has a column that contacts do not have, or one twice. */
export async function* readContacts(chunks: AsyncIterable<Buffer>): AsyncGenerator<ContactLine> {
  let columns: string[] | undefined
  for await (const { line, fields, fault } of readCsv(chunks)) {
    if (fault) yield { line, sentence: fault }
    else if (!columns) columns = parseHeader(fields)
    else yield parseContact(line, columns, fields)
  }
}

/** Reads the first line of a CSV file of contacts. Throws `invalid` like `readContacts`, and if the line is not valid. */
export async function readContactColumns(
  chunks: AsyncIterable<Buffer>,
): Promise<{ columns: string[]; next: CsvPlace | undefined }> {
  for await (const { fields, fault, next } of readCsv(chunks)) {
    if (fault) throw new Refusal('invalid', `The first line ${fault}.`)
    return { columns: parseHeader(fields), next }
  }
  throw new Refusal('invalid', 'The file is empty.')
}

/** The contacts of a CSV file from one of its lines on, each with the place after it. */
export async function* readContactsFrom(
  chunks: AsyncIterable<Buffer>,
  from: CsvPlace,
  columns: readonly string[],
): AsyncGenerator<ContactLine & Pick<CsvRecord, 'next'>> {
  for await (const { line, fields, fault, next } of readCsv(chunks, from))
    yield { ...(fault ? { line, sentence: fault } : parseContact(line, columns, fields)), next }
}

function parseHeader(fields: string[]): string[] {
  const columns = fields.map((name) => name.replace(/^\uFEFF/, '').trim())
  const unknown = columns.filter((name) => !knownColumns.has(name) && !/^custom_attributes\../.test(name))
  if (unknown.length > 0) {
    const all = ['source_id', ...contactColumns, `${attributePrefix}NAME`].join(', ')
    throw new Refusal(
      'invalid',
      `The first line has unknown columns: ${unknown.join(', ')}. Contacts have ${all}.`,
    )
  }
  const seen = new Set<string>()
  const duplicate = columns.find((name) => seen.size === seen.add(name).size)
  if (duplicate) throw new Refusal('invalid', `The first line contains the column ${duplicate} twice.`)
  return columns
}

function parseContact(line: number, columns: readonly string[], fields: string[]): ContactLine {
  if (fields.length !== columns.length) {
    return { line, sentence: `has ${fields.length} fields, but the first line has ${columns.length}` }
  }
  try {
    const contact: Record<string, unknown> = {}
    const attributes: [string, unknown][] = []
    for (const [index, column] of columns.entries()) {
      const text = fields[index]!
      if (text === '') continue
      if (!isStorable(text)) return { line, sentence: `${column} ${storableRule}` }
      if (column.startsWith(attributePrefix)) attributes.push([column.slice(attributePrefix.length), text])
      else contact[column] = parseCell(column, text)
    }
    if (attributes.length > 0) {
      contact.custom_attributes = {
        ...(contact.custom_attributes as object),
        ...Object.fromEntries(attributes),
      }
    }
    const errors = check(contact)
    if (errors.length > 0) return { line, sentence: sentenceOf(errors) }
    return { line, contact: contact as ImportedContact }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { line, sentence: error.message }
  }
}

const jsonColumns = new Set([
  'blocked',
  'created_at',
  'last_activity_at',
  'custom_attributes',
  'additional_attributes',
  'labels',
  'contact_inboxes',
])

function parseCell(column: string, text: string): unknown {
  return jsonColumns.has(column) ? parseStorable(text, column) : text
}

export const contactHeader = csvLine(contactColumns)

/** A contact as a line of CSV. With `forSpreadsheets` formulas become text, so an import would change the contact. */
export function contactLine(contact: ImportedContact, forSpreadsheets: boolean): string {
  return csvLine(
    contactColumns.map((column) => {
      const value = contact[column]
      if (value === undefined || value === null) return ''
      const text = jsonColumns.has(column) ? JSON.stringify(value) : String(value)
      return forSpreadsheets ? asSpreadsheetText(text) : text
    }),
  )
}
