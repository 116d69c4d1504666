import { argon2, hash, randomBytes, randomInt } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(argon2)

/** 256 random bits as URL-safe text; `prefix` tells people (and secret scanners) what it opens. */
export function randomSecret(prefix: string): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`
}

/** SHA-256 in hex: how tokens are stored. They are 256 random bits, so a slow hash would add nothing. */
export function secretHash(secret: string): string {
  return hash('sha256', secret)
}

/** A password a person can type: four groups of letters and digits that are not mistaken for each other (79 bits). */
export function randomPassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
  const group = () => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('')
  return Array.from({ length: 4 }, group).join('-')
}

// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
const cost = { memory: 19 * 1024, passes: 2, parallelism: 1, tagLength: 32 }

/** argon2id in the PHC string format. */
export async function passwordHash(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const tag = await derive('argon2id', { message: password, nonce, ...cost })
  const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${base64(nonce)}$${base64(tag)}`
}
