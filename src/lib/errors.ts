import type { ErrorCode, FieldCode } from './error-codes.ts'

/** What is wrong with one field of a request: `field` is a path such as `content_attributes.items[0].title`. */
export interface FieldError {
  field: string
  message: string
  code: FieldCode
  /** The number that the rule compares with: of characters, of items, or the smallest or largest number. */
  limit?: number
}

/**
 * An error that the caller may see: its message describes the request, never the internals of the server. Its code
 * determines the status of the response.
 */
export class Refusal extends Error {
  readonly code: ErrorCode
  readonly fields: FieldError[] | undefined
  /** Seconds until the request may be repeated. */
  readonly retryAfter: number | undefined
  /** More fields of the body of the error, which its route describes. */
  readonly details: Record<string, unknown> | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      fields?: FieldError[]
      cause?: unknown
      retryAfter?: number
      details?: Record<string, unknown>
    } = {},
  ) {
    super(message, { cause: options.cause })
    this.code = code
    this.fields = options.fields
    this.retryAfter = options.retryAfter
    this.details = options.details
  }
}

/**
 * The refusal for something that has become a part of another one of its kind. Routes with this parameter in their path are
 * called again with the id of the other one.
 */
export class Replaced extends Refusal {
  readonly parameter: string
  readonly from: number
  readonly to: number

  constructor(parameter: string, from: number, to: number, message: string) {
    super('conflict', message)
    this.parameter = parameter
    this.from = from
    this.to = to
  }
}

/** The refusal of a well-formed body that breaks a rule (422). */
export function invalid(field: string, message: string, code: FieldCode = 'not_allowed'): Refusal {
  return invalidFields([{ field, message, code }])
}

/** Like `invalid`, for one or more fields. `code` is a more specific one than `invalid`. */
export function invalidFields(fields: FieldError[], code: ErrorCode = 'invalid'): Refusal {
  return new Refusal(code, fields.map(({ field, message }) => `${field} ${message}`).join('; '), { fields })
}

/** The refusal of an `Idempotency-Key` that an earlier request had, which asked for something else (422). */
export function reusedKey(what: string): Refusal {
  const message = `was already used for another ${what}: use a new key`
  return invalidFields([{ field: 'Idempotency-Key', message, code: 'taken' }], 'idempotency_key_reused')
}

/** The refusal for something that does not exist or that this actor may not see (404); callers cannot tell which. */
export function notFound(what: string): Refusal {
  return new Refusal('not_found', `${what} not found`)
}

/** Whether an error only says that the database is unavailable at the moment. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'unavailable'
}
