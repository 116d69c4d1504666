import { createHmac, randomBytes } from 'node:crypto'

const prefix = 'whsec_'

/** Headers by which a receiver verifies the sender, the integrity and the time of a body. */
export interface SignatureHeaders {
  'webhook-id': string
  'webhook-timestamp': string
  'webhook-signature': string
}

/** Generates a signing secret: `whsec_` and 256 random bits in base64. */
export function signingSecret(): string {
  return prefix + randomBytes(32).toString('base64')
}

/**
 * Signs a body by Standard Webhooks 1.0.0 (symmetric, `v1`): HMAC-SHA256 of `id.timestamp.body`. Each secret adds a
 * signature, so that receivers with the old secret and receivers with the new one can both verify the body. `id` stays
 * the same when an event is sent again; `timestampSeconds` (since 1970) is the time of this attempt. Throws if the body
 * cannot be signed safely; the error does not contain the secret.
 */
export function sign(
  secrets: readonly string[],
  id: string,
  timestampSeconds: number,
  body: string | Uint8Array,
): SignatureHeaders {
  // The parts are joined with full stops: with one in the id, the same signature would be valid for another body.
  if (!/^[\w-]+$/.test(id))
    throw new Error(`the id of a signed body is letters, digits, "_" and "-", not "${id}"`)
  if (!Number.isSafeInteger(timestampSeconds))
    throw new Error('the time of a signature must be in whole seconds')
  if (secrets.length === 0) throw new Error('a signature needs at least one secret')
  const signature = (secret: string) =>
    createHmac('sha256', keyOf(secret)).update(`${id}.${timestampSeconds}.`).update(body).digest('base64')
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': secrets.map((secret) => `v1,${signature(secret)}`).join(' '),
  }
}

function keyOf(secret: string): Buffer {
  const key = Buffer.from(secret.startsWith(prefix) ? secret.slice(prefix.length) : '', 'base64')
  // The limits of the standard. Decoding skips invalid base64, so the key could be empty, and anyone could forge that.
  if (key.length < 24 || key.length > 64) {
    throw new Error(`a signing secret must be ${prefix} and 24 to 64 bytes in base64`)
  }
  return key
}
