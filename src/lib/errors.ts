/** Why a request is refused. `http/errors.ts` maps each reason to a status code. */
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

/** An error that the caller may see: its message describes the request, never the internals of the server. */
export class Refusal extends Error {
  readonly reason: Reason
  readonly fields: FieldError[] | undefined
  /** Seconds until the request may be repeated. */
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

/** The refusal of a well-formed body that breaks a rule (422). */
export function invalid(field: string, message: string): Refusal {
  return invalidFields([{ field, message }])
}

/** Like `invalid`, for one or more fields. */
export function invalidFields(fields: FieldError[]): Refusal {
  return new Refusal('invalid', fields.map(({ field, message }) => `${field} ${message}`).join('; '), {
    fields,
  })
}

/** The refusal for something that does not exist or that this actor may not see (404); callers cannot tell which. */
export function notFound(what: string): Refusal {
  return new Refusal('not_found', `${what} not found`)
}
