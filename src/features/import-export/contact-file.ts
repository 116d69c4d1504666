import { parseStorable } from '../../http/body.ts'
import { asSpreadsheetText, csvLine, readCsv } from '../../lib/csv.ts'
import { Refusal } from '../../lib/errors.ts'
import { checker, isStorable, storableRule } from '../../lib/validate.ts'
import { type Fault, sentenceOf } from './run.ts'
import { contactColumns, ImportedContact } from './schema.ts'

/** A line of a file of contacts. */
export type ContactLine = { line: number; contact: ImportedContact } | Fault

const check = checker(ImportedContact)
const attribute = 'custom_attributes.'
const known = new Set<string>(['source_id', ...contactColumns])

/** The contacts of a CSV file. Throws `invalid` where its first line does not name columns that contacts have. */
export async function* readContacts(chunks: AsyncIterable<Buffer>): AsyncGenerator<ContactLine> {
  let columns: string[] | undefined
  for await (const { line, fields, fault } of readCsv(chunks)) {
    if (fault) yield { line, sentence: fault }
    else if (!columns) columns = columnsOf(fields)
    else yield contactOf(line, columns, fields)
  }
}

function columnsOf(fields: string[]): string[] {
  const columns = fields.map((name) => name.replace(/^\uFEFF/, '').trim())
  const unknown = columns.filter((name) => !known.has(name) && !/^custom_attributes\../.test(name))
  if (unknown.length > 0) {
    const all = ['source_id', ...contactColumns, `${attribute}NAME`].join(', ')
    throw new Refusal(
      'invalid',
      `Its first line names what contacts do not have: ${unknown.join(', ')}. They have ${all}.`,
    )
  }
  const twice = columns.find((name, index) => columns.indexOf(name) !== index)
  if (twice) throw new Refusal('invalid', `Its first line names ${twice} twice.`)
  return columns
}

function contactOf(line: number, columns: string[], fields: string[]): ContactLine {
  if (fields.length !== columns.length) {
    return { line, sentence: `has ${fields.length} fields, and the first line ${columns.length}` }
  }
  try {
    const contact: Record<string, unknown> = {}
    const attributes: [string, unknown][] = []
    for (const [index, column] of columns.entries()) {
      const text = fields[index]!
      if (text === '') continue
      if (!isStorable(text)) return { line, sentence: `${column} ${storableRule}` }
      if (column.startsWith(attribute)) attributes.push([column.slice(attribute.length), text])
      else contact[column] = cellOf(column, text)
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

const notText = new Set(['blocked', 'created_at', 'last_activity_at', 'custom_attributes', 'contact_inboxes'])

function cellOf(column: string, text: string): unknown {
  return notText.has(column) ? parseStorable(text, column) : text
}

export const contactHeader = csvLine(contactColumns)

/** A contact as a line of CSV; one `forSpreadsheets` cannot be imported unchanged. */
export function contactLine(contact: ImportedContact, forSpreadsheets: boolean): string {
  return csvLine(
    contactColumns.map((column) => {
      const value = contact[column]
      if (value === undefined || value === null) return ''
      const text = notText.has(column) ? JSON.stringify(value) : String(value)
      return forSpreadsheets ? asSpreadsheetText(text) : text
    }),
  )
}
