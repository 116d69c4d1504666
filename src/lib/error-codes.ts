/** Every code of an error, with its HTTP status. docs/errors.md says when each is sent; programs may rely on them. */
export const errorCodes = {
  malformed: 400,
  unauthenticated: 401,
  wrong_credentials: 401,
  forbidden: 403,
  administrator_required: 403,
  contact_blocked: 403,
  identity_not_proven: 403,
  link_expired: 403,
  missing_scope: 403,
  origin_not_allowed: 403,
  not_found: 404,
  route_not_found: 404,
  unknown_source_id: 404,
  request_timeout: 408,
  conflict: 409,
  already_answered: 409,
  assignee_changed: 409,
  inbox_has_conversations: 409,
  last_administrator: 409,
  limit_reached: 409,
  stale: 409,
  too_large: 413,
  unsupported_media_type: 415,
  range_not_satisfiable: 416,
  invalid: 422,
  idempotency_key_reused: 422,
  too_many_requests: 429,
  headers_too_large: 431,
  internal_error: 500,
  unavailable: 503,
} as const

/** Says which rule a request breaks. */
export type ErrorCode = keyof typeof errorCodes

/** Every code of a field in `errors`. */
export const fieldCodes = [
  'required',
  'empty',
  'wrong_type',
  'wrong_format',
  'too_short',
  'too_long',
  'too_many_items',
  'too_small',
  'too_large',
  'not_allowed_value',
  'not_allowed',
  'not_found',
  'taken',
  'duplicate',
  'in_the_past',
  'expired',
  'wrong_password',
  'weak_password',
] as const

/** Says which rule a field breaks. */
export type FieldCode = (typeof fieldCodes)[number]
