import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fc } from '../../test/random.ts'
import { isPublic, networkOf } from './addresses.ts'
import { urlProblem } from './destination.ts'

// With the names of IANA's registries.
const special4 = {
  'this network': '0.0.0.0/8',
  'private 10': '10.0.0.0/8',
  'shared address space': '100.64.0.0/10',
  loopback: '127.0.0.0/8',
  'the host of an Azure machine': '168.63.129.16/32',
  'link-local': '169.254.0.0/16',
  'private 172.16': '172.16.0.0/12',
  'protocol assignments': '192.0.0.0/24',
  'TEST-NET-1': '192.0.2.0/24',
  '6to4 relays': '192.88.99.0/24',
  'private 192.168': '192.168.0.0/16',
  benchmarks: '198.18.0.0/15',
  'TEST-NET-2': '198.51.100.0/24',
  'TEST-NET-3': '203.0.113.0/24',
  multicast: '224.0.0.0/4',
  reserved: '240.0.0.0/4',
  broadcast: '255.255.255.255/32',
}
const special6 = {
  unspecified: '::/128',
  loopback: '::1/128',
  'IPv4-compatible': '::/96',
  'IPv4-mapped': '::ffff:0:0/96',
  'IPv4-translated': '::ffff:0:0:0/96',
  NAT64: '64:ff9b::/96',
  'NAT64 in one network': '64:ff9b:1::/48',
  discard: '100::/64',
  'protocol assignments': '2001::/23',
  Teredo: '2001::/32',
  benchmarks: '2001:2::/48',
  ORCHID: '2001:10::/28',
  ORCHIDv2: '2001:20::/28',
  documentation: '2001:db8::/32',
  '6to4': '2002::/16',
  'documentation since 2024': '3fff::/20',
  'segment routing': '5f00::/16',
  'unique local': 'fc00::/7',
  'link-local': 'fe80::/10',
  'site-local': 'fec0::/10',
  multicast: 'ff00::/8',
}

interface Network {
  first: bigint
  last: bigint
}

const networks4 = Object.values(special4).map((text) => network(text, 32))
const networks6 = Object.values(special6).map((text) => network(text, 128))
const global6 = network('2000::/3', 128)

function network(text: string, width: number): Network {
  const [address, bits] = text.split('/')
  const first = width === 32 ? number4(address!) : number6(address!)
  return { first, last: first | ((1n << BigInt(width - Number(bits))) - 1n) }
}

function number4(text: string): bigint {
  return text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n)
}

function number6(text: string): bigint {
  const [left, right] = text.split('::').map((side) => side.split(':').filter((group) => group !== ''))
  const zeros = right ? Array(8 - left!.length - right.length).fill('0') : []
  return [...left!, ...zeros, ...(right ?? [])].reduce(
    (sum, group) => sum * 65536n + BigInt(`0x${group}`),
    0n,
  )
}

function isIn(networks: Network[], address: bigint): boolean {
  return networks.some(({ first, last }) => first <= address && address <= last)
}

function parts(address: bigint, count: number, bits: number): number[] {
  return Array.from({ length: count }, (_, i) =>
    Number((address >> BigInt(bits * (count - 1 - i))) & ((1n << BigInt(bits)) - 1n)),
  )
}

const text4 = (address: bigint) => parts(address, 4, 8).join('.')
const text6 = (address: bigint) =>
  parts(address, 8, 16)
    .map((group) => group.toString(16))
    .join(':')

/** The ways to write an IPv4 address in a URL: one to four numbers, each in any base, in any kind of digits. */
const spelling4 = fc.record({
  count: fc.integer({ min: 1, max: 4 }),
  bases: fc.array(fc.constantFrom(8, 10, 16), { minLength: 4, maxLength: 4 }),
  zeros: fc.integer({ min: 0, max: 3 }),
  isUpper: fc.boolean(),
  end: fc.constantFrom('', '.'),
  digits: fc.constantFrom('plain', 'wide', 'escaped'),
})
type Spelling4 = typeof spelling4 extends fc.Arbitrary<infer S> ? S : never

function spelled4(address: bigint, { count, bases, zeros, isUpper, end, digits }: Spelling4): string {
  const bytes = parts(address, 4, 8)
  const rest = address & ((1n << BigInt(8 * (5 - count))) - 1n)
  const numbers = [...bytes.slice(0, count - 1), Number(rest)]
  const written = numbers.map((number, i) => {
    const digitsOf = number.toString(bases[i]!)
    if (bases[i] === 10) return digitsOf
    return (bases[i] === 16 ? '0x' : '0') + '0'.repeat(zeros) + digitsOf
  })
  const plain = written.join('.') + end
  const text = isUpper ? plain.toUpperCase() : plain
  if (digits === 'wide')
    return text.replace(/[0-9]/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)))
  return digits === 'escaped' ? text.replace(/[0-9]/g, (digit) => `%3${digit}`) : text
}

