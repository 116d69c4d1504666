/** How a client reaches its server. */
export interface Settings {
  /** The address of the server, such as `https://support.example.com`. */
  url: string
  /** Used instead of the global `fetch`. */
  fetch?: typeof fetch
  /** How often a call is repeated that failed and may succeed, by default 8 times. */
  retries?: number
  /** Milliseconds before the first repetition, by default 250. It doubles with each one, up to 10 seconds. */
  pause?: number
  /** Milliseconds without progress after which a connection counts as dead, by default 30,000. */
  timeout?: number
}

/** What a single call can change. */
export interface CallOptions {
  /** Ends the call, which rejects with the reason of the signal. */
  signal?: AbortSignal
  retries?: number
  timeout?: number
}

/** For calls that can have files. */
export interface UploadOptions extends CallOptions {
  /** Called with the share of the files that was sent, from 0 to 1. A repetition begins at 0 again. */
  onProgress?: (share: number) => void
}

/** For calls that create something once, however often they are repeated. */
export interface SendOptions extends UploadOptions {
  /** Identifies what is sent. By default each call has a new one, which its repetitions share. */
  idempotencyKey?: string
}

/**
 * What calls take after their ids, and which of them take an `Idempotency-Key`. A list has the names of the fields of the query,
 * if a call has a body, too: they are in one object with the fields of the body.
 */
export type Inputs = Record<string, 'query' | 'body' | 'body and key' | readonly string[]>
