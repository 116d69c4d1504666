import { argon2, hash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { bcryptMatches, isBcrypt } from './bcrypt.ts'

const derive = promisify(argon2)

/** Generates 256 random bits as URL-safe text. People and secret scanners recognize its purpose by `prefix`. */
export function randomSecret(prefix: string): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`
}

/** Whether two secrets are equal. The time does not depend on how much of them is. */
export function isSameSecret(actual: string, expected: string): boolean {
  const [one, other] = [Buffer.from(actual), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}

/** The SHA-256 of a token in hex, as it is stored. A slow hash would add nothing: tokens are 256 random bits. */
export function secretHash(secret: string): string {
  return hash('sha256', secret)
}

/** Generates a password that is easy to type: four groups of unambiguous letters and digits (79 bits). */
export function randomPassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
  const group = () => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('')
  return Array.from({ length: 4 }, group).join('-')
}

// OWASP's recommendation for argon2id: 19 MiB, two passes, one lane.
const cost = { memory: 19 * 1024, passes: 2, parallelism: 1, tagLength: 32 }

/** Hashes a password with argon2id, in the PHC string format. */
export async function passwordHash(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const tag = await derive('argon2id', { message: password, nonce, ...cost })
  const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/(?<!=)=+$/, '')
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${base64(nonce)}$${base64(tag)}`
}

// Matches no password. Compared if there is no user, so that the response takes equally long.
const dummyHash = `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`

/**
 * Whether a password matches a stored hash. Takes equally long if there is no hash, or none that can match; longer with a
 * hash of bcrypt, until it is replaced.
 */
export async function passwordMatches(password: string, stored: string | undefined): Promise<boolean> {
  if (stored !== undefined && isBcrypt(stored)) return bcryptMatches(password, stored)
  const form = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/
  const match = form.exec(stored ?? '')
  const [, memory, passes, parallelism, nonce, tag] = match ?? form.exec(dummyHash)!
  const expected = Buffer.from(tag!, 'base64')
  const actual = await derive('argon2id', {
    message: password,
    nonce: Buffer.from(nonce!, 'base64'),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: expected.length,
  })
  return timingSafeEqual(actual, expected) && match !== null
}
