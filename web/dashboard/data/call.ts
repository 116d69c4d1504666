import { strings } from '../strings.ts'

/** A rule that a field breaks: `message` goes on where the name of the field ends. */
export interface FieldError {
  field: string
  message: string
}

/** An answer that is a refusal, or none at all: then `status` is 0. */
export class CallError extends Error {
  readonly status: number
  /** Seconds after which it may be tried again, where the server has said so. */
  readonly retryAfter: number
  /** What is wrong with which field of the body, where the server has said so. */
  readonly fields: readonly FieldError[]

  constructor(status: number, message: string, retryAfter = 0, fields: readonly FieldError[] = []) {
    super(message)
    this.status = status
    this.retryAfter = retryAfter
    this.fields = fields
  }

  /** Whether the same call may well be answered soon: no network, too many calls, a server in trouble. */
  get isPassing(): boolean {
    // A full disk, a quota for the day: what was written after it must not wait for that.
    if (this.retryAfter > 300) return false
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500
  }
}

interface Request {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Sent as JSON. */
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
}

let onSignedOut = () => {}

/** Names what is done when the server does not know the session any more. */
export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback
}

// Milliseconds. A network that swallows everything would hold a call for minutes.
const longestCall = 30_000

/** Calls the server that the page is from, by its whole path; gives the body. Throws CallError. */
export async function call<T>(path: string, request: Request = {}): Promise<T> {
  const { method = 'GET', body, headers, signal = AbortSignal.timeout(longestCall) } = request
  let response: Response
  try {
    response = await fetch(path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    })
  } catch (error) {
    throw new CallError(0, (error as Error).message)
  }
  const text = await response.text().catch((error: Error) => error)
  return answerOf<T>(path, response.status, text, response.headers.get('retry-after'))
}

interface Upload {
  headers: Record<string, string>
  signal: AbortSignal
  /** Called with the share of the form that has left, from 0 to 1. */
  onProgress(share: number): void
}

// Milliseconds without any progress after which a connection is taken for dead.
const stall = 30_000
// The server may have to pass it all on to a storage before it answers.
const longestAnswer = 180_000

/** Posts a form, and tells how far it has come, which fetch() does not. Throws CallError. */
export function upload<T>(path: string, form: FormData, { headers, signal, onProgress }: Upload): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const fail = () => reject(new CallError(0, strings.notReached))
    const stop = () => request.abort()
    let timer = setTimeout(stop, stall)
    const wait = (longest: number) => {
      clearTimeout(timer)
      timer = setTimeout(stop, longest)
    }
    request.upload.onprogress = ({ loaded, total }) => {
      wait(loaded < total ? stall : longestAnswer)
      onProgress(total > 0 ? loaded / total : 0)
    }
    request.onerror = fail
    request.onabort = fail
    request.onload = () => {
      try {
        const { status, responseText } = request
        resolve(answerOf<T>(path, status, responseText, request.getResponseHeader('retry-after')))
      } catch (error) {
        reject(error)
      }
    }
    request.onloadend = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
    }
    signal.addEventListener('abort', stop)
    request.open('POST', path)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.send(form)
    if (signal.aborted) stop()
  })
}

function answerOf<T>(path: string, status: number, text: string | Error, retryAfter: string | null): T {
  const answer = parse(text)
  // A proxy's own page; or the connection broke in the middle of an answer, of which nothing is known then.
  if (status < 300 && answer instanceof Error) throw new CallError(0, answer.message)
  if (status < 300) return answer as T
  if (status === 401 && !path.startsWith('/auth/')) onSignedOut()
  const refusal = answer as { error?: string; errors?: FieldError[] } | undefined
  const sentence = refusal?.error ?? strings.refusedWith(status)
  throw new CallError(status, sentence, Number(retryAfter) || 0, refusal?.errors)
}

function parse(text: string | Error): unknown {
  try {
    return text === '' || text instanceof Error ? text || undefined : JSON.parse(text)
  } catch (error) {
    return error
  }
}
