import { invalid } from './errors.ts'

const largest = 64 * 1024

/** JSON text that is the same for the same value, in whatever order its fields come. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
  })
}

/** A client's own object as it is stored; at most 64 KiB of JSON. Throws `invalid`, naming `field`. */
export function attributesText(
  field: string,
  attributes: Record<string, unknown> | null | undefined,
): string {
  const text = JSON.stringify(attributes ?? {})
  if (Buffer.byteLength(text) > largest) throw invalid(field, 'must be at most 64 KiB of JSON')
  return text
}
