import { LinearPattern } from '../../lib/patterns/linear-pattern.ts'
import { isDay } from '../../lib/time.ts'
import { type AttributeType, type CustomAttributeDefinition, longestMatched } from './schema.ts'

/** The value as it is stored, or the rule that it breaks. Null is no value. */
export type Reading = { value: unknown } | { rule: string }

type Read = (value: unknown, definition: CustomAttributeDefinition) => Reading

const reads: Record<AttributeType, Read> = {
  text: readText,
  number: readNumber,
  currency: readNumber,
  percent: readNumber,
  link: readLink,
  date: readDate,
  list: readOption,
  checkbox: readFlag,
}

/**
 * Reads a value of an attribute with a definition. Texts can stand for numbers and truth values, because forms and CSV
 * files have nothing else; a blank text is no value.
 */
export function readValue(definition: CustomAttributeDefinition, value: unknown): Reading {
  if (value === null) return { value }
  const isText = definition.attribute_display_type === 'text'
  if (!isText && typeof value === 'string' && value.trim() === '') return { value: null }
  return reads[definition.attribute_display_type](value, definition)
}

function readText(value: unknown, { regex_pattern, regex_cue }: CustomAttributeDefinition): Reading {
  if (typeof value === 'object') return { rule: 'must be a text' }
  // Programs that know nothing of the definition may send a number of a customer as a number.
  const text = String(value)
  if (regex_pattern === null || text === '') return { value: text }
  if (text.length > longestMatched) return { rule: `must have at most ${longestMatched} characters` }
  if (new LinearPattern(regex_pattern).matches(text)) return { value: text }
  return { rule: regex_cue ? `must match its pattern: ${regex_cue}` : 'must match its pattern' }
}

function readNumber(value: unknown): Reading {
  const text = typeof value === 'string' ? value.trim() : value
  const number = typeof text === 'string' && /^[+-]?\d{1,30}(\.\d{1,30})?$/.test(text) ? Number(text) : text
  return typeof number === 'number' ? { value: number } : { rule: 'must be a number' }
}

function readLink(value: unknown): Reading {
  const text = typeof value === 'string' ? value.trim() : ''
  // The scheme first: `javascript:` would run a script in the dashboard.
  const isLink = /^https?:\/\/[^\s]+$/i.test(text) && text.length <= 2048 && URL.canParse(text)
  return isLink ? { value: text } : { rule: 'must be an http:// or https:// URL' }
}

/** A day, or a time of one as JavaScript writes it: the form of other programs. */
function readDate(value: unknown): Reading {
  const text = typeof value === 'string' ? value.trim() : ''
  const form = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d))?$/.exec(text)
  return form && isDay(form[1]!) ? { value: text } : { rule: 'must be a date such as 2026-01-31' }
}

function readOption(value: unknown, { attribute_values: options }: CustomAttributeDefinition): Reading {
  const text = typeof value === 'object' ? undefined : String(value).trim()
  if (text !== undefined && options.includes(text)) return { value: text }
  const some = options.slice(0, 20).join(', ')
  return { rule: `must be one of ${some}${options.length > 20 ? ', …' : ''}` }
}

function readFlag(value: unknown): Reading {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : value
  const flag = { true: true, false: false }[String(text)]
  return flag === undefined || typeof text === 'object' ? { rule: 'must be true or false' } : { value: flag }
}
