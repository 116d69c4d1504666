import { type FieldError, invalidFields } from '../../lib/errors.ts'
import type { Filter, FilterKey, Operator, Selector, Test, Value, WalkQueries } from './schema.ts'

const positive: Partial<Record<Operator, Test['operator']>> = {
  not_equal_to: 'equal_to',
  does_not_contain: 'contains',
  is_not_present: 'is_present',
}

const equality: Operator[] = ['equal_to', 'not_equal_to', 'is_present', 'is_not_present']
const ofTexts: Operator[] = [...equality, 'contains', 'does_not_contain', 'starts_with']
const operatorsOf: Record<FilterKey['type'], Operator[]> = {
  text: ofTexts,
  number: equality,
  word: equality,
  boolean: ['equal_to', 'not_equal_to'],
  time: ['is_greater_than', 'is_less_than', 'days_before', 'is_present', 'is_not_present'],
  labels: equality,
  attribute: [...ofTexts, 'is_greater_than', 'is_less_than', 'days_before'],
}

/** Only A to Z have small letters here, as in the queries of both engines. */
export function lowered(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/**
 * Reads selectors, joined as they are written. A key that `keys` does not have is that of a custom attribute. Throws
 * `invalid` for an operator or a value that does not fit its key; `list` is the name of the field with the selectors.
 */
export function readFilter(
  keys: Readonly<Record<string, FilterKey>>,
  selectors: readonly Selector[],
  list = 'payload',
): Filter {
  const now = Date.now()
  const errors: FieldError[] = []
  const filter: Filter = [[]]
  for (const [index, selector] of selectors.entries()) {
    const fail = (field: string, message: string, code: FieldError['code'] = 'not_allowed') =>
      void errors.push({ field: `${list}[${index}].${field}`, message, code })
    filter.at(-1)!.push(readSelector(keys, selector, now, fail))
    if (selector.query_operator === 'OR' && index < selectors.length - 1) filter.push([])
  }
  if (errors.length > 0) throw invalidFields(errors.slice(0, 20))
  return filter
}

type Fail = (field: string, message: string, code?: FieldError['code']) => void

function readSelector(
  keys: Readonly<Record<string, FilterKey>>,
  { attribute_key: name, filter_operator, values }: Selector,
  now: number,
  fail: Fail,
): Test {
  const custom: FilterKey = { type: 'attribute', column: 'custom_attributes' }
  const key = Object.hasOwn(keys, name) ? keys[name]! : custom
  const allowed = operatorsOf[key.type]
  if (!allowed.includes(filter_operator))
    fail('filter_operator', `must be one of ${allowed.join(', ')} for ${name}`, 'not_allowed_value')
  const isNegative = filter_operator in positive
  if (filter_operator === 'days_before') {
    const days = values.map((value) => readNumber(value, 36_500))
    check(values, days, 'must be a number of days', fail)
    const times = days.map((count) => Math.floor(now / 1000) - (count ?? 0) * 86_400)
    const dayOf = (time: number) => new Date(time * 1000).toISOString().slice(0, 10)
    const limits = key.type === 'attribute' ? times.map(dayOf) : times
    return { key, name, operator: 'is_less_than', isNegative, values: limits }
  }
  const operator = positive[filter_operator] ?? (filter_operator as Test['operator'])
  if (operator === 'is_present') return { key, name, operator, isNegative, values: [] }
  const isCompared = operator === 'is_greater_than' || operator === 'is_less_than'
  const { read: readValue, rule } = key.type === 'attribute' && isCompared ? decimalOrDate : reading[key.type]
  const read = values.map((value) => readValue(value, key))
  check(values, read, rule(key), fail)
  const texts = read.filter((value) => value !== undefined)
  return { key, name, operator, isNegative, values: key.hasPlus ? texts.flatMap(withPlus) : texts }
}

function check(given: unknown[], read: unknown[], rule: string, fail: Fail): void {
  if (given.length === 0) fail('values', 'is required', 'required')
  for (const [index, value] of read.entries()) if (value === undefined) fail(`values[${index}]`, rule)
}

function withPlus(value: Value): Value[] {
  return typeof value === 'string' && /^\d/.test(value) ? [value, `+${value}`] : [value]
}

interface Reading {
  read: (value: Value, key: FilterKey) => Value | undefined
  /** What a value must be. */
  rule: (key: FilterKey) => string
}

const text: Reading = { read: (value) => lowered(String(value)), rule: () => 'must be a text' }
const decimalOrDate: Reading = {
  read: (value) => (isDate(value) ? value : readNumber(value)),
  rule: () => 'must be a number or a date such as 2026-01-31',
}
const reading: Record<FilterKey['type'], Reading> = {
  text,
  attribute: text,
  labels: { ...text, read: (value) => String(value) },
  number: {
    // PostgreSQL refuses to compare a column of whole numbers with others.
    read: (value) => [readNumber(value)].find(Number.isSafeInteger),
    rule: () => 'must be a whole number',
  },
  word: {
    read: (value, { words = [] }) => words.find((word) => word === value),
    rule: ({ words = [] }) => `must be one of ${words.join(', ')}`,
  },
  boolean: {
    read: (value) => ({ true: true, false: false })[String(value)],
    rule: () => 'must be true or false',
  },
  time: { read: readSeconds, rule: () => 'must be Unix seconds or a date such as 2026-01-31' },
}

function readNumber(value: Value, largest = Number.MAX_SAFE_INTEGER): number | undefined {
  if (typeof value === 'boolean' || !/^-?\d{1,16}(\.\d{1,9})?$/.test(String(value))) return undefined
  const number = Number(value)
  return Math.abs(number) <= largest ? number : undefined
}

function isDate(value: Value): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)
}