/** The ways to write an IPv6 address in a URL. */
const spelling6 = fc.record({
  isUpper: fc.boolean(),
  isPadded: fc.boolean(),
  isShort: fc.boolean(),
  endsIn4: fc.boolean(),
})
type Spelling6 = typeof spelling6 extends fc.Arbitrary<infer S> ? S : never

function spelled6(address: bigint, { isUpper, isPadded, isShort, endsIn4 }: Spelling6): string {
  const groups = parts(address, 8, 16).map((group) => group.toString(16).padStart(isPadded ? 4 : 1, '0'))
  const long = endsIn4 ? [...groups.slice(0, 6), text4(address & 0xffffffffn)] : groups
  const text = long.join(':')
  const short = isShort
    ? text.replace(/(?:^|:)0+(?::0+)+(?=:|$)(?!\.)/, ':').replace(/^:(?!:)|:$/, '::')
    : text
  return `[${isUpper ? short.toUpperCase() : short}]`
}

const inside = (networks: Network[]) =>
  fc.constantFrom(...networks).chain(({ first, last }) => fc.bigInt({ min: first, max: last }))
const edges = (networks: Network[]) =>
  networks.flatMap(({ first, last }) => [first - 1n, first, last, last + 1n])

describe('An IPv4 address', () => {
  for (const [name, text] of Object.entries(special4)) {
    it(`of "${name}" is not public, from the first to the last`, () => {
      const { first, last } = network(text, 32)
      assert.ok(!isPublic(text4(first)))
      assert.ok(!isPublic(text4(last)))
    })
  }

  it('is public unless it is in a special network, in each notation', () => {
    const limit = 2n ** 32n
    const atEdges = edges(networks4).filter((address) => address >= 0n && address < limit)
    const any = fc.bigInt({ min: 0n, max: limit - 1n })
    const address = fc.oneof(any, inside(networks4), fc.constantFrom(...atEdges))
    fc.assert(
      fc.property(address, spelling4, (number, spelling) => {
        const expected = !isIn(networks4, number)
        assert.equal(isPublic(text4(number)), expected, text4(number))
        const url = `http://${spelled4(number, spelling)}/`
        assert.equal(new URL(url).hostname, text4(number))
        assert.equal(urlProblem(url) === null, expected, url)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('An IPv6 address', () => {
  for (const [name, text] of Object.entries(special6)) {
    it(`of "${name}" is not public, from the first to the last`, () => {
      const { first, last } = network(text, 128)
      assert.ok(!isPublic(text6(first)))
      assert.ok(!isPublic(text6(last)))
    })
  }

  it('is public only if it is in the assigned range and not in a special network, in each notation', () => {
    const limit = 2n ** 128n
    const atEdges = edges([...networks6, global6]).filter((address) => address >= 0n && address < limit)
    const any = fc.bigInt({ min: 0n, max: limit - 1n })
    const address = fc.oneof(any, inside([global6]), inside(networks6), fc.constantFrom(...atEdges))
    fc.assert(
      fc.property(address, spelling6, (number, spelling) => {
        const expected = isIn([global6], number) && !isIn(networks6, number)
        assert.equal(isPublic(text6(number)), expected, text6(number))
        const url = `http://${spelled6(number, spelling)}/`
        assert.equal(number6(new URL(url).hostname.slice(1, -1)), number, url)
        assert.equal(urlProblem(url) === null, expected, url)
      }),
      { numRuns: 2000 },
    )
  })

  it('is never public if it contains an IPv4 address, public or not', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }), (number) => {
        for (const around of ['::', '::ffff:0:0', '::ffff:0:0:0', '64:ff9b::']) {
          assert.ok(!isPublic(text6(number6(around) | number)))
        }
        assert.ok(!isPublic(text6(number6('2002::') | (number << 80n))))
        assert.ok(!isPublic(`::ffff:${text4(number)}`))
      }),
    )
  })

  it('is public or not regardless of its zone', () => {
    assert.ok(!isPublic('fe80::1%eth0'))
    assert.ok(!isPublic('::1%1'))
    assert.ok(isPublic('2606:4700:4700::1111'))
  })
})

it('text that is not an address is not public', () => {
  for (const text of [
    '',
    'localhost',
    'example.com',
    '1.1.1',
    '1.1.1.1.',
    '01.1.1.1',
    '0x1010101',
    '[::1]',
    ' 1.1.1.1',
  ]) {
    assert.ok(!isPublic(text), text)
  }
})

describe('The network to count requests by', () => {
  for (const [address, network] of [
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002:0003:0004:0005:0006', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8::2:3:4:5:6', '2001:db8:0:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['nonsense', 'nonsense'],
  ] as const) {
    it(`is ${network} for ${address}`, () => assert.equal(networkOf(address), network))
  }
})
