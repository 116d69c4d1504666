import { hash } from 'node:crypto'

// Of this program: chosen at random once, so that other programs derive other ids from the same names.
const namespace = Buffer.from('8d3c5f0a6e1b4c7f9a2e5d8b7c4f1e60', 'hex')

/** Returns the UUID of a name: always the same one (version 5, RFC 9562). */
export function nameBasedUuid(name: string): string {
  const hex = hash('sha1', Buffer.concat([namespace, Buffer.from(name)]))
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16)
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, variant + hex.slice(17, 20)]
  // Not concatenated: `isoOfSeconds` tells why.
  return [...parts, hex.slice(20, 32)].join('-')
}

const known = new Map<string, string>()
const mostKnown = 10_000

/** The same, remembered for the names that lists show again and again. Each takes about 200 bytes. */
export function rememberedUuid(name: string): string {
  const before = known.get(name)
  if (before !== undefined) return before
  const uuid = nameBasedUuid(name)
  if (known.size >= mostKnown) known.clear()
  known.set(name, uuid)
  return uuid
}
