import type { ErrorCode, FieldCode } from './error-codes.ts'

/** What is wrong with one field of a request: `field` is a path such as `content_attributes.items[0].title`. */
export interface FieldError {
  field: string
  message: string
  code: FieldCode
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

  constructor(
    code: ErrorCode,
    message: string,
    options: { fields?: FieldError[]; cause?: unknown; retryAfter?: number } = {},
  ) {
    super(message, { cause: options.cause })
    this.code = code
    this.fields = options.fields
    this.retryAfter = options.retryAfter
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

/** The refusal for something that does not exist or that this actor may not see (404); callers cannot tell which. */
export function notFound(what: string): Refusal {
  return new Refusal('not_found', `${what} not found`)
}

/** Whether an error only says that the database is unavailable at the moment. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'unavailable'
}
