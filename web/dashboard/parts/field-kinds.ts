import type { CustomAttributeDefinition } from '../data/api-types.ts'
import { strings } from '../strings.ts'
import { nameOfOperator, type Operator } from './operators.ts'

/**
 * What the values of a field of a filter are. `id` is a number that names something, `flag` always has a value, `checkbox` can
 * have none, and `any` has no definition.
 */
export type FieldKind =
  | 'text'
  | 'number'
  | 'id'
  | 'time'
  | 'date'
  | 'flag'
  | 'checkbox'
  | 'choice'
  | 'company'
  | 'any'

/** A field of a filter, by its key in the API. */
export interface Field {
  key: string
  text: string
  kind: FieldKind
  /** The values that can be chosen. */
  options?: readonly { value: string; text: string }[] | undefined
}

const presence: Operator[] = ['is_present', 'is_not_present']
const equality: Operator[] = ['equal_to', 'not_equal_to']
const comparisons: Operator[] = ['is_greater_than', 'is_less_than']
const ofTexts: Operator[] = ['contains', 'does_not_contain', ...equality, 'starts_with', ...presence]
const operatorsOf: Record<FieldKind, readonly Operator[]> = {
  text: ofTexts,
  number: [...equality, ...comparisons, ...presence],
  id: [...equality, ...presence],
  time: [...comparisons, 'days_before'],
  date: [...comparisons, ...equality, 'days_before', ...presence],
  flag: equality,
  checkbox: [...equality, ...presence],
  choice: [...equality, ...presence],
  company: [...equality, ...presence],
  any: [...ofTexts, ...comparisons],
}

/** The operators of a kind of values, in words; also `current`, which a program may have chosen. */
export function operatorsFor(kind: FieldKind, current: Operator): { value: Operator; text: string }[] {
  const fitting = operatorsOf[kind].includes(current) ? operatorsOf[kind] : [...operatorsOf[kind], current]
  return fitting.map((value) => ({ value, text: nameOfOperator(value, kind === 'time' || kind === 'date') }))
}

/** The operator of a new condition. */
export function firstOperator(kind: FieldKind): Operator {
  return operatorsOf[kind][0]!
}

/** The operator after the field of a condition has changed: the same, if it fits. */
export function fittingOperator(kind: FieldKind, operator: Operator): Operator {
  return operatorsOf[kind].includes(operator) ? operator : firstOperator(kind)
}

export function hasValues(operator: Operator): boolean {
  return !presence.includes(operator)
}

/** Whether a condition has one value at most, because its control can show no other. */
export function hasSingleValue(kind: FieldKind, operator: Operator): boolean {
  if (kind === 'choice' || kind === 'company') return false
  return comparisons.includes(operator) || ['days', 'date', 'flag'].includes(inputFor(kind, operator))
}

/** How a single value is entered with an operator. */
export function inputFor(kind: FieldKind, operator: Operator): 'days' | 'date' | 'flag' | 'number' | 'text' {
  if (operator === 'days_before') return 'days'
  if (kind === 'time' || kind === 'date') return 'date'
  if (kind === 'flag' || kind === 'checkbox') return 'flag'
  return kind === 'number' || kind === 'id' ? 'number' : 'text'
}

/** The values of a flag. */
export const flags = [
  { value: 'true', text: strings.details.yes },
  { value: 'false', text: strings.details.no },
]

const kinds: Record<CustomAttributeDefinition['attribute_display_type'], FieldKind> = {
  text: 'text',
  number: 'number',
  currency: 'number',
  percent: 'number',
  link: 'text',
  date: 'date',
  list: 'choice',
  checkbox: 'checkbox',
}

/** The field of an attribute with a definition. `prefix` is in front of its name in the API. */
export function fieldOfDefinition(
  {
    attribute_key,
    attribute_display_name,
    attribute_display_type,
    attribute_values,
  }: CustomAttributeDefinition,
  prefix = '',
): Field {
  return {
    key: prefix + attribute_key,
    text: attribute_display_name,
    kind: kinds[attribute_display_type],
    options:
      attribute_display_type === 'list'
        ? attribute_values.map((value) => ({ value, text: value }))
        : undefined,
  }
}
