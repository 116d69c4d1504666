import type { FieldError } from './errors.ts'

/** The part of a JSON schema that limits sizes. */
interface Sizes {
  maxLength?: number
  maxItems?: number
  maxProperties?: number
  items?: Sizes
  properties?: Record<string, Sizes>
}

/**
 * Returns the first string, list or object in `value` that is larger than `schema` allows, as an error. The inside of a
 * container of the wrong size is not examined, so the cost is bounded by the limits of the schema.
 */
export function findOversized(schema: Sizes, value: unknown, field = ''): FieldError | undefined {
  if (typeof value === 'string') return excess(field, codePoints(value), schema.maxLength, 'character')
  if (Array.isArray(value)) {
    return excess(field, value.length, schema.maxItems, 'item') ?? oversizedItem(schema.items, value, field)
  }
  if (typeof value !== 'object' || value === null) return undefined
  const object = value as Record<string, unknown>
  return (
    excess(field, Object.keys(object).length, schema.maxProperties, 'field') ??
    oversizedProperty(schema.properties, object, field)
  )
}

function oversizedItem(items: Sizes | undefined, list: unknown[], field: string): FieldError | undefined {
  if (!items) return undefined
  for (const [index, item] of list.entries()) {
    const error = findOversized(items, item, `${field}[${index}]`)
    if (error) return error
  }
  return undefined
}

function oversizedProperty(
  properties: Record<string, Sizes> = {},
  object: Record<string, unknown>,
  field: string,
): FieldError | undefined {
  for (const [name, schema] of Object.entries(properties)) {
    if (!Object.hasOwn(object, name)) continue
    const error = findOversized(schema, object[name], field ? `${field}.${name}` : name)
    if (error) return error
  }
  return undefined
}

function excess(field: string, size: number, limit: number | undefined, unit: string) {
  return limit !== undefined && size > limit ? { field, message: atMost(limit, unit) } : undefined
}

/** JSON Schema counts code points, not UTF-16 units. */
function codePoints(text: string): number {
  let pairs = 0
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xfc00) === 0xdc00) pairs++
  return text.length - pairs
}

/** The error message for a size above `limit`. */
export function atMost(limit: number, unit: string): string {
  return `must have at most ${limit} ${unit}${limit === 1 ? '' : 's'}`
}
