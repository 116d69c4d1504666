import { csvLine } from '../../../src/lib/text/csv-line.ts'
import type { CustomAttributeDefinition } from '../data/api-types.ts'
import type { Table } from './csv.ts'

/** The column that the server imports the values of a column as; empty if it does not. */
export type Target = string

export const attributePrefix = 'custom_attributes.'
export const fieldTargets = ['name', 'email', 'phone_number', 'identifier', 'company', 'labels'] as const

const guesses: Record<(typeof fieldTargets)[number], readonly string[]> = {
  name: ['name', 'full name', 'fullname', 'contact', 'customer'],
  email: ['email', 'e-mail', 'mail', 'email address', 'e-mail address'],
  phone_number: ['phone', 'phone number', 'phone_number', 'telephone', 'mobile', 'tel'],
  identifier: ['identifier', 'id', 'customer id', 'customer number', 'external id'],
  company: ['company', 'company name', 'company_name', 'organization', 'organisation'],
  labels: ['labels', 'tags'],
}

/** The likely target of each column, by its name; each target once. */
export function guessTargets(
  columns: readonly string[],
  definitions: readonly CustomAttributeDefinition[],
): Target[] {
  const used = new Set<string>()
  return columns.map((column) => {
    const target = guess(column.toLowerCase(), definitions)
    if (target === '' || used.has(target)) return ''
    used.add(target)
    return target
  })
}

function guess(column: string, definitions: readonly CustomAttributeDefinition[]): Target {
  const field = fieldTargets.find((one) => guesses[one].includes(column))
  if (field) return field
  const definition = definitions.find(({ attribute_key, attribute_display_name }) =>
    [attribute_key, attribute_display_name, `${attributePrefix}${attribute_key}`].some(
      (name) => name.toLowerCase() === column,
    ),
  )
  return definition ? `${attributePrefix}${definition.attribute_key}` : ''
}

/**
 * A table as a CSV file that the server imports: only the columns with a target, under its name. Each row begins on the line
 * that it has in the original file, so that the server names the lines of that one.
 */
export function fileOf({ rows }: Table, targets: readonly Target[]): string {
  const columns = targets.flatMap((target, index) => (target === '' ? [] : [{ target, index }]))
  const parts = [lineOf(columns.map(({ target }) => target))]
  let next = 2
  for (const { line, cells } of rows) {
    const record = lineOf(columns.map(({ target, index }) => cellOf(target, cells[index]?.trim() ?? '')))
    parts.push('\n'.repeat(Math.max(0, line - next)), record)
    next = Math.max(next, line) + record.split('\n').length - 1
  }
  return parts.join('')
}

/** A line that ends like the empty ones between the records. */
function lineOf(cells: readonly string[]): string {
  return csvLine(cells).replace(/\r\n$/, '\n')
}

function cellOf(target: Target, text: string): string {
  if (text === '') return ''
  if (target === 'labels') return JSON.stringify(labelsIn(text))
  return target === 'phone_number' ? text.replace(/[\s()/.-]/g, '') : text
}

/** Reads labels with separators between them, or as an export has them. */
function labelsIn(text: string): string[] {
  try {
    const list: unknown = JSON.parse(text)
    if (Array.isArray(list)) return list.map(String)
  } catch {
    // It is no JSON.
  }
  return text.split(/[,;|]/).flatMap((one) => one.trim() || [])
}
