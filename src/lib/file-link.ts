import { createHmac } from 'node:crypto'
import { isSameSecret } from './secrets.ts'

const day = 86_400

/**
 * When a link created now expires, in Unix seconds: in seven to eight days. All links of a day expire together, so that
 * JSON created twice from the same state is the same.
 */
export function linkEnd(now = Date.now()): number {
  return (linkDay(now) + 8) * day
}

/** The day that a link's expiry is based on: links created on different days differ. */
export function linkDay(now = Date.now()): number {
  return Math.floor(now / 1000 / day)
}

/** The URL of a stored file, valid until `expires` (Unix seconds). `part` is `''` or `/thumbnail`. */
export function fileLink(baseUrl: string, secret: string, name: string, part: string, expires = linkEnd()) {
  return `${baseUrl}/files/${name}${part}?expires=${expires}&signature=${sign(secret, name, expires)}`
}

/** Whether the signature of a link was created with `secret` (hex). Does not check whether the link has expired. */
export function isValidSignature(secret: string, name: string, expires: number, signature: string): boolean {
  return isSameSecret(signature, sign(secret, name, expires))
}

/** HMAC-SHA256 in hex. On PostgreSQL a function of the database, created by a migration, does the same. */
function sign(secret: string, name: string, expires: number): string {
  return createHmac('sha256', Buffer.from(secret, 'hex')).update(`${name} ${expires}`).digest('hex')
}
