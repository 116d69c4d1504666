import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { Refusal } from './errors.ts'
import { isSameSecret } from './secrets.ts'
import { type HasSlots, Slot } from './slot.ts'

/** Where a secret is stored. A sealed text opens only there. */
export interface SecretPlace {
  table: string
  column: string
  /** The values of the row's primary key. */
  key: readonly (string | number)[]
  /** The path of a field in a JSON column, such as `smtp.password`. */
  field?: string
}

const version = 'sealed:1:'
const form = /^sealed:1:([0-9a-f]{8}):([\w-]+)$/
const nonceLength = 12
const tagLength = 16
/** The length of a key, in bytes. */
export const keyLength = 32

/** Returns how texts begin that are sealed with the key of this id or, without an id, with any key. */
export function sealedPrefix(keyId?: string): string {
  return keyId === undefined ? version : `${version}${keyId}:`
}

/** One key that seals secrets, with AES-256-GCM. */
export class SecretKey {
  /** Identifies the key in public: it is stored in the database, and does not reveal the key. */
  readonly fingerprint: string
  readonly #bytes: Buffer
  readonly #cipherKey: Buffer

  /** `bytes` are 32 random bytes. */
  constructor(bytes: Buffer) {
    const derive = (purpose: string) =>
      Buffer.from(hkdfSync('sha256', bytes, '', `ndoto ${purpose}`, keyLength))
    this.#bytes = bytes
    this.#cipherKey = derive('secrets')
    this.fingerprint = derive('fingerprint').toString('hex')
  }

  /** The short id in the texts that it has sealed. */
  get id(): string {
    return this.fingerprint.slice(0, 8)
  }

  toBase64(): string {
    return this.#bytes.toString('base64')
  }

  seal(text: string, place: SecretPlace): string {
    const nonce = randomBytes(nonceLength)
    const cipher = createCipheriv('aes-256-gcm', this.#cipherKey, nonce, { authTagLength: tagLength })
    cipher.setAAD(placeBytes(place))
    const parts = [nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]
    return sealedPrefix(this.id) + Buffer.concat(parts).toString('base64url')
  }

  /** Opens the content of a sealed text, in base64url. Throws if it was changed, or sealed for another place. */
  open(content: string, place: SecretPlace): string {
    const bytes = Buffer.from(content, 'base64url')
    const decipher = createDecipheriv('aes-256-gcm', this.#cipherKey, bytes.subarray(0, nonceLength), {
      authTagLength: tagLength,
    })
    decipher.setAAD(placeBytes(place))
    decipher.setAuthTag(bytes.subarray(-tagLength))
    return (
      decipher.update(bytes.subarray(nonceLength, -tagLength), undefined, 'utf8') + decipher.final('utf8')
    )
  }

  /** Signs a text for a purpose, such as a link in a mail. */
  sign(purpose: string, text: string): string {
    const key = Buffer.from(hkdfSync('sha256', this.#bytes, '', `ndoto ${purpose}`, keyLength))
    return createHmac('sha256', key).update(text).digest('base64url')
  }
}

function placeBytes({ table, column, key, field }: SecretPlace): Buffer {
  return Buffer.from(JSON.stringify([table, column, key, field ?? null]))
}

/** Describes a place to the operator, such as `webhooks.secret of row 1, 5`. */
export function describePlace({ table, column, key, field }: SecretPlace): string {
  return `${table}.${column}${field ? ` (${field})` : ''} of row ${key.join(', ')}`
}

/** The keys of a server: one that seals, and during a change of the key also the previous one, which only opens. */
export class SecretBox {
  readonly #current: SecretKey
  readonly #previous: SecretKey | undefined

  constructor(current: SecretKey, previous?: SecretKey) {
    this.#current = current
    this.#previous = previous
  }

  seal(text: string, place: SecretPlace): string {
    return this.#current.seal(text, place)
  }

  sign(purpose: string, text: string): string {
    return this.#current.sign(purpose, text)
  }

  /** Whether a text was signed for a purpose with one of the keys. */
  isSigned(purpose: string, text: string, signature: string): boolean {
    const keys = [this.#current, this.#previous].filter((key) => key !== undefined)
    return keys.some((key) => isSameSecret(signature, key.sign(purpose, text)))
  }

  /**
   * Throws a Refusal `unavailable` if the text was changed, or sealed for another place or with another key. A text that
   * is not sealed is refused too: otherwise anybody who can write to the database could replace a secret.
   */
  open(text: string, place: SecretPlace): string {
    const [, id, content] = form.exec(text) ?? []
    const key = [this.#current, this.#previous].find((one) => one?.id === id)
    if (!key)
      throw unreadable(place, id ? `it was encrypted with another key (${id})` : 'it is not encrypted')
    try {
      return key.open(content!, place)
    } catch (error) {
      throw unreadable(place, 'it was changed, or moved from another row', error)
    }
  }
}

function unreadable(place: SecretPlace, reason: string, error?: unknown): Refusal {
  const cause = new Error(`${describePlace(place)} cannot be decrypted: ${reason}`, { cause: error })
  const message = 'a secret that this needs cannot be decrypted: an administrator has to replace it'
  return new Refusal('unavailable', message, { cause })
}

/** Seals and opens secrets. Filled at the start of a server, before anything else uses its database. */
export const secretBox = new Slot<SecretBox>('secret box')

/** Seals a text for its place in the database. null stays null. */
export function sealed<T extends string | null>(queries: HasSlots, text: T, place: SecretPlace): T {
  return (text === null ? null : secretBox.of(queries).seal(text, place)) as T
}

/** Opens a text from its place in the database. Throws a Refusal `unavailable` if that is not possible. */
export function opened(queries: HasSlots, text: string, place: SecretPlace): string {
  return secretBox.of(queries).open(text, place)
}

/** Like `opened`, but returns null if the text is null or cannot be opened. */
export function openedOrNull(queries: HasSlots, text: string | null, place: SecretPlace): string | null {
  try {
    return text === null ? null : opened(queries, text, place)
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}
