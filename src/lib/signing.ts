import { createHmac, randomBytes } from 'node:crypto'

const prefix = 'whsec_'

/** What proves to a receiver that a body is ours, is whole and is of now. */
export interface SignatureHeaders {
  'webhook-id': string
  'webhook-timestamp': string
  'webhook-signature': string
}

/** A new key to sign with: `whsec_` and the base64 of 256 random bits. */
export function signingSecret(): string {
  return prefix + randomBytes(32).toString('base64')
}

/**
 * Signs a body as Standard Webhooks 1.0.0 does (symmetric, `v1`): HMAC-SHA256 of `id.timestamp.body`. Each secret adds
 * a signature, so that a receiver who still has the old one and a receiver who has the new one both find theirs.
 * `id` stays the same when an event is sent again; `timestampSeconds` (since 1970) is that of this attempt.
 * Throws on what cannot be signed safely, without repeating the secret.
 */
export function sign(
  secrets: readonly string[],
  id: string,
  timestampSeconds: number,
  body: string | Uint8Array,
): SignatureHeaders {
  // The three parts are joined with full stops: another one in front would let a signature stand for another body.
  if (!/^[\w-]+$/.test(id)) throw new Error(`"${id}" cannot be the id of a signed body`)
  if (!Number.isSafeInteger(timestampSeconds)) throw new Error('the time of a signature is in whole seconds')
  if (secrets.length === 0) throw new Error('there is no secret to sign with')
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
  // The bounds of the standard. Decoding passes over what is not base64, and anyone can sign with an empty key.
  if (key.length < 24 || key.length > 64) {
    throw new Error(`a signing secret is ${prefix} and the base64 of 24 to 64 bytes`)
  }
  return key
}
