import { createHmac } from 'node:crypto'
import { Refusal } from '../../lib/errors.ts'
import { isSameSecret } from '../../lib/secrets.ts'
import { isStorable } from '../../lib/validate.ts'
import type { NewClientContact } from './schema.ts'

/** What decides about proofs at an inbox. */
export interface Prover {
  hmac_token: string
  hmac_mandatory: number
}

// Seconds: the longest that a token may last, and how far the clocks of two servers may be apart.
const longestLife = 24 * 3600
const clockSkew = 60

/**
 * The identifier that a person has proven; undefined if they have given none, or none with a proof at an inbox that does
 * not demand one. A token is judged before a hash. Throws `forbidden` for a proof that is wrong or missing.
 */
export function provenIdentifier(
  { hmac_mandatory, hmac_token }: Prover,
  { identifier, identifier_hash, identity_token }: NewClientContact,
): string | undefined {
  if (identity_token) {
    const subject = subjectOf(identity_token, hmac_token, Date.now() / 1000)
    if (!identifier || identifier === subject) return subject
    throw new Refusal('forbidden', 'identity_token is for another identifier than the one given')
  }
  if (!identifier) return undefined
  if (!identifier_hash) {
    if (hmac_mandatory !== 1) return undefined
    const rule = 'this inbox takes an identifier only with its identity_token or identifier_hash'
    throw new Refusal('forbidden', rule)
  }
  const expected = createHmac('sha256', hmac_token).update(identifier).digest('hex')
  if (isSameSecret(identifier_hash.toLowerCase(), expected)) return identifier
  throw new Refusal('forbidden', 'identifier_hash is not that of this identifier')
}

/** The `sub` of a JWT (RFC 7519) that is signed with HS256 under `key` and valid at `now`, in Unix seconds. */
function subjectOf(token: string, key: string, now: number): string {
  const [header = '', payload = '', signature = '', ...more] = token.split('.')
  const expected = createHmac('sha256', key).update(`${header}.${payload}`).digest('base64url')
  const { alg, crit } = decoded(header)
  // `alg` chooses nothing here. A token that names another one, or an extension in `crit`, was not meant for this.
  const isMeant = more.length === 0 && alg === 'HS256' && crit === undefined
  if (!isSameSecret(signature, expected) || !isMeant) {
    throw wrongToken('must be a JWT signed with HS256 and the hmac_token of this inbox')
  }
  const { sub, exp, nbf } = decoded(payload)
  if (typeof sub !== 'string' || sub.trim() === '' || sub.length > 255 || !isStorable(sub)) {
    throw wrongToken('must have the identifier in sub, at most 255 characters')
  }
  if (typeof exp !== 'number' || exp > now + longestLife + clockSkew) {
    throw wrongToken('must have an exp in Unix seconds, at most 24 hours ahead')
  }
  if (exp < now - clockSkew) throw wrongToken('has expired')
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= now + clockSkew)) {
    throw wrongToken('is not valid yet')
  }
  return sub
}

function decoded(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

function wrongToken(rule: string): Refusal {
  return new Refusal('forbidden', `identity_token ${rule}`)
}
