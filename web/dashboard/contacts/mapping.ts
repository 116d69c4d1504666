import type { CustomAttributeDefinition } from '../data/api-types.ts'
import type { Table } from './csv.ts'

/** Where the values of a column go: a field, `custom:` and the key of an attribute, or nowhere. */
export type Target = string

export const fieldTargets = ['name', 'email', 'phone_number', 'identifier', 'labels'] as const

const guesses: Record<(typeof fieldTargets)[number], readonly string[]> = {
  name: ['name', 'full name', 'fullname', 'contact', 'customer'],
  email: ['email', 'e-mail', 'mail', 'email address', 'e-mail address'],
  phone_number: ['phone', 'phone number', 'phone_number', 'telephone', 'mobile', 'tel'],
  identifier: ['identifier', 'id', 'customer id', 'customer number', 'external id'],
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
    [attribute_key, attribute_display_name, `custom_attributes.${attribute_key}`].some(
      (name) => name.toLowerCase() === column,
    ),
  )
  return definition ? `custom:${definition.attribute_key}` : ''
}

/** The contacts of a table, as the server takes them. */
export function contactsOf({ rows }: Table, targets: readonly Target[]): { line: number; contact: object }[] {
  return rows.map(({ line, cells }) => ({ line, contact: contactOf(cells, targets) }))
}

function contactOf(cells: readonly string[], targets: readonly Target[]): object {
  const contact: Record<string, unknown> = {}
  const attributes: Record<string, string> = {}
  for (const [index, target] of targets.entries()) {
    const text = cells[index]?.trim() ?? ''
    if (target === '' || text === '') continue
    if (target.startsWith('custom:')) attributes[target.slice('custom:'.length)] = text
    else if (target === 'labels') contact.labels = text.split(/[,;|]/).flatMap((one) => one.trim() || [])
    else if (target === 'phone_number') contact.phone_number = text.replace(/[\s()/.-]/g, '')
    else contact[target] = text
  }
  return Object.keys(attributes).length > 0 ? { ...contact, custom_attributes: attributes } : contact
}
