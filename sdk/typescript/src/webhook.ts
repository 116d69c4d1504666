import type { WebhookEvent } from './api.ts'

/** A request that is not one of the server, or too old. Respond with 400. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError'
}

/** A request whose signature is right. */
export interface VerifiedWebhook {
  /** The same for each attempt to deliver this event: remember the ones that you have handled. */
  id: string
  /** When this attempt was made. */
  sentAt: Date
  event: WebhookEvent
}

export interface WebhookOptions {
  /** Seconds that the request may be old, or ahead of the clock of this machine; by default 300. */
  tolerance?: number
}

type HeaderSource = Headers | Record<string, string | readonly string[] | undefined>

/**
 * Verifies a request to a webhook, and returns its event. `body` is the body exactly as it arrived. After a rotation of the
 * secret, both secrets can be passed. Throws WebhookError.
 */
export async function verifyWebhook(
  body: string | Uint8Array<ArrayBuffer>,
  headers: HeaderSource,
  secret: string | readonly string[],
  { tolerance = 300 }: WebhookOptions = {},
): Promise<VerifiedWebhook> {
  const id = headerOf(headers, 'webhook-id')
  const timestamp = headerOf(headers, 'webhook-timestamp')
  const signatures = headerOf(headers, 'webhook-signature').split(' ').flatMap(bytesOfSignature)
  const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN
  // Also if it is not a number.
  if (!(Math.abs(Date.now() / 1000 - seconds) <= tolerance))
    throw new WebhookError(`The request is older than ${tolerance} seconds, or its time is wrong.`)
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  const content = await new Blob([`${id}.${timestamp}.`, bytes]).arrayBuffer()
  const keys = await Promise.all([secret].flat().map(keyOf))
  // All pairs, each compared by WebCrypto in constant time.
  const pairs = keys.flatMap((key) => signatures.map((signature) => ({ key, signature })))
  const results = await Promise.all(
    pairs.map(({ key, signature }) => crypto.subtle.verify('HMAC', key, signature, content)),
  )
  if (!results.includes(true)) throw new WebhookError('No signature of the request is right.')
  const event = JSON.parse(new TextDecoder().decode(bytes)) as WebhookEvent
  return { id, sentAt: new Date(seconds * 1000), event }
}

function headerOf(headers: HeaderSource, name: string): string {
  const value = headers instanceof Headers ? headers.get(name) : headers[name]
  if (typeof value !== 'string') throw new WebhookError(`The request has no header ${name}.`)
  return value
}

/** None for a signature of a version that is not known. */
function bytesOfSignature(text: string): Uint8Array<ArrayBuffer>[] {
  const [, encoded] = /^v1,([A-Za-z0-9+/]{43}=)$/.exec(text) ?? []
  return encoded ? [bytesOf(encoded)] : []
}

function keyOf(secret: string): Promise<CryptoKey> {
  const [, encoded] = /^(?:whsec_)?([A-Za-z0-9+/]{16,}={0,2})$/.exec(secret) ?? []
  if (!encoded) throw new TypeError('The secret of a webhook begins with "whsec_", followed by base64.')
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  return crypto.subtle.importKey('raw', bytesOf(encoded), algorithm, false, ['verify'])
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}
