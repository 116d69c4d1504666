import type { FieldError } from './errors.ts'

/** The part of a JSON schema that limits sizes, at every level. */
interface SizeLimits {
  maxLength?: number
  maxItems?: number
  maxProperties?: number
  items?: SizeLimits
  properties?: Record<string, SizeLimits>
}

/**
 * Returns an error for the first string, list or object in `value` that is larger than `schema` allows. The contents
 * of an oversized list or object are not examined, so the limits in the schema bound the cost.
 */
export function findOversized(schema: SizeLimits, value: unknown, field = ''): FieldError | undefined {
  if (typeof value === 'string')
    return sizeError(field, countCodePoints(value), schema.maxLength, 'character')
  if (Array.isArray(value)) {
    return (
      sizeError(field, value.length, schema.maxItems, 'item') ?? findOversizedItem(schema.items, value, field)
    )
  }
  if (typeof value !== 'object' || value === null) return undefined
  const object = value as Record<string, unknown>
  return (
    sizeError(field, Object.keys(object).length, schema.maxProperties, 'field') ??
    findOversizedProperty(schema.properties, object, field)
  )
}

function findOversizedItem(
  items: SizeLimits | undefined,
  list: unknown[],
  field: string,
): FieldError | undefined {
  if (!items) return undefined
  for (const [index, item] of list.entries()) {
    const error = findOversized(items, item, `${field}[${index}]`)
    if (error) return error
  }
  return undefined
}

function findOversizedProperty(
  properties: Record<string, SizeLimits> = {},
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

function sizeError(field: string, size: number, limit: number | undefined, unit: string) {
  if (limit === undefined || size <= limit) return undefined
  const code = unit === 'character' ? 'too_long' : 'too_many_items'
  return { field, message: atMost(limit, unit), code, limit } as const
}

/** `maxLength` counts code points; `text.length` counts UTF-16 code units. */
function countCodePoints(text: string): number {
  let lowSurrogates = 0
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xfc00) === 0xdc00) lowSurrogates++
  return text.length - lowSurrogates
}

/** Returns the error message for a size above `limit`. */
export function atMost(limit: number, unit: string): string {
  return `must have at most ${limit} ${unit}${limit === 1 ? '' : 's'}`
}
