import { createHmac, randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isSameSecret } from '../../lib/secrets.ts'

const cookie = 'ndoto_device'
const cookieValue = /(?:^|;) *ndoto_device=([\w.-]+)/
const lastsSeconds = 400 * 24 * 60 * 60

/** What a browser shows that remembers an earlier sign-in; undefined if it shows nothing. */
export function deviceOf({ headers }: FastifyRequest): string | undefined {
  return cookieValue.exec(headers.cookie ?? '')?.[1]
}

/** Lets the browser remember that its user has signed in. It opens nothing: it only exempts from limits. */
export function setDevice(reply: FastifyReply, device: string, publicUrl: string): void {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : ''
  const value = `${cookie}=${device}; Max-Age=${lastsSeconds}`
  reply.header('set-cookie', `${value}; Path=/auth; HttpOnly; SameSite=Lax${secure}`)
}

/**
 * What `setDevice` gives the browser of a user who has just proved who they are. It is signed with the hash of their
 * password, so the server stores nothing, and another password ends it.
 */
export function newDevice(passwordHash: string): string {
  const content = `${Math.floor(Date.now() / 1000)}.${randomBytes(16).toString('base64url')}`
  return `${content}.${signature(content, passwordHash)}`
}

/** Whether a browser shows what this user's password has signed. Takes as long if there is no such user. */
export function isDeviceOf(device: string, passwordHash: string | undefined): boolean {
  const [time = '', nonce = '', given = ''] = device.split('.')
  const isSigned = isSameSecret(given, signature(`${time}.${nonce}`, passwordHash ?? 'none'))
  const isRecent = Number(time) > Date.now() / 1000 - lastsSeconds
  // Users without a password have a stored text that everybody knows.
  return isSigned && isRecent && passwordHash?.startsWith('$argon2id$') === true
}

function signature(content: string, passwordHash: string): string {
  return createHmac('sha256', passwordHash).update(`device ${content}`).digest('base64url')
}
