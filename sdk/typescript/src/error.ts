import type { ErrorBody } from './api.ts'

/** The codes of docs/errors.md. `no_response`: nothing is known about the call. `unknown`: a proxy has responded. */
export type ErrorCode = ErrorBody['code'] | 'no_response' | 'unknown'

/** A field of the body that breaks a rule. `message` continues a sentence that begins with the field. */
export type FieldError = NonNullable<ErrorBody['errors']>[number]

interface Details {
  body?: Partial<ErrorBody> | undefined
  requestId?: string | undefined
  retryAfter?: number
  cause?: unknown
}

/** A call that failed: the server refused it, or did not respond. `message` is a sentence for people. */
export class NdotoError extends Error {
  override readonly name = 'NdotoError'
  /** The HTTP status; 0 if there was no complete response. */
  readonly status: number
  /** What is wrong, as a word that programs can compare. */
  readonly code: ErrorCode
  /** With the code `invalid`: the fields that break a rule. */
  readonly fields: readonly FieldError[]
  /** The name of the request in the log of the server. */
  readonly requestId: string | undefined
  /** Seconds after which the call can be repeated; 0 if the server did not say. */
  readonly retryAfter: number

  constructor(status: number, message: string, details: Details = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause })
    const { body, requestId, retryAfter = 0 } = details
    this.status = status
    this.code = body?.code ?? (status === 0 ? 'no_response' : 'unknown')
    this.fields = body?.errors ?? []
    this.requestId = requestId
    this.retryAfter = retryAfter
  }
}

/** Returns the error of a response with a status of 300 or more, whose body is `text`. */
export function errorOf({ status, headers }: { status: number; headers: Headers }, text: string): NdotoError {
  const body = parse(text)
  return new NdotoError(status, body?.error ?? `The server responded with ${status}.`, {
    body,
    requestId: headers.get('x-request-id') ?? undefined,
    retryAfter: Number(headers.get('retry-after')) || 0,
  })
}

/** The page of a proxy is not one of our errors. */
function parse(text: string): Partial<ErrorBody> | undefined {
  try {
    const body = JSON.parse(text)
    return typeof body?.error === 'string' ? body : undefined
  } catch {
    return undefined
  }
}
