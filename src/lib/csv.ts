import { isUtf8 } from 'node:buffer'

/** A record of a CSV file. `line` is the one it starts on, from 1; `fault` says what is wrong with it. */
export interface CsvRecord {
  line: number
  fields: string[]
  fault?: string
  /** From where the next record can be read; undefined if nothing after it can. */
  next: CsvPlace | undefined
}

/** The beginning of a record: its line, from 1, and the bytes before it. */
export interface CsvPlace {
  line: number
  position: number
}

// Bytes of one record: a quote that is never closed must not fill the memory.
const maxBytes = 4 * 1024 * 1024
// As latin1.
const byteOrderMark = 'ï»¿'

/**
 * Yields the records of a CSV file (RFC 4180) in UTF-8, with or without a byte order mark. Skips blank lines. A record
 * that is not valid has a `fault`; if its quote is never closed, it is the last one. `from` is where `chunks` begin.
 */
export async function* readCsv(
  chunks: AsyncIterable<Buffer>,
  from: CsvPlace = { line: 1, position: 0 },
): AsyncGenerator<CsvRecord> {
  let state: 'start' | 'plain' | 'quoted' | 'closed' = 'start'
  let { line, position } = from
  let size = 0
  let field = ''
  let record: CsvRecord = { line, fields: [], next: undefined }
  const endField = () => {
    const text = Buffer.from(field, 'latin1')
    if (!isUtf8(text)) record.fault ??= 'is not valid UTF-8'
    record.fields.push(text.toString('utf8'))
    field = ''
    state = 'start'
  }
  const take = () => {
    if (state !== 'closed' && field.endsWith('\r')) field = field.slice(0, -1)
    endField()
    const taken = { ...record, next: { line, position } }
    record = { line, fields: [], next: undefined }
    size = 0
    return taken
  }
  for await (const chunk of chunks) {
    // Parsed as bytes: a character can be split between two chunks, and all separators are ASCII.
    for (const [sign] of chunk.toString('latin1').matchAll(/[^",\r\n]+|[",\r\n]/g)) {
      size += sign.length
      position += sign.length
      if (sign === '\n') line += 1
      if (state === 'quoted') {
        if (sign === '"') state = 'closed'
        else field += sign
        if (size > maxBytes) return yield { ...record, fault: 'has a quote that is not closed' }
      } else if (sign === '\n') {
        const taken = take()
        if (!isBlank(taken)) yield taken
      } else if (sign === ',') endField()
      else if (sign === '"' && state === 'closed') {
        field += sign
        state = 'quoted'
      } else if (sign === '"' && (state === 'start' || (field === byteOrderMark && record.line === 1))) {
        field = ''
        state = 'quoted'
      } else if (state === 'closed') {
        if (sign !== '\r') record.fault ??= 'has text after a closing quote'
      } else {
        if (sign === '"') record.fault ??= 'has a quote inside a field that is not quoted'
        if (size <= maxBytes) field += sign
        else record.fault ??= 'is too long'
        state = 'plain'
      }
    }
  }
  if ((state as string) === 'quoted') record.fault = 'has a quote that is not closed'
  const last = take()
  if (!isBlank(last)) yield last
}

function isBlank({ fields, fault }: CsvRecord): boolean {
  return fields.length === 1 && (fields[0] === '' || fields[0] === '\uFEFF') && fault === undefined
}

/**
 * A field that no spreadsheet runs as a formula: what begins like one (also in full-width signs, which some convert to
 * the others) gets an apostrophe before it, which spreadsheets show as the sign of a text.
 */
export function asSpreadsheetText(field: string): string {
  return /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(field) ? `'${field}` : field
}
