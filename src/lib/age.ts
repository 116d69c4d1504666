import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

/*
 * Encrypts and decrypts streams in the format of age (https://age-encryption.org/v1), for one X25519 recipient. Its parts
 * are authenticated one by one, so that a stream needs little memory, and nothing that was changed, moved or cut off is
 * accepted.
 */

/** A stream that cannot be decrypted. `reason` says whether the key is another one. */
export class AgeError extends Error {
  readonly reason: 'key' | 'content'

  constructor(reason: AgeError['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}

const intro = 'age-encryption.org/v1'
const chunkSize = 64 * 1024
const tagSize = 16
const cipher = 'chacha20-poly1305'
// What precedes the 32 bytes of a key in PKCS #8 and in SPKI.
const privatePrefix = Buffer.from('302e020100300506032b656e04220420', 'hex')
const publicPrefix = Buffer.from('302a300506032b656e032100', 'hex')

/** An X25519 key of 32 bytes. */
export class AgeIdentity {
  readonly #bytes: Buffer
  readonly #key: KeyObject
  readonly #recipient: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
    this.#key = createPrivateKey({
      key: Buffer.concat([privatePrefix, bytes]),
      format: 'der',
      type: 'pkcs8',
    })
    this.#recipient = rawPublic(createPublicKey(this.#key))
  }

