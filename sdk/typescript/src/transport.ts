import { errorOf, NdotoError } from './error.ts'
import { type Answer, exchange } from './exchange.ts'
import type { SendOptions, Settings } from './options.ts'
import { backoff, pause } from './pause.ts'

/** A call of the API. */
export interface Call {
  method: string
  /** From the root of the server. */
  path: string
  query?: object | undefined
  /** Sent as JSON, or as a form if it has `attachments`. */
  body?: object | undefined
  /** Whether it takes an `Idempotency-Key`. */
  takesKey?: boolean
  /** Whether doing it twice is the same as doing it once. */
  isSafe: boolean
  /** Whether it removes what its path names: if that no longer exists after a lost response, it has succeeded. */
  isRemoval?: boolean
}

const longestPause = 10_000
// A limit that lasts longer, such as a quota for the day, is for the caller to decide about.
const longestRetryAfter = 60

/** Sends calls to a server, and repeats those that failed if that is safe. */
export class Transport {
  readonly url: string
  readonly settings: Settings
  readonly #headers: () => Record<string, string>

  constructor(settings: Settings, headers: () => Record<string, string> = () => ({})) {
    this.url = settings.url.replace(/\/+$/, '')
    this.settings = settings
    this.#headers = headers
  }

  /** The headers of each call, such as the token. */
  get headers(): Record<string, string> {
    return this.#headers()
  }

  /** Returns the parsed body of the response. Throws NdotoError, or the reason of the signal. */
  async call<T>(call: Call, options: SendOptions = {}): Promise<T> {
    const { takesKey, isSafe } = call
    const key = takesKey ? (options.idempotencyKey ?? randomKey()) : undefined
    const isRepeatable = isSafe || takesKey === true
    const { retries = this.settings.retries ?? 8 } = options
    let mayHaveArrived = false
    for (let tries = 0; ; tries++) {
      try {
        return await this.#once<T>(call, key, options)
      } catch (error) {
        if (!(error instanceof NdotoError)) throw error
        if (call.isRemoval && error.status === 404 && mayHaveArrived) return undefined as T
        const canRepeat = wasRefusedBefore(error) || (isRepeatable && isPassing(error))
        if (!canRepeat || tries >= retries || error.retryAfter > longestRetryAfter) throw error
        mayHaveArrived ||= !wasRefusedBefore(error)
        const wait = backoff(this.settings.pause ?? 250, tries, longestPause)
        await pause(Math.max(wait, error.retryAfter * 1000), options.signal)
      }
    }
  }

  async #once<T>(call: Call, key: string | undefined, options: SendOptions): Promise<T> {
    const { timeout = this.settings.timeout ?? 30_000, signal } = options
    const { body, size } = encode(call.body)
    const headers = {
      accept: 'application/json',
      ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...this.headers,
    }
    const { method } = call
    const url = this.url + call.path + queryOf(call.query)
    const { onProgress } = options
    const { fetch } = this.settings
    let answer: Answer
    try {
      answer = await exchange({ url, method, headers, body, size, signal, timeout, onProgress, fetch })
    } catch (cause) {
      if (signal?.aborted) throw signal.reason
      throw new NdotoError(0, (cause as Error).message, { cause })
    }
    if (answer.status >= 300) throw errorOf(answer, answer.text)
    try {
      return parse(answer) as T
    } catch (cause) {
      // The page of a proxy, or a response that was cut off.
      throw new NdotoError(0, 'The response is not JSON.', { cause })
    }
  }
}

/** 128 random bits. `crypto.randomUUID` does not exist in pages without TLS. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function isPassing({ status }: NdotoError): boolean {
  return status === 0 || status === 408 || status >= 500
}

// What Node.js, Deno and Bun say if there was no connection, as far as they do.
const unconnected = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ConnectionRefused|UND_ERR_CONNECT_TIMEOUT)$/

/** Whether the server has certainly not done what it was asked for. */
function wasRefusedBefore({ status, cause }: NdotoError): boolean {
  if (status !== 0) return status === 429
  const { code, cause: inner } = (cause ?? {}) as { code?: unknown; cause?: { code?: unknown } }
  return unconnected.test(String(inner?.code ?? code))
}

/** Returns the body that is sent, and the size of its files in bytes. */
function encode(body: object | undefined): { body: string | FormData | undefined; size: number } {
  if (!body) return { body: undefined, size: 0 }
  const { attachments = [], ...fields } = body as { attachments?: Blob[] }
  if (attachments.length === 0) return { body: JSON.stringify(fields), size: 0 }
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue
    form.append(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  for (const file of attachments) form.append('attachments[]', file)
  return { body: form, size: attachments.reduce((sum, { size }) => sum + size, 0) }
}

/** Returns a query with the question mark, without what is undefined. Lists are separated by commas. */
export function queryOf(query: object = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined)
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`
}

/** The body as JSON, or as text if it is a raw e-mail. Anything else is the page of a proxy. */
function parse({ headers, text }: { headers: Headers; text: string }): unknown {
  if (text === '' || headers.get('content-type')?.startsWith('message/rfc822')) return text || undefined
  return JSON.parse(text)
}
