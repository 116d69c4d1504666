import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { type FieldError, invalidFields, Refusal } from './errors.ts'

/** A JSON schema; TypeBox schemas are such. */
export type Schema = object

const ajv = new Ajv({ allErrors: true, strict: false, useDefaults: true, verbose: true })

/** Compiles a check of JSON values that fills in defaults and says everything that is wrong. */
export function checker(schema: Schema): (value: unknown) => FieldError[] {
  // Not before it is needed: a start would compile those of all calls.
  let validate: ValidateFunction | undefined
  return (value) => {
    validate ??= ajv.compile(schema)
    return validate(value) ? [] : describeAll(validate)
  }
}

/** Throws a Refusal `invalid` (422) with the fields of `value` that break the schema; `at` is where the value stands. */
export function assertValid(check: (value: unknown) => FieldError[], value: unknown, at: string): void {
  const errors = check(value)
  if (errors.length === 0) return
  throw invalidFields(
    errors.map(({ field, message }) => ({ field: field ? joined(at, field) : at, message })),
  )
}

/** Whether every engine gives a text back as it came, and what to say where not. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}
export const storableRule = 'must not contain the NUL character or half of a surrogate pair'

/** For a query string: the first error is enough there (400). */
export function malformed(errors: FieldError[]): Refusal {
  return new Refusal('malformed', errors.map(({ field, message }) => `${field} ${message}`).join('; '))
}

function joined(at: string, field: string): string {
  return field.startsWith('[') ? at + field : `${at}.${field}`
}

function describeAll(validate: ValidateFunction): FieldError[] {
  // A schema that branches reports each branch and then the branching itself; one sentence a field is enough.
  const byField = new Map<string, FieldError>()
  for (const error of validate.errors ?? []) {
    const described = describe(error)
    if (described && !byField.has(described.field)) byField.set(described.field, described)
  }
  return [...byField.values()].slice(0, 20)
}

function describe(error: ErrorObject): FieldError | undefined {
  const at = path(error.instancePath)
  if (error.keyword === 'if') return undefined
  if (error.keyword === 'required') {
    const missing = error.params.missingProperty as string
    return { field: at ? `${at}.${missing}` : missing, message: 'is required' }
  }
  return { field: at, message: rule(error) }
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

function rule({ keyword, params, message, parentSchema, schema }: ErrorObject): string {
  const plural = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'}`
  switch (keyword) {
    case 'type':
      return `must be ${typeNames(schema ?? params.type)}`
    case 'enum':
      return `must be one of ${(params.allowedValues as unknown[]).map(String).join(', ')}`
    case 'minLength':
      return params.limit === 1
        ? 'must not be empty'
        : `must have at least ${plural(params.limit, 'character')}`
    case 'maxLength':
      return `must have at most ${plural(params.limit, 'character')}`
    case 'minItems':
      return `must have at least ${plural(params.limit, 'item')}`
    case 'maxItems':
      return `must have at most ${plural(params.limit, 'item')}`
    case 'minimum':
      return `must be at least ${params.limit}`
    case 'maximum':
      return `must be at most ${params.limit}`
    case 'pattern':
      return (parentSchema as { errorMessage?: string })?.errorMessage ?? `must match ${params.pattern}`
    default:
      return message ?? 'is not valid'
  }
}

function typeNames(type: string | string[]): string {
  const article = (name: string) =>
    /^[aio]/.test(name) ? `an ${name}` : name === 'null' ? 'null' : `a ${name}`
  return [type].flat().map(article).join(' or ')
}