  /** The line of an identity file for `age --decrypt --identity`. */
  toString(): string {
    return bech32('age-secret-key-', this.#bytes).toUpperCase()
  }

  /** Encrypts a stream. */
  async *encrypt(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const fileKey = randomBytes(16)
    const head = [intro, ...this.#stanza(fileKey), '---'].join('\n')
    const nonce = randomBytes(16)
    yield Buffer.from(`${head} ${base64(headerMac(fileKey, head))}\n`)
    yield nonce
    const key = derive(fileKey, nonce, 'payload')
    let counter = 0
    let pending: Buffer | undefined
    for await (const chunk of chunksOf(source)) {
      if (pending) yield seal(key, counter++, false, pending)
      pending = chunk
    }
    yield seal(key, counter, true, pending ?? Buffer.alloc(0))
  }

  /** Decrypts a stream. Throws AgeError, at the latest at its end: use nothing of it before that. */
  async *decrypt(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const reader = new Reader(source)
    const fileKey = await this.#readHeader(reader)
    const key = derive(fileKey, await reader.read(16), 'payload')
    for (let counter = 0; ; counter++) {
      const sealed = await reader.read(chunkSize + tagSize, true)
      const isLast = await reader.isAtEnd()
      const chunk = open(key, counter, isLast, sealed)
      if (chunk.length > 0) yield chunk
      if (isLast) return
    }
  }

  #stanza(fileKey: Buffer): string[] {
    const ephemeral = generateKeyPairSync('x25519')
    const share = rawPublic(ephemeral.publicKey)
    const shared = diffieHellman({ privateKey: ephemeral.privateKey, publicKey: publicKey(this.#recipient) })
    return [`-> X25519 ${base64(share)}`, base64(sealOnce(this.#wrapKey(shared, share), fileKey))]
  }

  async #readHeader(reader: Reader): Promise<Buffer> {
    const first = await reader.readLine()
    if (first !== intro) throw new AgeError('content', 'This is not a file of age.')
    const [stanza, wrapped, end] = [await reader.readLine(), await reader.readLine(), await reader.readLine()]
    const [, encoded] = /^-> X25519 ([\w+/]{43})$/.exec(stanza) ?? []
    const [, mac] = /^--- ([\w+/]{43})$/.exec(end) ?? []
    if (!encoded || !mac) throw new AgeError('content', 'The header is damaged, or not for one recipient.')
    const share = Buffer.from(encoded, 'base64')
    const shared = diffieHellman({ privateKey: this.#key, publicKey: publicKey(share) })
    const fileKey = openOnce(this.#wrapKey(shared, share), Buffer.from(wrapped, 'base64'))
    const expected = base64(headerMac(fileKey, [first, stanza, wrapped, '---'].join('\n')))
    // Compared as text, because the last character of base64 has bits that say nothing.
    if (!timingSafeEqual(Buffer.from(expected), Buffer.from(mac)))
      throw new AgeError('content', 'The header is damaged.')
    return fileKey
  }

  #wrapKey(shared: Buffer, share: Buffer): Buffer {
    return derive(shared, Buffer.concat([share, this.#recipient]), `${intro}/X25519`)
  }
}

function rawPublic(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(publicPrefix.length)
}

function publicKey(raw: Buffer): KeyObject {
  return createPublicKey({ key: Buffer.concat([publicPrefix, raw]), format: 'der', type: 'spki' })
}

function derive(key: Buffer, salt: Buffer | string, info: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, info, 32))
}

function headerMac(fileKey: Buffer, head: string): Buffer {
  return createHmac('sha256', derive(fileKey, '', 'header'))
    .update(head)
    .digest()
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/(?<!=)=+$/, '')
}

/** The number of the chunk, and whether it is the last one. */
function nonceOf(counter: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUIntBE(counter, 5, 6)
  nonce[11] = isLast ? 1 : 0
  return nonce
}

function seal(key: Buffer, counter: number, isLast: boolean, chunk: Buffer): Buffer {
  return sealWith(key, nonceOf(counter, isLast), chunk)
}

function sealWith(key: Buffer, nonce: Buffer, bytes: Buffer): Buffer {
  const sealing = createCipheriv(cipher, key, nonce, { authTagLength: tagSize })
  return Buffer.concat([sealing.update(bytes), sealing.final(), sealing.getAuthTag()])
}

function open(key: Buffer, counter: number, isLast: boolean, sealed: Buffer): Buffer {
  try {
    return openWith(key, nonceOf(counter, isLast), sealed)
  } catch {
    throw new AgeError('content', 'The content is damaged or cut off.')
  }
}

function openWith(key: Buffer, nonce: Buffer, sealed: Buffer): Buffer {
  const opening = createDecipheriv(cipher, key, nonce, { authTagLength: tagSize })
  opening.setAuthTag(sealed.subarray(-tagSize))
  return Buffer.concat([opening.update(sealed.subarray(0, -tagSize)), opening.final()])
}

function sealOnce(key: Buffer, bytes: Buffer): Buffer {
  return sealWith(key, Buffer.alloc(12), bytes)
}

function openOnce(key: Buffer, sealed: Buffer): Buffer {
  try {
    return openWith(key, Buffer.alloc(12), sealed)
  } catch {
    throw new AgeError('key', 'It was encrypted for another key.')
  }
}

async function* chunksOf(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const reader = new Reader(source)
  while (!(await reader.isAtEnd())) yield await reader.read(chunkSize, true)
}

/** Reads a stream in pieces of any size. */
class Reader {
  readonly #source: AsyncIterator<Buffer>
  #parts: Buffer[] = []
  #length = 0
  #hasEnded = false

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** Reads so many bytes; if `mayBeLess`, fewer at the end. */
  async read(size: number, mayBeLess = false): Promise<Buffer> {
    while (this.#length < size && (await this.#fill()));
    if (this.#length < size && !mayBeLess) throw new AgeError('content', 'The file is cut off.')
    const all = Buffer.concat(this.#parts)
    this.#parts = [all.subarray(size)]
    this.#length = Math.max(0, all.length - size)
    return all.subarray(0, size)
  }

  async readLine(): Promise<string> {
    let line = ''
    // Longer than each line of a header.
    while (line.length < 100) {
      const character = (await this.read(1)).toString('latin1')
      if (character === '\n') return line
      line += character
    }
    throw new AgeError('content', 'The header is damaged.')
  }

  async isAtEnd(): Promise<boolean> {
    while (this.#length === 0 && (await this.#fill()));
    return this.#length === 0
  }

  async #fill(): Promise<boolean> {
    if (this.#hasEnded) return false
    const { done, value } = await this.#source.next()
    if (done) this.#hasEnded = true
    else {
      this.#parts.push(value)
      this.#length += value.length
    }
    return !done
  }
}

const alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'

/** Bech32 (BIP 173), in which age writes its keys. */
function bech32(prefix: string, bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const words = bits.match(/.{1,5}/g)!.map((word) => Number.parseInt(word.padEnd(5, '0'), 2))
  const codes = [...prefix].map((character) => character.charCodeAt(0))
  const expanded = [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)]
  const checked = polymod([...expanded, ...words, 0, 0, 0, 0, 0, 0]) ^ 1
  const checksum = [25, 20, 15, 10, 5, 0].map((shift) => (checked >> shift) & 31)
  return `${prefix}1${[...words, ...checksum].map((word) => alphabet[word]).join('')}`
}

function polymod(values: number[]): number {
  const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]
  return values.reduce((sum, value) => {
    const high = sum >>> 25
    const next = ((sum & 0x1ffffff) << 5) ^ value
    return generators.reduce((all, generator, bit) => all ^ ((high >> bit) & 1 ? generator : 0), next)
  }, 1)
}
