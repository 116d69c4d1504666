import { createPrivateKey, sign } from 'node:crypto'
import type { ServerKey } from './key.store.ts'

// Seconds. Push services allow at most a day.
const lifetime = 12 * 3600

/**
 * Returns the header `Authorization` of a request to a push service, which proves who sends it. `contact` is a mailto: or
 * https: URL, at which the service could complain.
 */
export function authorization(endpoint: string, key: ServerKey, contact: string, now: number): string {
  const claims = {
    aud: new URL(endpoint).origin,
    exp: Math.floor(now / 1000) + lifetime,
    sub: contact,
  }
  const unsigned = `${part({ typ: 'JWT', alg: 'ES256' })}.${part(claims)}`
  const signature = sign('sha256', Buffer.from(unsigned), {
    key: createPrivateKey({ key: jwkOf(key), format: 'jwk' }),
    dsaEncoding: 'ieee-p1363',
  })
  return `vapid t=${unsigned}.${signature.toString('base64url')}, k=${key.publicKey}`
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function jwkOf({ publicKey, privateKey }: ServerKey) {
  const point = Buffer.from(publicKey, 'base64url')
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((one) => one.toString('base64url'))
  return { kty: 'EC', crv: 'P-256', x: x!, y: y!, d: privateKey }
}
