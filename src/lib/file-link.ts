import { createHmac } from 'node:crypto'
import { isSameSecret } from './secrets.ts'

const day = 86_400

/**
 * When a link that is made now ends, in Unix seconds: in seven to eight days. All that are made on one day end together,
 * so that what was made from the same state reads the same.
 */
export function linkEnd(now = Date.now()): number {
  return (linkDay(now) + 8) * day
}

/** Changes when links made from now on differ from those made before. */
export function linkDay(now = Date.now()): number {
  return Math.floor(now / 1000 / day)
}

/** The address under which a stored file can be read until `expires`; `part` is `''` or `/thumbnail`. */
export function fileLink(baseUrl: string, secret: string, name: string, part: string, expires = linkEnd()) {
  return `${baseUrl}/files/${name}${part}?expires=${expires}&signature=${signature(secret, name, expires)}`
}

/** Whether a link was made with `secret` (hex); not whether it has ended. */
export function isSigned(secret: string, name: string, expires: number, shown: string): boolean {
  return isSameSecret(shown, signature(secret, name, expires))
}

/** HMAC-SHA256 in hex; the migrations have the same for PostgreSQL. */
function signature(secret: string, name: string, expires: number): string {
  return createHmac('sha256', Buffer.from(secret, 'hex')).update(`${name} ${expires}`).digest('hex')
}
