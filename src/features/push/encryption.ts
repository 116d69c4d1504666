import { createCipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto'

/*
 * Encrypts a push message for one browser, so that the push service cannot read it: RFC 8291, with the coding aes128gcm of
 * RFC 8188 in a single record.
 */

/** What a browser has created for its subscription, in base64url: its public key, and a secret. */
export interface BrowserKeys {
  p256dh: string
  auth: string
}

/** The longest message in bytes: push services accept 4096, and the header and padding take 103. */
export const longestMessage = 3993

const curve = 'prime256v1'
const recordSize = 4096
// The only record is the last one.
const delimiter = Buffer.from([2])
const publicKeyLength = 65
const secretLength = 16

/** Whether a text is a public key in base64url: an uncompressed point of the curve P-256. */
export function isPublicKey(text: string): boolean {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length !== publicKeyLength || bytes[0] !== 4) return false
  try {
    // Throws if the point is not on the curve.
    const own = createECDH(curve)
    own.generateKeys()
    return own.computeSecret(bytes).length > 0
  } catch {
    return false
  }
}

/** Whether a text is the secret of a subscription in base64url. */
export function isSubscriptionSecret(text: string): boolean {
  return Buffer.from(text, 'base64url').length === secretLength
}

/** What is chosen for each message. Only a test chooses it itself. */
interface Choice {
  privateKey: Buffer
  salt: Buffer
}

/** Encrypts a message of at most `longestMessage` bytes. Returns the body of the request to the push service. */
export function encrypt(message: string, { p256dh, auth }: BrowserKeys, choice?: Choice): Buffer {
  const ecdh = createECDH(curve)
  if (choice) ecdh.setPrivateKey(choice.privateKey)
  else ecdh.generateKeys()
  const salt = choice?.salt ?? randomBytes(16)
  const theirs = Buffer.from(p256dh, 'base64url')
  const ours = ecdh.getPublicKey()
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), theirs, ours])
  const input = derive(ecdh.computeSecret(theirs), Buffer.from(auth, 'base64url'), info, 32)
  const key = derive(input, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16)
  const nonce = derive(input, salt, Buffer.from('Content-Encoding: nonce\0'), 12)
  const cipher = createCipheriv('aes-128-gcm', key, nonce)
  const size = Buffer.alloc(4)
  size.writeUInt32BE(recordSize)
  return Buffer.concat([
    salt,
    size,
    Buffer.from([ours.length]),
    ours,
    cipher.update(message, 'utf8'),
    cipher.update(delimiter),
    cipher.final(),
    cipher.getAuthTag(),
  ])
}

function derive(secret: Buffer, salt: Buffer, info: Buffer, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, info, length))
}
