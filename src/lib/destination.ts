import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { isPublic } from './addresses.ts'

/** Where a call goes that somebody else chose. */
export interface Destination {
  url: URL
  /** A name, or an address without brackets. */
  host: string
}

export interface Address {
  address: string
  family: number
}

/** Finds all addresses of a host name. */
export type Resolve = (name: string) => Promise<{ address: string }[]>

/** Why a URL is not called: a word for the record, and a reason to follow the name of its field ("must not ..."). */
interface Refused {
  error: 'url' | 'blocked'
  reason: string
}

/**
 * Why `url` is not one that is called, to follow the name of its field ("must not ..."); null if it may be. Only the
 * text is looked at: a name that leads to a private address is found out when it is called.
 */
export function whyRefused(url: string, allowPrivate = false): string | null {
  const destination = destinationOf(url, allowPrivate)
  return 'reason' in destination ? destination.reason : null
}

/** Takes a URL apart by the WHATWG standard: http or https, no credentials, any port. */
export function destinationOf(text: string, allowPrivate: boolean): Destination | Refused {
  const url = URL.parse(text)
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    return { error: 'url', reason: 'must be an http:// or https:// URL' }
  }
  if (url.username || url.password) {
    return { error: 'url', reason: 'must not contain a user name or a password' }
  }
  // The parser has turned 0x7f.1, 2130706433 and the like into four decimal parts.
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isInside = isIP(host) ? !isPublic(host) : /(?:^|\.)localhost\.?$/.test(host)
  if (isInside && !allowPrivate) {
    return { error: 'blocked', reason: 'must not lead to a private or reserved address' }
  }
  return { url, host }
}

/**
 * The addresses to connect to, or why there are none: one that is not public blocks them all. To be asked once for a
 * call, which then goes to these: a second question could be answered with others than those that were checked.
 */
export async function addressesOf(
  { host }: Destination,
  allowPrivate: boolean,
  resolve: Resolve = (name) => lookup(name, { all: true }),
): Promise<Address[] | 'dns' | 'blocked'> {
  if (isIP(host)) return [{ address: host, family: isIP(host) }]
  const found = await resolve(host).catch(() => [])
  if (found.length === 0) return 'dns'
  if (!allowPrivate && !found.every(({ address }) => isPublic(address))) return 'blocked'
  return found.map(({ address }) => ({ address, family: isIP(address) }))
}
