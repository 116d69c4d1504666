import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { type FieldError, invalidFields, Refusal } from './errors.ts'
import { atMost, findOversized } from './oversized.ts'
import { filledPattern } from './schema.ts'

/** A JSON schema, such as one of TypeBox. */
export type Schema = object

const options = { strict: false, useDefaults: true, verbose: true, discriminator: true }
const untilFirstError = new Ajv(options)
const thorough = new Ajv({ ...options, allErrors: true })

/**
 * Returns a function that fills in defaults and returns all errors of a JSON value, at most 20. If the value is too
 * large, only that is reported: anybody can send a million invalid items, and describing each would take too long.
 */
export function checker(schema: Schema): (value: unknown) => FieldError[] {
  // Compiled on first use, because compiling the schemas of all routes would delay the start.
  let isValid: ValidateFunction | undefined
  let describe: ValidateFunction | undefined
  return (value) => {
    isValid ??= untilFirstError.compile(schema)
    if (isValid(value)) return []
    const oversized = findOversized(schema, value)
    if (oversized) return [oversized]
    describe ??= thorough.compile(schema)
    describe(value)
    return describeAll(describe)
  }
}

/** Throws `invalid` (422) with the fields of `value` that do not match the schema. `at` is the path of the value. */
export function assertValid(check: (value: unknown) => FieldError[], value: unknown, at: string): void {
  const errors = check(value)
  if (errors.length === 0) return
  throw invalidFields(
    errors.map((error) => ({ ...error, field: error.field ? joined(at, error.field) : at })),
  )
}

/** Whether both engines can store a text unchanged. If not, `storableRule` is the error message. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}
export const storableRule = 'must not contain the NUL character or half of a surrogate pair'

/** The refusal of a query string with these errors (400). */
export function malformed(errors: FieldError[]): Refusal {
  return new Refusal('malformed', errors.map(({ field, message }) => `${field} ${message}`).join('; '))
}

function joined(at: string, field: string): string {
  return field.startsWith('[') ? at + field : `${at}.${field}`
}

function describeAll(validate: ValidateFunction): FieldError[] {
  // A schema with branches reports errors of each branch and of the branching itself. Only the first one is shown.
  const byField = new Map<string, FieldError>()
  for (const error of validate.errors ?? []) {
    const described = describe(error)
    if (described && !byField.has(described.field)) byField.set(described.field, described)
  }
  return [...byField.values()].slice(0, 20)
}

function describe(error: ErrorObject): FieldError | undefined {
  const at = path(error.instancePath)
  // The error of the property that decides is reported, too.
  if (error.keyword === 'if' || error.keyword === 'discriminator') return undefined
  if (error.keyword === 'required') {
    const missing = error.params.missingProperty as string
    return { field: at ? `${at}.${missing}` : missing, message: 'is required', code: 'required' }
  }
  return { field: at, ...rule(error) }
}

function path(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '')
}

type Rule = Omit<FieldError, 'field'>

function rule({ keyword, params, message, parentSchema, schema }: ErrorObject): Rule {
  const atLeast = (count: number, unit: string) =>
    `must have at least ${count} ${unit}${count === 1 ? '' : 's'}`
  switch (keyword) {
    case 'type':
      return { code: 'wrong_type', message: `must be ${typeNames(schema ?? params.type)}` }
    case 'enum':
      return {
        code: 'not_allowed_value',
        message: `must be one of ${(params.allowedValues as unknown[]).map(String).join(', ')}`,
      }
    case 'minLength':
      if (params.limit === 1) return { code: 'empty', message: 'must not be empty' }
      return { code: 'too_short', message: atLeast(params.limit, 'character'), limit: params.limit }
    case 'minItems':
      if (params.limit === 1) return { code: 'empty', message: atLeast(1, 'item') }
      return { code: 'too_short', message: atLeast(params.limit, 'item'), limit: params.limit }
    case 'maxLength':
      return { code: 'too_long', message: atMost(params.limit, 'character'), limit: params.limit }
    case 'maxItems':
      return { code: 'too_many_items', message: atMost(params.limit, 'item'), limit: params.limit }
    case 'maxProperties':
      return { code: 'too_many_items', message: atMost(params.limit, 'field'), limit: params.limit }
    case 'minimum':
      return { code: 'too_small', message: `must be at least ${params.limit}`, limit: params.limit }
    case 'maximum':
      return { code: 'too_large', message: `must be at most ${params.limit}`, limit: params.limit }
    case 'pattern': {
      const { errorMessage = `must match ${params.pattern}` } = parentSchema as { errorMessage?: string }
      return { code: params.pattern === filledPattern ? 'empty' : 'wrong_format', message: errorMessage }
    }
    default:
      return { code: 'not_allowed', message: message ?? 'is not valid' }
  }
}

function typeNames(type: string | string[]): string {
  const article = (name: string) =>
    /^[aio]/.test(name) ? `an ${name}` : name === 'null' ? 'null' : `a ${name}`
  return [type].flat().map(article).join(' or ')
}
