import { invalid } from './errors.ts'

const maxBytes = 64 * 1024

/** Serializes a value as JSON with sorted keys: equal values have the same text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
  })
}

/** Returns those of the named fields that an object has. */
export function pick(object: object, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => names.includes(name)))
}

/** Merges a client's own objects on the first level, as RFC 7396 does: null removes a field. */
export function mergedAttributes(
  before: Record<string, unknown>,
  change: Record<string, unknown> = {},
): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== null))
}

/** Serializes a client's own object for storage. Throws `invalid` for `field` if it is larger than 64 KiB. */
export function attributesText(
  field: string,
  attributes: Record<string, unknown> | null | undefined,
): string {
  const text = JSON.stringify(attributes ?? {})
  if (Buffer.byteLength(text) > maxBytes) throw invalid(field, 'must be at most 64 KiB of JSON', 'too_large')
  return text
}
