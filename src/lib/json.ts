import { invalid } from './errors.ts'

const largest = 64 * 1024

/** A client's own object as it is stored; at most 64 KiB of JSON. Throws `invalid`, naming `field`. */
export function attributesText(
  field: string,
  attributes: Record<string, unknown> | null | undefined,
): string {
  const text = JSON.stringify(attributes ?? {})
  if (Buffer.byteLength(text) > largest) throw invalid(field, 'must be at most 64 KiB of JSON')
  return text
}
