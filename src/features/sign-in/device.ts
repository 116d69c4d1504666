import { createHmac, randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isSameSecret } from '../../lib/secrets.ts'

const cookieName = 'ndoto_device'
const cookiePattern = /(?:^|;) *ndoto_device=([\w.-]+)/
const maxAgeSeconds = 400 * 24 * 60 * 60

/** Returns the device cookie that the browser sent, or undefined. Verify it with `isDeviceOf`. */
export function deviceOf({ headers }: FastifyRequest): string | undefined {
  return cookiePattern.exec(headers.cookie ?? '')?.[1]
}

/**
 * Sets the device cookie, which marks a browser in which a user has signed in before. Its only effect
 * is that attempts to sign in from this browser have a limit of their own.
 */
export function setDevice(reply: FastifyReply, device: string, publicUrl: string): void {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : ''
  const value = `${cookieName}=${device}; Max-Age=${maxAgeSeconds}`
  reply.header('set-cookie', `${value}; Path=/auth; HttpOnly; SameSite=Lax${secure}`)
}

/**
 * Creates a device cookie for a user who has just signed in. The hash of their password is the signing key, so the
 * server does not have to store the cookie, and changing the password invalidates it.
 */
export function newDevice(passwordHash: string): string {
  const content = `${Math.floor(Date.now() / 1000)}.${randomBytes(16).toString('base64url')}`
  return `${content}.${sign(content, passwordHash)}`
}

/**
 * Returns whether a device cookie was signed with this password hash. Takes the same time if the hash is undefined, so
 * the response time does not reveal whether a user exists.
 */
export function isDeviceOf(device: string, passwordHash: string | undefined): boolean {
  const [issuedAt = '', nonce = '', sentSignature = ''] = device.split('.')
  const isSigned = isSameSecret(sentSignature, sign(`${issuedAt}.${nonce}`, passwordHash ?? 'none'))
  const isRecent = Number(issuedAt) > Date.now() / 1000 - maxAgeSeconds
  // Users without a password all have the text `none` instead of a hash. Anybody could sign a cookie with that.
  return isSigned && isRecent && passwordHash?.startsWith('$argon2id$') === true
}

function sign(content: string, passwordHash: string): string {
  return createHmac('sha256', passwordHash).update(`device ${content}`).digest('base64url')
}
