import { hash } from 'node:crypto'

// Each part grows for itself: to move all keys of a large file at once would hold up everything else.
const partCount = 256
const smallestPart = 16

interface Part {
  /** Hashes of keys, 0 in the places that are free. */
  hashes: Float64Array
  contacts: Float64Array
  size: number
}

/**
 * The contacts that a check would create, by their names: 53 bits of a hash instead of each name, about 35 bytes
 * together with the number of the contact. Among a million names, two have the same hash in one of 18,000 files.
 */
export class PlannedContacts {
  readonly #parts: Part[] = Array.from({ length: partCount }, () => newPart(smallestPart))
  #size = 0

  /** How many names there are. */
  get size(): number {
    return this.#size
  }

  /** Returns the number of the contact with a name. */
  get(key: string): number | undefined {
    const hashed = hashOf(key)
    const part = this.#parts[hashed % partCount]!
    const place = placeOf(part.hashes, hashed)
    return part.hashes[place] === 0 ? undefined : part.contacts[place]
  }

  /** Adds a name, or assigns it to another contact. */
  set(key: string, contact: number): void {
    const hashed = hashOf(key)
    const index = hashed % partCount
    let part = this.#parts[index]!
    let place = placeOf(part.hashes, hashed)
    if (part.hashes[place] === 0) {
      this.#size += 1
      part.size += 1
      if (part.size > 0.7 * part.hashes.length) {
        part = grown(part)
        this.#parts[index] = part
        place = placeOf(part.hashes, hashed)
      }
    }
    part.hashes[place] = hashed
    part.contacts[place] = contact
  }
}

function newPart(length: number): Part {
  return { hashes: new Float64Array(length), contacts: new Float64Array(length), size: 0 }
}

function grown({ hashes, contacts, size }: Part): Part {
  const part = { ...newPart(2 * hashes.length), size }
  for (const [index, hashed] of hashes.entries()) {
    if (hashed === 0) continue
    const place = placeOf(part.hashes, hashed)
    part.hashes[place] = hashed
    part.contacts[place] = contacts[index]!
  }
  return part
}

/** Returns the place of a hash, or the free place for it. */
function placeOf(hashes: Float64Array, hashed: number): number {
  let place = Math.floor(hashed / partCount) % hashes.length
  while (hashes[place] !== 0 && hashes[place] !== hashed) place = (place + 1) % hashes.length
  return place
}

function hashOf(key: string): number {
  const bytes = hash('sha1', key, 'buffer')
  return bytes.readUIntBE(0, 6) * 32 + (bytes[6]! >> 3) || 1
}
