import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../lib/errors.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The name of the cookie that holds a session of the dashboard. */
    sessionCookie: string
  }
}

/**
 * The name of the session cookie. Over TLS it has a prefix with which browsers accept it only from this very host over
 * TLS: neither another host of the domain nor somebody on the network can plant a session.
 */
export function sessionCookieName(publicUrl: string): string {
  return publicUrl.startsWith('https:') ? '__Host-ndoto_session' : 'ndoto_session'
}

/** The maximum duration of a session, even if it is used, in milliseconds. */
export const longestSession = 90 * 24 * 60 * 60 * 1000
// Seconds. The server ends a session sooner if it is not used.
const maxAge = longestSession / 1000

/** The secret of the session that a browser sends; undefined if it sends none. */
export function sessionOf({ headers, server }: FastifyRequest): string | undefined {
  const name = `${server.sessionCookie}=`
  const cookie = headers.cookie?.split(/; */).find((one) => one.startsWith(name))
  return /^[\w-]+$/.exec(cookie?.slice(name.length) ?? '')?.[0]
}

/** The prefix of the secrets of sessions. */
export const sessionPrefix = 'session'

/** Whether a text has the form of the secret of a session. */
export function isSessionSecret(text: string): boolean {
  return text.startsWith(`${sessionPrefix}_`)
}

/** Sets the cookie of a session; null removes it. */
export function setSession(reply: FastifyReply, secret: string | null, publicUrl: string): void {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : ''
  const value = `${sessionCookieName(publicUrl)}=${secret ?? ''}; Max-Age=${secret === null ? 0 : maxAge}`
  reply.header('set-cookie', `${value}; Path=/; HttpOnly; SameSite=Lax${secure}`)
}

/**
 * Browsers send the cookie with requests of any page. Throws `origin_not_allowed` unless the page is one of this server, by
 * `Sec-Fetch-Site`, or by an `Origin` that is that of PUBLIC_URL or the host of the request.
 */
export function assertOwnPage(request: FastifyRequest, publicUrl: string): void {
  if (request.headers['sec-fetch-site'] === 'same-origin' || isOwnOrigin(request, publicUrl)) return
  const rule = 'with a session cookie this call must come from a page of this server'
  throw new Refusal('origin_not_allowed', rule)
}

/** Like `assertOwnPage`, for calls without a cookie: allows clients without `Origin`, which are not browsers. */
export function assertNoForeignPage(request: FastifyRequest, publicUrl: string): void {
  const { origin, 'sec-fetch-site': site } = request.headers
  if (site === 'same-origin' || (origin === undefined && site !== 'cross-site')) return
  if (isOwnOrigin(request, publicUrl)) return
  throw new Refusal('origin_not_allowed', 'this call must not come from a page of another server')
}

/** What says which page a browser sends a request for. */
export interface RequestOfPage {
  headers: { origin?: string | undefined; host?: string | undefined }
}

/** Returns whether the `Origin` of a request is that of PUBLIC_URL or the host of the request. */
export function isOwnOrigin({ headers }: RequestOfPage, publicUrl: string): boolean {
  const origin = URL.parse(headers.origin ?? '')
  if (!origin) return false
  return origin.origin === new URL(publicUrl).origin || origin.host === headers.host
}
