import { BlockList, isIP } from 'node:net'

// The special-purpose registries of IANA (RFC 6890 and what came after), multicast, and what is reserved.
const notPublic4: [network: string, bits: number][] = [
  ['0.0.0.0', 8], // this network, unspecified
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // shared behind carriers' NAT
  ['127.0.0.0', 8], // loopback
  ['168.63.129.16', 32], // looks public, but inside Azure it is the host that a machine runs on
  ['169.254.0.0', 16], // link-local; clouds tell their machines secrets there
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

// Only 2000::/3 is given out to the internet; around it lie loopback, unspecified, IPv4-mapped, -compatible and
// -translated, NAT64 (64:ff9b::/96), discard, unique local, link-local, site-local and multicast.
const notPublic6: [network: string, bits: number][] = [
  ['::', 3],
  ['2001::', 23], // protocol assignments: Teredo, benchmarks, ORCHID
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4: an IPv4 address is inside
  ['3fff::', 20], // documentation
  ['4000::', 2],
  ['8000::', 1],
]

// Two lists, since one compares each IPv4 address with the IPv6 networks too, as if it were written ::ffff:a.b.c.d,
// and ::/3 would block them all.
const list4 = new BlockList()
for (const [network, bits] of notPublic4) list4.addSubnet(network, bits, 'ipv4')
const list6 = new BlockList()
for (const [network, bits] of notPublic6) list6.addSubnet(network, bits, 'ipv6')

/**
 * Whether `address` (IPv4 in four decimal parts; IPv6 without brackets, perhaps with a zone) belongs to a machine of
 * the public internet. False for all that is private, special or reserved, and for what is no address at all. An IPv6
 * address with an IPv4 address inside is never public, whatever is inside.
 */
export function isPublic(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !list4.check(address, 'ipv4')
  return family === 6 && !list6.check(address, 'ipv6')
}

/**
 * Who stands behind an address: of IPv6 the network of 64 bits, all of which one household is given; an IPv4 address is
 * itself, also inside an IPv6 one.
 */
export function networkOf(address: string): string {
  const inside = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (inside || isIP(address) !== 6) return inside ?? address
  const [head = '', tail] = address.replace(/%.*/, '').toLowerCase().split('::')
  const groups = head.split(':').filter((group) => group !== '')
  // What "::" stands for begins with zeros; how many there are matters only within the first four groups.
  const after = (tail ?? '').split(':').filter((group) => group !== '')
  const zeros = tail === undefined ? 0 : 8 - groups.length - after.length
  const first = [...groups, ...Array(zeros).fill('0'), ...after].slice(0, 4)
  return `${first.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`
}
