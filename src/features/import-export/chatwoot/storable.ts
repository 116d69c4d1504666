/** A text as both engines can store it. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '')
}

/** A value of JSON as both engines can store it. */
function storableValue(value: unknown): unknown {
  if (typeof value === 'string') return storable(value)
  if (Array.isArray(value)) return value.map(storableValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [storable(key), storableValue(inner)]),
  )
}

/** An object of JSON as both engines can store it; an empty one instead of anything else. */
export function storableObject(value: unknown): Record<string, unknown> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? (storableValue(value) as Record<string, unknown>) : {}
}