function readSeconds(value: Value): number | undefined {
  const seconds = isDate(value) ? Date.parse(value) / 1000 : readNumber(value)
  return seconds === undefined || Number.isNaN(seconds) ? undefined : Math.floor(seconds)
}

/** The limits of a walk, which only tests change. */
export interface WalkLimits {
  /** Rows that one query examines. */
  window: number
  /** Milliseconds after which no further query begins. */
  time: number
  /** Rows that an index may find, so that only these are examined. */
  found: number
}
export const walkLimits: WalkLimits = { window: 2000, time: 100, found: 5000 }

interface Walked {
  ids: number[]
  /** Where the next page begins; null if there is none. */
  before_id: number | null
  timed_out: boolean
}

/**
 * Finds up to `wanted` rows that match a filter, newest first, with ids below `before`. Few rows that an index finds are
 * examined together. Otherwise it walks through all rows, some in each query, until the time is over: so a filter that
 * matches nothing costs the same in an account of any size.
 */
export async function walk(
  queries: WalkQueries,
  wanted: number,
  before = Number.MAX_SAFE_INTEGER,
  limits = walkLimits,
): Promise<Walked> {
  const deadline = performance.now() + limits.time
  const found = await queries.find(limits.found + 1)
  const isFew = found !== undefined && found.length <= limits.found
  const ids: number[] = []
  for (let from = before; ; ) {
    const floor = isFew ? undefined : await queries.floor(from, limits.window)
    const limit = wanted + 1 - ids.length
    ids.push(
      ...(await queries.matching({ before: from, floor: floor ?? 0, ids: isFew ? found : undefined, limit })),
    )
    if (ids.length > wanted)
      return { ids: ids.slice(0, wanted), before_id: ids[wanted - 1]!, timed_out: false }
    if (floor === undefined) return { ids, before_id: null, timed_out: false }
    if (performance.now() > deadline) return { ids, before_id: floor, timed_out: true }
    from = floor
  }
}

/** The test whose values an index finds, if every matching row must pass it. */
export function indexedTest(filter: Filter): Test | undefined {
  const [all, another] = filter
  if (another) return undefined
  return all!.find(({ key, operator, isNegative }) => key.isIndexed && operator === 'equal_to' && !isNegative)
}
