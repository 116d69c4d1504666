import { isDeepStrictEqual } from 'node:util'
import type { Queries } from '../../db/database.ts'
import { type FieldError, invalidFields } from '../../lib/errors.ts'
import type { AttributeModel, CustomAttributeDefinition } from './schema.ts'
import { selectDefinitionsOf } from './store.ts'
import { readValue } from './values.ts'

type Attributes = Record<string, unknown>

/** The definitions of the attributes of contacts or of conversations, by key. */
export type Definitions = ReadonlyMap<string, CustomAttributeDefinition>

/**
 * Returns custom attributes as they are stored: the value of one with a definition has its type, and any other stays as it
 * is. So do values that are in `before`, because programs send all attributes to change one. Null removes an attribute.
 * Throws `invalid` for values that do not fit their definition.
 */
export async function readAttributes<T extends Attributes | null | undefined>(
  queries: Queries,
  accountId: number,
  model: AttributeModel,
  attributes: T,
  before: Attributes = {},
): Promise<T> {
  const keys = Object.keys(attributes ?? {})
  if (keys.length === 0) return attributes
  const found = await selectDefinitionsOf(queries, accountId, model, keys)
  return readWith(new Map(found.map((one) => [one.attribute_key, one])), attributes, before)
}

/** Like `readAttributes`, with definitions that have been read. */
export function readWith<T extends Attributes | null | undefined>(
  definitions: Definitions,
  attributes: T,
  before: Attributes = {},
): T {
  if (!attributes || definitions.size === 0) return attributes
  const errors: FieldError[] = []
  const read = Object.entries(attributes).map(([key, value]) => {
    const definition = definitions.get(key)
    if (!definition || isDeepStrictEqual(value, before[key])) return [key, value]
    const reading = readValue(definition, value)
    if ('value' in reading) return [key, reading.value]
    const code = definition.attribute_display_type === 'list' ? 'not_allowed_value' : 'wrong_format'
    errors.push({ field: `custom_attributes.${key}`, message: reading.rule, code })
    return [key, value]
  })
  if (errors.length > 0) throw invalidFields(errors.slice(0, 20))
  return Object.fromEntries(read) as T
}
