import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { isPublic } from './addresses.ts'

/** The target of an outgoing request whose URL a user has chosen. */
export interface Destination {
  url: URL
  /** A name, or an address without brackets. */
  host: string
}

export interface Address {
  address: string
  family: number
}

const blockedReason =
  'must not lead to a private or reserved address (the server allows it with NDOTO_WEBHOOK_ALLOW_PRIVATE=true)'

/** Finds all addresses of a host name. */
export type Resolve = (name: string) => Promise<{ address: string }[]>

/** Why a URL is not requested: a word for the log of attempts, and a sentence that follows the field's name. */
interface Refused {
  error: 'url' | 'blocked'
  reason: string
}

/**
 * What is wrong with `url` as a target for outgoing requests, as a sentence that follows the field's name
 * ("must not ..."), or null. Only the text is checked: host names are resolved when the request is sent.
 */
export function urlProblem(url: string, allowPrivate = false): string | null {
  const destination = parseDestination(url, allowPrivate)
  return 'reason' in destination ? destination.reason : null
}

/**
 * Parses a URL by the WHATWG standard. It must be http or https, and must not have credentials; any port is allowed.
 */
export function parseDestination(text: string, allowPrivate: boolean): Destination | Refused {
  const url = URL.parse(text)
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    return { error: 'url', reason: 'must be an http:// or https:// URL' }
  }
  if (url.username || url.password) {
    return { error: 'url', reason: 'must not contain a user name or a password' }
  }
  // The parser has already turned notations such as 0x7f.1 and 2130706433 into four decimal parts.
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isPrivate = isIP(host) ? !isPublic(host) : /(?:^|\.)localhost\.?$/.test(host)
  if (isPrivate && !allowPrivate) {
    return { error: 'blocked', reason: blockedReason }
  }
  return { url, host }
}

/**
 * Resolves the addresses to connect to, or returns why there are none. A single address that is not public blocks all
 * of them. Resolve only once per request and connect to these addresses: a second lookup could return addresses that
 * have not been checked (DNS rebinding).
 */
export async function resolveAddresses(
  { host }: Destination,
  allowPrivate: boolean,
  resolve: Resolve = (name) => lookup(name, { all: true }),
): Promise<Address[] | 'dns' | 'blocked'> {
  if (isIP(host)) return [{ address: host, family: isIP(host) }]
  const addresses = await resolve(host).catch(() => [])
  if (addresses.length === 0) return 'dns'
  if (!allowPrivate && !addresses.every(({ address }) => isPublic(address))) return 'blocked'
  return addresses.map(({ address }) => ({ address, family: isIP(address) }))
}
