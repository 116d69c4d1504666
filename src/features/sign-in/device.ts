import { createHmac, randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isSameSecret } from '../../lib/secrets.ts'

const cookie = 'ndoto_device'
const cookieValue = /(?:^|;) *ndoto_device=([\w.-]+)/
const maxAgeSeconds = 400 * 24 * 60 * 60

/** Returns the device cookie of a browser in which a user has signed in before; undefined if it has none. */
export function deviceOf({ headers }: FastifyRequest): string | undefined {
  return cookieValue.exec(headers.cookie ?? '')?.[1]
}

/** Sets the device cookie, which marks a browser in which a user has signed in. It only exempts from limits. */
export function setDevice(reply: FastifyReply, device: string, publicUrl: string): void {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : ''
  const value = `${cookie}=${device}; Max-Age=${maxAgeSeconds}`
  reply.header('set-cookie', `${value}; Path=/auth; HttpOnly; SameSite=Lax${secure}`)
}

/**
 * Creates the device cookie for a user who has just signed in. It is signed with the hash of their password, so the server
 * does not have to store it, and a new password invalidates it.
 */
export function newDevice(passwordHash: string): string {
  const content = `${Math.floor(Date.now() / 1000)}.${randomBytes(16).toString('base64url')}`
  return `${content}.${signature(content, passwordHash)}`
}

/** Returns whether a device cookie was signed with this password hash. Takes equally long if there is no such user. */
export function isDeviceOf(device: string, passwordHash: string | undefined): boolean {
  const [time = '', nonce = '', sent = ''] = device.split('.')
  const isSigned = isSameSecret(sent, signature(`${time}.${nonce}`, passwordHash ?? 'none'))
  const isRecent = Number(time) > Date.now() / 1000 - maxAgeSeconds
  // Users without a password all have the same text instead of a hash, which is no secret.
  return isSigned && isRecent && passwordHash?.startsWith('$argon2id$') === true
}

function signature(content: string, passwordHash: string): string {
  return createHmac('sha256', passwordHash).update(`device ${content}`).digest('base64url')
}
