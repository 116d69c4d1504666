/** Why a request is refused; `http/errors.ts` turns each into a status code. */
export type Reason =
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'unsupported'
  | 'invalid'
  | 'too_many'
  | 'unavailable'

/** What is wrong with one field of a body: `field` is a path such as `content_attributes.items[0].title`. */
export interface FieldError {
  field: string
  message: string
}

/** A refusal that the caller may read: its message says what is wrong with the request, never what is inside. */
export class Refusal extends Error {
  readonly reason: Reason
  readonly fields: FieldError[] | undefined
  /** Seconds after which it may be tried again. */
  readonly retryAfter: number | undefined

  constructor(
    reason: Reason,
    message: string,
    options: { fields?: FieldError[]; cause?: unknown; retryAfter?: number } = {},
  ) {
    super(message, { cause: options.cause })
    this.reason = reason
    this.fields = options.fields
    this.retryAfter = options.retryAfter
  }
}

/** A well-formed body that breaks a rule (422). */
export function invalid(field: string, message: string): Refusal {
  return invalidFields([{ field, message }])
}

/** As `invalid`, for one or more fields. */
export function invalidFields(fields: FieldError[]): Refusal {
  return new Refusal('invalid', fields.map(({ field, message }) => `${field} ${message}`).join('; '), {
    fields,
  })
}

/** No such thing here, or not visible to this actor (404); the two must not be told apart. */
export function notFound(what: string): Refusal {
  return new Refusal('not_found', `${what} not found`)
}
