import { createHmac } from 'node:crypto'
import { Refusal } from '../../lib/errors.ts'
import { isSameSecret } from '../../lib/secrets.ts'
import { isStorable } from '../../lib/validate.ts'
import type { NewClientContact } from './schema.ts'

/** The settings of an inbox that proofs depend on. */
export interface IdentitySettings {
  /** Returns the key of proofs. Called only if there is a proof. */
  hmacToken(): string
  hmac_mandatory: number
}

// Seconds: how far ahead a token may expire, and how far the clocks of two servers may differ.
const maxLifetime = 24 * 3600
const clockSkew = 60

/**
 * The identifier that a person has proven with a token or a hash; the token counts if there are both. Undefined without
 * an identifier, or without a proof if the inbox does not require one. Throws `identity_not_proven` for a wrong or missing proof.
 */
export function provenIdentifier(
  { hmac_mandatory, hmacToken }: IdentitySettings,
  { identifier, identifier_hash, identity_token }: NewClientContact,
): string | undefined {
  if (identity_token) {
    const subject = verifiedSubject(identity_token, hmacToken(), Date.now() / 1000)
    if (!identifier || identifier === subject) return subject
    throw new Refusal('identity_not_proven', 'identity_token must have the given identifier in sub')
  }
  if (!identifier) return undefined
  if (!identifier_hash) {
    if (hmac_mandatory !== 1) return undefined
    const rule = 'this inbox accepts an identifier only with an identity_token or identifier_hash'
    throw new Refusal('identity_not_proven', rule)
  }
  const expected = createHmac('sha256', hmacToken()).update(identifier).digest('hex')
  if (isSameSecret(identifier_hash.toLowerCase(), expected)) return identifier
  throw new Refusal('identity_not_proven', 'identifier_hash is not the HMAC-SHA256 of this identifier')
}

/**
 * The `sub` of a JWT (RFC 7519) that is signed with HS512 under `key` and valid at `now`, in Unix seconds. Not HS256: an
 * `identifier_hash` is HMAC-SHA256 under the same key, so whoever chooses their own identifier could choose the first two
 * parts of a token, and the website would sign it.
 */
function verifiedSubject(token: string, key: string, now: number): string {
  const [header = '', payload = '', signature = '', ...more] = token.split('.')
  const expected = createHmac('sha512', key).update(`${header}.${payload}`).digest('base64url')
  const { alg, crit } = decodePart(header)
  // The token must not choose the algorithm. One with another `alg`, or with an extension in `crit`, is refused.
  const isExpectedType = more.length === 0 && alg === 'HS512' && crit === undefined
  if (!isSameSecret(signature, expected) || !isExpectedType) {
    throw wrongToken('must be a JWT signed with HS512 and the hmac_token of this inbox')
  }
  const { sub, exp, nbf } = decodePart(payload)
  if (typeof sub !== 'string' || sub.trim() === '' || sub.length > 255 || !isStorable(sub)) {
    throw wrongToken('must have the identifier in sub, at most 255 characters')
  }
  if (typeof exp !== 'number' || exp > now + maxLifetime + clockSkew) {
    throw wrongToken('must have an exp in Unix seconds, at most 24 hours ahead')
  }
  if (exp < now - clockSkew) throw wrongToken('has expired')
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= now + clockSkew)) {
    throw wrongToken('is not valid yet')
  }
  return sub
}

function decodePart(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

function wrongToken(rule: string): Refusal {
  return new Refusal('identity_not_proven', `identity_token ${rule}`)
}
