import type { ErrorCode, FieldCode } from '../../src/lib/error-codes.ts'

/** A rule that a field breaks. `message` continues a sentence that begins with the name of the field. */
export interface FieldError {
  field: string
  message: string
  code: FieldCode
  /** The number of a rule about a size, if the server said it. */
  limit?: number
}

/** The body of an error. That of a proxy has none of these. */
interface ErrorBody {
  error?: string
  code?: ErrorCode
  errors?: FieldError[]
}

/** A call that failed: the server refused it, or there was no response; then `status` is 0. */
export class CallError extends Error {
  readonly status: number
  /** What is wrong, as a word; undefined if the server did not respond, or a proxy did. */
  readonly code: ErrorCode | undefined
  /** Seconds after which the call may be tried again, as the server said; 0 if it did not. */
  readonly retryAfter: number
  /** The fields of the body that break a rule, as the server said. */
  readonly fields: readonly FieldError[]
  /** The whole body of the error: some calls have more in it. */
  readonly body: object

  constructor(status: number, message: string, retryAfter = 0, body: ErrorBody = {}) {
    super(message)
    this.status = status
    this.code = body.code
    this.retryAfter = retryAfter
    this.fields = body.errors ?? []
    this.body = body
  }

  /** Whether the same call may succeed soon: no network, too many calls, or a server in trouble. */
  get isPassing(): boolean {
    // A full disk, or a quota for the day: messages that come after it must not wait for that long.
    if (this.retryAfter > 300) return false
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500
  }
}

export interface CallOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Sent as JSON; a form is sent as it is. */
  body?: unknown
  headers?: Record<string, string>
  /** Any of them ends the call. */
  signals?: readonly AbortSignal[]
  /** Milliseconds. A network that swallows everything would hold a call for minutes. */
  timeout?: number
  credentials?: 'omit'
  /** Whether the request goes on when the page is left. */
  keepalive?: boolean
}

/** Calls the server and returns the parsed body of its response. Throws CallError. */
export async function call<T>(url: string, options: CallOptions = {}): Promise<T> {
  const { method = 'GET', body, headers, signals = [], timeout = 30_000, credentials, keepalive } = options
  const isForm = body instanceof FormData
  const type: Record<string, string> =
    body === undefined || isForm ? {} : { 'content-type': 'application/json' }
  let response: Response
  try {
    response = await fetch(url, {
      method,
      headers: { ...type, ...headers },
      signal: anyOf([AbortSignal.timeout(timeout), ...signals]),
      ...(credentials ? { credentials } : {}),
      ...(keepalive ? { keepalive } : {}),
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    })
  } catch (error) {
    throw new CallError(0, (error as Error).message)
  }
  const text = await response.text().catch((error: Error) => error)
  return readResponse<T>(response.status, text, response.headers.get('retry-after'))
}

// AbortSignal.any() is missing in browsers that the widget supports.
function anyOf(signals: readonly AbortSignal[]): AbortSignal {
  const any = new AbortController()
  for (const signal of signals) {
    if (signal.aborted) any.abort()
    signal.addEventListener('abort', () => any.abort())
  }
  return any.signal
}

/** Returns the parsed body of a response. `text` is an Error if the connection broke. Throws CallError for a refusal. */
export function readResponse<T>(status: number, text: string | Error, retryAfter: string | null): T {
  const parsed = parse(text)
  // A proxy's own page, or a connection that broke in the middle of a response: nothing is known about the call then.
  if (status < 300 && parsed instanceof Error) throw new CallError(0, parsed.message)
  if (status < 300) return parsed as T
  const body = (parsed ?? {}) as ErrorBody
  const sentence = body.error ?? `The server responded with ${status}.`
  throw new CallError(status, sentence, Number(retryAfter) || 0, body)
}

function parse(text: string | Error): unknown {
  try {
    return text === '' || text instanceof Error ? text || undefined : JSON.parse(text)
  } catch (error) {
    return error
  }
}
