import { type FieldError, invalidFields } from '../../lib/errors.ts'
import { isDay } from '../../lib/time.ts'
import type { Filter, FilterKey, Operator, Selector, Test, Value } from './schema.ts'

const positive: Partial<Record<Operator, Test['operator']>> = {
  not_equal_to: 'equal_to',
  does_not_contain: 'contains',
  is_not_present: 'is_present',
}

const equality: Operator[] = ['equal_to', 'not_equal_to', 'is_present', 'is_not_present']
const ofTexts: Operator[] = [...equality, 'contains', 'does_not_contain', 'starts_with']
const comparisons: Operator[] = ['is_greater_than', 'is_less_than']
const operatorsOf: Record<FilterKey['type'], Operator[]> = {
  text: ofTexts,
  number: equality,
  word: equality,
  boolean: ['equal_to', 'not_equal_to'],
  time: [...comparisons, 'days_before', 'is_present', 'is_not_present'],
  labels: equality,
  attribute: [...ofTexts, ...comparisons, 'days_before'],
}
const operatorsOfAttributes: Record<NonNullable<FilterKey['values']>, Operator[]> = {
  text: ofTexts,
  number: [...equality, ...comparisons],
  date: [...equality, ...comparisons, 'days_before'],
  boolean: equality,
  word: equality,
}

/** Only A to Z have small letters here, as in the queries of both engines. */
export function lowered(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

const custom: FilterKey = { type: 'attribute', column: 'custom_attributes' }

interface ReadOptions {
  /** The name of the field with the selectors. */
  list?: string
  /**
   * Whether the selectors were read before they were stored. One that no longer fits the definition of its attribute is
   * then read as if there were none, because a definition can change after a filter was stored.
   */
  isStored?: boolean
}

/**
 * Reads selectors, joined as they are written. A key that `keys` does not have is that of a custom attribute without a
 * definition. Throws `invalid` for an operator or a value that does not fit its key.
 */
export function readFilter(
  keys: Readonly<Record<string, FilterKey>>,
  selectors: readonly Selector[],
  { list = 'payload', isStored = false }: ReadOptions = {},
): Filter {
  const now = Date.now()
  const errors: FieldError[] = []
  const filter: Filter = [[]]
  for (const [index, selector] of selectors.entries()) {
    const read = (key: FilterKey) => {
      const own: FieldError[] = []
      const fail: Fail = (field, message, code = 'not_allowed') =>
        void own.push({ field: `${list}[${index}].${field}`, message, code })
      return { test: readSelector(key, selector, now, fail), own }
    }
    const { attribute_key: name, query_operator } = selector
    const { values: type, ...untyped } = Object.hasOwn(keys, name) ? keys[name]! : custom
    const typed = read(type ? { ...untyped, values: type } : untyped)
    const { test, own } = isStored && typed.own.length > 0 ? read(untyped) : typed
    filter.at(-1)!.push(test)
    errors.push(...own)
    if (query_operator === 'OR' && index < selectors.length - 1) filter.push([])
  }
  if (errors.length > 0) throw invalidFields(errors.slice(0, 20))
  return filter
}

type Fail = (field: string, message: string, code?: FieldError['code']) => void

function readSelector(
  key: FilterKey,
  { attribute_key: name, filter_operator, values }: Selector,
  now: number,
  fail: Fail,
): Test {
  const allowed = key.values ? operatorsOfAttributes[key.values] : operatorsOf[key.type]
  if (!allowed.includes(filter_operator))
    fail('filter_operator', `must be one of ${allowed.join(', ')} for ${name}`, 'not_allowed_value')
  const isNegative = filter_operator in positive
  if (filter_operator === 'days_before') {
    const days = values.map((value) => readNumber(value, 36_500))
    check(values, days, { rule: () => 'must be a number of days' }, key, fail)
    const times = days.map((count) => Math.floor(now / 1000) - (count ?? 0) * 86_400)
    const dayOf = (time: number) => new Date(time * 1000).toISOString().slice(0, 10)
    const limits = key.type === 'attribute' ? times.map(dayOf) : times
    return { key, name, operator: 'is_less_than', isNegative, values: limits }
  }
  const operator = positive[filter_operator] ?? (filter_operator as Test['operator'])
  if (operator === 'is_present') return { key, name, operator, isNegative, values: [] }
  const isCompared = operator === 'is_greater_than' || operator === 'is_less_than'
  const reading = readingOf(key, isCompared)
  const read = values.map((value) => reading.read(value, key))
  check(values, read, reading, key, fail)
  const texts = read.filter((value) => value !== undefined)
  return { key, name, operator, isNegative, values: key.hasPlus ? texts.flatMap(withPlus) : texts }
}

function check(
  given: unknown[],
  read: unknown[],
  { rule, code = 'wrong_format' }: Pick<Reading, 'rule' | 'code'>,
  key: FilterKey,
  fail: Fail,
): void {
  if (given.length === 0) fail('values', 'is required', 'required')
  for (const [index, value] of read.entries())
    if (value === undefined) fail(`values[${index}]`, rule(key), code)
}

function withPlus(value: Value): Value[] {
  return typeof value === 'string' && /^\d/.test(value) ? [value, `+${value}`] : [value]
}

function readingOf({ type, values }: FilterKey, isCompared: boolean): Reading {
  if (values) return readingOfAttributes[values]
  return type === 'attribute' && isCompared ? decimalOrDate : reading[type]
}

interface Reading {
  read: (value: Value, key: FilterKey) => Value | undefined
  /** What a value must be. */
  rule: (key: FilterKey) => string
  /** The code of a value that breaks the rule, if it is not `wrong_format`. */
  code?: FieldError['code']
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
    code: 'not_allowed_value',
  },
  boolean: {
    read: (value) => ({ true: true, false: false })[String(value)],
    rule: () => 'must be true or false',
  },
  time: { read: readSeconds, rule: () => 'must be Unix seconds or a date such as 2026-01-31' },
}
const readingOfAttributes: Record<NonNullable<FilterKey['values']>, Reading> = {
  text,
  number: { read: (value) => readNumber(value), rule: () => 'must be a number' },
  date: {
    read: (value) => (isDate(value) && isDay(value) ? value : undefined),
    rule: () => 'must be a date such as 2026-01-31',
  },
  boolean: {
    read: (value) => ['true', 'false'].find((word) => word === String(value)),
    rule: () => 'must be true or false',
  },
  word: {
    read: (value, { words = [] }) => (words.includes(String(value)) ? lowered(String(value)) : undefined),
    rule: ({ words = [] }) => {
      const some = words.slice(0, 20).join(', ')
      return `must be one of ${some}${words.length > 20 ? ', …' : ''}`
    },
    code: 'not_allowed_value',
  },
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

/** The test whose values an index finds, if every matching row must pass it. */
export function indexedTest(filter: Filter): Test | undefined {
  const [all, another] = filter
  if (another) return undefined
  return all!.find(({ key, operator, isNegative }) => key.isIndexed && operator === 'equal_to' && !isNegative)
}
