import type { IncomingMessage } from 'node:http'

/** A host at whose root the routes below a path are. */
export interface HostRoot {
  /** As in the header `Host`, in small letters. */
  host: string
  /** Without a slash at the end, such as `/chatwoot`. */
  path: string
  /** Below it the host has the other routes, such as those of the widget: a website may allow only this host. */
  others: string
}

/**
 * Returns a function that finds the path of a request: one to such a host gets the routes below the host's path, and the
 * others below `others`. It does not look at `X-Forwarded-Host`, which only some proxies set.
 */
export function pathBelowRoot(hosts: readonly HostRoot[]): (request: IncomingMessage) => string {
  return ({ url = '/', headers }) => {
    if (hosts.length === 0) return url
    const host = headers.host?.toLowerCase()
    const root = hosts.find((one) => one.host === host)
    if (!root || url.startsWith(`${root.path}/`)) return url
    return url.startsWith(`${root.others}/`) ? url.slice(root.others.length) : root.path + url
  }
}
