import { BlockList, isIP } from 'node:net'

// IANA's special-purpose registries (RFC 6890 and its updates), multicast and reserved networks.
const notPublic4: [network: string, bits: number][] = [
  ['0.0.0.0', 8], // this network, unspecified
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // shared by customers of carrier-grade NAT
  ['127.0.0.0', 8], // loopback
  ['168.63.129.16', 32], // a public address, but inside Azure it is the host of the virtual machine
  ['169.254.0.0', 16], // link-local; clouds serve credentials to their machines there
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // protocol assignments
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16], // private
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, broadcast
]

// Only 2000::/3 is assigned to the internet. The rest is loopback, unspecified, IPv4-mapped, -compatible and
// -translated, NAT64 (64:ff9b::/96), discard, unique local, link-local, site-local and multicast.
const notPublic6: [network: string, bits: number][] = [
  ['::', 3],
  ['2001::', 23], // protocol assignments: Teredo, benchmarks, ORCHID
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4: contains an IPv4 address
  ['3fff::', 20], // documentation
  ['4000::', 2],
  ['8000::', 1],
]

// Two lists: a single BlockList also compares IPv4 addresses, as ::ffff:a.b.c.d, with the IPv6 networks, and ::/3
// would block all of them.
const list4 = new BlockList()
for (const [network, bits] of notPublic4) list4.addSubnet(network, bits, 'ipv4')
const list6 = new BlockList()
for (const [network, bits] of notPublic6) list6.addSubnet(network, bits, 'ipv6')

/**
 * Whether `address` belongs to the public internet. It is IPv4 in four decimal parts, or IPv6 without brackets and with
 * an optional zone. False for private, special and reserved addresses, and for text that is not an address. An IPv6
 * address that contains an IPv4 address is never public.
 */
export function isPublic(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !list4.check(address, 'ipv4')
  return family === 6 && !list6.check(address, 'ipv6')
}

/**
 * The network to count requests by. For IPv6 it is the /64 network, because one household gets all of it; for IPv4 it
 * is the address itself, also if it is IPv4-mapped.
 */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped || isIP(address) !== 6) return mapped ?? address
  const [head = '', tail] = address.replace(/%.*/, '').toLowerCase().split('::')
  const groups = head.split(':').filter((group) => group !== '')
  // "::" is a run of zero groups; only the first four groups matter.
  const after = (tail ?? '').split(':').filter((group) => group !== '')
  const zeros = tail === undefined ? 0 : 8 - groups.length - after.length
  const first = [...groups, ...Array(zeros).fill('0'), ...after].slice(0, 4)
  return `${first.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`
}
