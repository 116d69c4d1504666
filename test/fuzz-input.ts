import { type Schema, sampleBody, sampleOf } from './operations.ts'

/** Returns a generator of numbers from 0 to 1, which are the same for the same seed (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

type Random = () => number

function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)]!
}

const texts = [
  '',
  ' ',
  'a',
  '\0',
  '\ud800',
  '\u202e\u0000abc',
  '👩‍👩‍👧‍👦',
  'İıſß',
  "' or 1=1; drop table messages; --",
  '"\\\n\r\t\u2028',
  '%_\\',
  '<script>alert(1)</script>',
  '../../../../etc/passwd',
  '$(id) {{7*7}} %n%s',
  '__proto__',
  '-1',
  'null',
  'true',
  '2024-04-01T10:00:00Z',
  'x'.repeat(256),
  'é'.repeat(70_000),
  'x'.repeat(150_001),
]

const numbers = [
  0,
  -0,
  1,
  -1,
  0.5,
  1e-7,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  -(2 ** 53),
  2 ** 63,
  1e300,
]

const objects: unknown[] = [
  {},
  { a: null },
  { toString: 1, constructor: { prototype: 1 } },
  { length: -1 },
  { '': '' },
  { deleted: true, edited_at: 1 },
  [],
  [null],
  [[[]]],
  Array.from({ length: 1001 }, (_, i) => i),
]

/** Returns a value of any type. */
function anyValue(random: Random): unknown {
  return pick(random, [
    () => pick(random, texts),
    () => pick(random, numbers),
    () => pick(random, objects),
    () => pick(random, [null, true, false]),
  ])()
}

/** Returns a body for a schema: usually valid except for one or two fields, sometimes not even JSON. */
export function fuzzBody(random: Random, schema: Schema): unknown {
  const kind = random()
  if (kind < 0.05)
    return pick(random, ['', '[', 'null', '5', '"text"', '[]', '{"a":1e400}', '['.repeat(40_000)])
  const names = Object.keys(schema.properties ?? {})
  const body: Record<string, unknown> = sampleBody(schema)
  for (const name of names) if (random() < 0.3) body[name] = sampleOf(schema.properties![name]!)
  if (kind < 0.15) return body
  const changes = 1 + Math.floor(random() * 2)
  for (let i = 0; i < changes; i++) {
    const name = pick(random, [...names, 'unknown_field', 'constructor'])
    const change = random()
    if (change < 0.15) delete body[name]
    else if (change < 0.5) body[name] = boundaryValue(random, schema.properties?.[name] ?? {})
    else body[name] = anyValue(random)
  }
  return body
}

/** Returns a value of the right type, at or just beyond a limit of the schema. */
function boundaryValue(random: Random, schema: Schema): unknown {
  const { minimum, maximum, minLength, maxLength, items, enum: values } = schema
  const type = [schema.type].flat()[0]
  if (values) return pick(random, [...values, `${values[0]} `, String(values[0]).toUpperCase()])
  if (type === 'integer' || type === 'number') {
    const edges = [minimum, maximum].filter((edge) => edge !== undefined)
    return pick(random, [...edges.flatMap((edge) => [edge - 1, edge, edge + 1]), ...numbers])
  }
  if (type === 'string') {
    const lengths = [minLength ?? 0, maxLength ?? 100].flatMap((length) => [length - 1, length, length + 1])
    return pick(random, ['x', '𝒳']).repeat(Math.max(0, pick(random, lengths)))
  }
  if (type === 'array') return [sampleOf(items ?? {}), anyValue(random)]
  if (type === 'object') return { [String(pick(random, texts)).slice(0, 100)]: anyValue(random) }
  return anyValue(random)
}

const ids = [
  '0',
  '1',
  '-1',
  '1.0',
  '01',
  'abc',
  '%00',
  '%20',
  '1%00',
  '%27',
  '9007199254740991',
  '9007199254740992',
  '99999999999999999999',
  '1e3',
  'NaN',
  'x'.repeat(3000),
  '%F0%9F%92%A9',
  '%ff',
  '%zz',
  '1;2',
  '*',
  '$1',
]

/** Returns a value for a parameter of a path: usually the id of an existing resource. */
export function fuzzId(random: Random, existing: number | string): string {
  return random() < 0.75 ? String(existing) : pick(random, ids)
}

/** Returns a query string with some of the documented parameters, valid or not. */
export function fuzzQuery(random: Random, query: { name: string; schema: Schema }[]): string {
  const pairs = query
    .filter(() => random() < 0.5)
    .map(({ name, schema }) => {
      const value =
        random() < 0.4 ? sampleOf(schema) : random() < 0.5 ? boundaryValue(random, schema) : anyValue(random)
      const text = typeof value === 'string' ? value : JSON.stringify(value)
      return `${name}=${encodeURIComponent(text.slice(0, 2000).toWellFormed())}`
    })
  if (random() < 0.1) pairs.push(pick(random, ['=', '&&', 'a=%zz', 'limit=1&limit=2', 'page[]=1', '%00=1']))
  return pairs.length > 0 ? `?${pairs.join('&')}` : ''
}

/** Returns headers for a call: usually none. */
export function fuzzHeaders(random: Random): Record<string, string> {
  if (random() < 0.8) return {}
  const name = pick(random, [
    'idempotency-key',
    'x-request-id',
    'cookie',
    'origin',
    'last-event-id',
    'x-forwarded-for',
  ])
  return {
    [name]: pick(random, ['', 'x', '\u00ff\u00fe', "' or 1=1", 'x'.repeat(300), 'ndoto_session=x', '-1']),
  }
}
