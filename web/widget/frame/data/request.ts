/** An answer that is a refusal, or none at all: then `status` is 0. */
export class CallError extends Error {
  readonly status: number
  /** Seconds after which it may be tried again, where the server has said so. */
  readonly retryAfter: number

  constructor(status: number, message: string, retryAfter = 0) {
    super(message)
    this.status = status
    this.retryAfter = retryAfter
  }

  /** Whether the same call may well be answered soon: no network, too many calls, a server in trouble. */
  get isPassing(): boolean {
    // A full disk, a quota for the day: what was written after it must not wait for that.
    if (this.retryAfter > 300) return false
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500
  }
}

export interface Request {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Sent as JSON, or as the form that it is. */
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
  credentials?: 'omit'
}

/** Asks a server that answers JSON, and gives the body. Throws CallError. */
export async function request<T>(url: string, { body, headers, ...rest }: Request = {}): Promise<T> {
  const isForm = typeof FormData !== 'undefined' && body instanceof FormData
  const isJson = body !== undefined && !isForm
  let response: Response
  try {
    response = await fetch(url, {
      ...rest,
      headers: { ...(isJson ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(body === undefined ? {} : { body: isForm ? (body as FormData) : JSON.stringify(body) }),
    })
  } catch (error) {
    throw new CallError(0, (error as Error).message)
  }
  const answer = await bodyOf(response)
  if (response.ok) return answer as T
  const sentence = (answer as { error?: string } | undefined)?.error ?? response.statusText
  throw new CallError(response.status, sentence, Number(response.headers.get('retry-after')) || 0)
}

async function bodyOf(response: Response): Promise<unknown> {
  try {
    const text = await response.text()
    return text === '' ? undefined : JSON.parse(text)
  } catch (error) {
    // A proxy's own page; or the connection broke in the middle of an answer, of which nothing is known then.
    if (response.ok) throw new CallError(0, (error as Error).message)
    return undefined
  }
}
