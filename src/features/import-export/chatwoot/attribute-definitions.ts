import { systemOf } from '../../../lib/actor.ts'
import { checker } from '../../../lib/validate.ts'
import { attributeTypes, NewCustomAttributeDefinition } from '../../custom-attributes/schema.ts'
import { createDefinition, listDefinitions } from '../../custom-attributes/service.ts'
import type { Move } from './move.ts'
import { refusal } from './refusal.ts'
import { type SourceDefinition, selectDefinitions } from './source-settings.store.ts'

const check = checker(NewCustomAttributeDefinition)
const table = 'custom_attribute_definitions'
const models = ['conversation_attribute', 'contact_attribute'] as const

/**
 * Imports the definitions of custom attributes. A pattern that cannot be used here is left out; a definition that does not
 * fit goes into the file of what is left over. Values of contacts and conversations are not checked with them.
 */
export async function importAttributeDefinitions(move: Move): Promise<void> {
  const { source, database, accountId, isDryRun, report, leftOver } = move
  const actor = systemOf(accountId)
  const keyOf = (one: { attribute_model?: string; attribute_key: string }) =>
    `${one.attribute_model} ${one.attribute_key}`
  const known = new Set((await listDefinitions(database.read, actor)).map(keyOf))
  const rows = await selectDefinitions(source, accountId)
  report.table(table, rows.length)
  for (const row of rows) {
    const definition = definitionOf(row)
    if (known.has(keyOf(definition))) {
      report.count(table, 'known')
      continue
    }
    const errors = check(definition)
    const create = (input: NewCustomAttributeDefinition) =>
      isDryRun ? undefined : refusal(() => createDefinition(database, actor, input))
    let reason = errors[0] ? `${errors[0].field} ${errors[0].message}` : await create(definition)
    if (reason?.startsWith('regex_pattern')) {
      report.remark('custom attribute without its pattern', `${definition.attribute_key}: ${reason}`)
      reason = await create({ ...definition, regex_pattern: null, regex_cue: null })
    }
    if (reason === undefined) report.count(table, 'stored')
    else {
      report.remark('custom attribute definition left out', `${definition.attribute_key}: ${reason}`)
      await leftOver.add(table, row)
    }
  }
}

function definitionOf(row: SourceDefinition): NewCustomAttributeDefinition {
  const values = Array.isArray(row.attribute_values) ? row.attribute_values : []
  const texts = values.map((value) => String(value).trim())
  return {
    attribute_model: models[row.attribute_model ?? 0] ?? ('company_attribute' as never),
    attribute_key: row.attribute_key ?? '',
    attribute_display_name: (row.attribute_display_name || row.attribute_key || '').slice(0, 100),
    attribute_display_type: attributeTypes[row.attribute_display_type ?? 0] ?? 'text',
    attribute_description: row.attribute_description?.slice(0, 1000) || null,
    attribute_values: [...new Set(texts)].filter((text) => text !== ''),
    regex_pattern: row.regex_pattern || null,
    regex_cue: row.regex_cue || null,
  }
}
