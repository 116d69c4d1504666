import assert from 'node:assert/strict'
import {
  createDecipheriv,
  createECDH,
  createPublicKey,
  type ECDH,
  hkdfSync,
  randomBytes,
  randomUUID,
  verify,
} from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { atEnd, type Scope } from './process.ts'

/** What a browser has after it has subscribed at its push service. */
export interface Browser {
  endpoint: string
  p256dh: string
  auth: string
  /** What has arrived for it, decrypted. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read messages of every shape
  messages: any[]
  /** The requests for it, also those that were refused. */
  requests: { at: number; headers: IncomingMessage['headers'] }[]
}

/** A push service as RFC 8030, 8188, 8291 and 8292 describe it. */
export interface PushService {
  url: string
  /** Subscribes a browser that takes messages of the server with this key alone. */
  subscribe(serverKey: string): Browser
  /** Answers the next requests in its place, one for each function. */
  faults: ((response: ServerResponse) => unknown)[]
  /** What was wrong with requests. */
  complaints: string[]
}

interface Subscription {
  browser: Browser
  serverKey: string
  keys: ECDH
}

/** Starts a push service on this machine. It stops at the end of the test. */
export async function startPushService(scope: Scope): Promise<PushService> {
  const subscriptions = new Map<string, Subscription>()
  const service: PushService = { url: '', subscribe, faults: [], complaints: [] }
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray())
    const subscription = subscriptions.get(request.url!.slice(1))
    subscription?.browser.requests.push({ at: Date.now(), headers: request.headers })
    const fault = service.faults.shift()
    if (fault) return fault(response)
    if (!subscription) return response.writeHead(410).end()
    try {
      assertAllowed(request, subscription, service.url)
      subscription.browser.messages.push(JSON.parse(decrypt(body, subscription)))
      response.writeHead(201, { location: `${service.url}/message/${randomUUID()}` }).end()
    } catch (error) {
      service.complaints.push(String((error as Error).stack))
      response.writeHead(400).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  service.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  atEnd(scope, () => {
    server.closeAllConnections()
    server.close()
  })
  return service

  function subscribe(serverKey: string): Browser {
    const keys = createECDH('prime256v1')
    const id = randomUUID()
    const browser: Browser = {
      endpoint: `${service.url}/${id}`,
      p256dh: keys.generateKeys('base64url'),
      auth: randomBytes(16).toString('base64url'),
      messages: [],
      requests: [],
    }
    subscriptions.set(id, { browser, serverKey, keys })
    return browser
  }
}

function assertAllowed({ method, headers }: IncomingMessage, { serverKey }: Subscription, url: string) {
  assert.equal(method, 'POST')
  assert.match(String(headers.ttl), /^\d+$/)
  assert.match(String(headers.topic), /^[\w-]{1,32}$/)
  assert.match(String(headers.urgency), /^(?:very-low|low|normal|high)$/)
  assert.equal(headers['content-encoding'], 'aes128gcm')
  const [, token, key] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(headers.authorization ?? '') ?? []
  assert.equal(key, serverKey)
  const [header, claims, signature] = token!.split('.')
  const read = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString())
  assert.deepEqual(read(header!), { typ: 'JWT', alg: 'ES256' })
  const { aud, exp, sub } = read(claims!)
  assert.equal(aud, url)
  const left = exp - Date.now() / 1000
  assert.ok(left > 0 && left <= 24 * 3600, `${left} seconds`)
  assert.match(sub, /^(?:https:|mailto:.+@)/)
  const point = Buffer.from(key!, 'base64url')
  const [x, y] = [point.toString('base64url', 1, 33), point.toString('base64url', 33)]
  const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
  const isSigned = verify(
    'sha256',
    Buffer.from(`${header}.${claims}`),
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature!, 'base64url'),
  )
  assert.ok(isSigned, 'the signature is wrong')
}

/** Decrypts as a browser does. */
function decrypt(body: Buffer, { keys, browser: { auth } }: Subscription): string {
  assert.ok(body.length <= 4096, `${body.length} bytes`)
  const salt = body.subarray(0, 16)
  assert.ok(body.readUInt32BE(16) >= body.length - 86)
  const sender = body.subarray(21, 21 + body[20]!)
  const record = body.subarray(21 + body[20]!)
  const derive = (secret: Buffer, by: Buffer, info: string | Buffer, length: number) =>
    Buffer.from(hkdfSync('sha256', secret, by, info, length))
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), keys.getPublicKey(), sender])
  const input = derive(keys.computeSecret(sender), Buffer.from(auth, 'base64url'), info, 32)
  const key = derive(input, salt, 'Content-Encoding: aes128gcm\0', 16)
  const decipher = createDecipheriv('aes-128-gcm', key, derive(input, salt, 'Content-Encoding: nonce\0', 12))
  decipher.setAuthTag(record.subarray(-16))
  const text = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()])
  assert.equal(text.at(-1), 2)
  return text.subarray(0, -1).toString()
}
