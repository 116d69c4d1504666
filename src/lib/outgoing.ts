import type { ClientRequest } from 'node:http'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import {
  type Address,
  type Destination,
  parseDestination,
  type Resolve,
  resolveAddresses,
} from './destination.ts'
import { http } from './http.ts'
import { keepingAgents } from './keeping-agents.ts'

/** Why a request failed, in one word. */
export type Failure =
  | 'url' // not an http or https URL, or one with credentials
  | 'blocked' // the host has an address that is not public
  | 'dns' // the host name has no address
  | 'refused' // nothing listens on the port
  | 'unreachable' // there is no route to the address
  | 'tls' // no trusted certificate for this host, or no TLS
  | 'protocol' // the response is not HTTP
  | 'closed' // the connection was closed before the end of the response
  | 'timeout' // the whole request took longer than `timeoutMs`
  | 'redirect' // 3xx; redirects are never followed
  | 'status' // any other code that is not 2xx

/** The result of a request. `error` is null if the status is 2xx and the response was read to its end or the limit. */
export interface Outcome {
  /** The status code, also if the request failed after receiving it; null if there was no response. */
  code: number | null
  error: Failure | null
  /** The first bytes of the response body as text. */
  answer: string
  /** How long the server asks to wait (`Retry-After`), in milliseconds; undefined if it does not. */
  retryAfterMs?: number
  durationMs: number
}

export interface Call {
  /** Must not come from a customer. `host`, `connection` and `content-length` are added. */
  headers: Record<string, string>
  body: string | Uint8Array
  /** For the whole request: DNS, connection, TLS, headers and body. Default: 10 seconds. */
  timeoutMs?: number
  /** Aborts the request, which then fails as `closed`. */
  signal?: AbortSignal
  /** Allows any address, including this machine and its networks. */
  allowPrivate?: boolean
  /** Where the response body is cut off. Default: 1024. */
  maxAnswerBytes?: number
  /**
   * Keeps the connection open, and uses that of an earlier request again. If the server has just closed it, the request
   * is sent a second time, which the server must be able to recognize. Default: a connection of its own.
   */
  reuseConnection?: boolean
  /** Resolves host names. Default: the operating system's resolver. */
  resolve?: Resolve
  /** The certificates (PEM) to trust. Default: those of Node.js. */
  ca?: string
}

/**
 * Sends a POST to a URL that a user has chosen. Unless `allowPrivate` is set, all addresses of the host must be public,
 * and only the addresses that were checked are connected to. Failures are in the outcome, not thrown.
 */
export async function post(url: string, call: Call): Promise<Outcome> {
  const start = performance.now()
  const { timeoutMs = 10_000, allowPrivate = false, maxAnswerBytes = 1024 } = call
  const full = { ...call, timeoutMs, allowPrivate, maxAnswerBytes }
  const { promise: cut, resolve: end } = Promise.withResolvers<Cut>()
  const timer = setTimeout(end, timeoutMs, 'timeout')
  const abort = () => end('closed')
  call.signal?.addEventListener('abort', abort)
  if (call.signal?.aborted) abort()
  try {
    const result = await attempt(url, full, cut)
    return { ...result, durationMs: Math.round(performance.now() - start) }
  } finally {
    clearTimeout(timer)
    call.signal?.removeEventListener('abort', abort)
  }
}

/** Why a request is ended before its end. */
type Cut = 'timeout' | 'closed'

type FullCall = Call & Required<Pick<Call, 'timeoutMs' | 'allowPrivate' | 'maxAnswerBytes'>>
type Result = Omit<Outcome, 'durationMs'>

async function attempt(url: string, call: FullCall, cut: Promise<Cut>): Promise<Result> {
  const destination = parseDestination(url, call.allowPrivate)
  if ('error' in destination) return { code: null, error: destination.error, answer: '' }
  const addresses = await Promise.race([resolveAddresses(destination, call.allowPrivate, call.resolve), cut])
  if (typeof addresses === 'string') return { code: null, error: addresses, answer: '' }
  const send = (reuse: boolean) => exchange(requestTo(destination, addresses, call, reuse), call, cut)
  const result = await send(call.reuseConnection === true)
  return result === 'stale' ? ((await send(false)) as Result) : result
}

/** Sends a request. Returns `stale` if a connection that was kept open has ended before the response. */
function exchange(request: ClientRequest, call: FullCall, cut: Promise<Cut>): Promise<Result | 'stale'> {
  const { promise, resolve } = Promise.withResolvers<Result | 'stale'>()
  const pieces: Buffer[] = []
  let length = 0
  let code: number | null = null
  let retryAfterMs: number | undefined
  let isFinished = false
  const finish = (error: Failure | null, isComplete = false) => {
    // The destroyed request may still emit events.
    if (isFinished) return
    isFinished = true
    const answer = textOf(Buffer.concat(pieces).subarray(0, call.maxAnswerBytes))
    const status = code === null ? null : failureOfStatus(code)
    resolve({ code, error: status ?? error, answer, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) })
    // After a complete exchange, its connection already belongs to the agent or another request. A server that responds
    // before it has read the body, and then stops reading, would otherwise keep the connection open for ever.
    if (!isComplete || !request.writableFinished) request.destroy()
  }
  const isSecure = request.protocol === 'https:'
  const fail = (error: NodeJS.ErrnoException) => {
    const failure = failureOfError(error.code ?? '', isSecure)
    if (request.reusedSocket && code === null && failure === 'closed' && !isFinished) resolve('stale')
    finish(failure)
  }

  cut.then((reason) => finish(reason))
  request.on('error', fail)
  request.on('upgrade', ({ statusCode }, socket) => {
    code = statusCode!
    finish(null)
    socket.destroy()
  })
  request.on('response', (response) => {
    code = response.statusCode!
    retryAfterMs = waitOf(response.headers['retry-after'])
    response.on('data', (piece: Buffer) => {
      pieces.push(piece)
      length += piece.length
      if (length >= call.maxAnswerBytes) finish(null)
    })
    response.on('end', () => finish(null, response.complete))
    response.on('error', fail)
  })
  request.end(call.body)
  return promise
}

function requestTo(
  { url, host }: Destination,
  addresses: Address[],
  call: FullCall,
  reuse: boolean,
): ClientRequest {
  const isSecure = url.protocol === 'https:'
  const scheme = isSecure ? https : http
  const options = {
    method: 'POST',
    host,
    port: url.port || (isSecure ? 443 : 80),
    path: url.pathname + url.search,
    headers: {
      ...call.headers,
      host: url.host,
      connection: reuse ? 'keep-alive' : 'close',
      'content-length': Buffer.byteLength(call.body),
    },
    // Not the global agent: environment variables can make it use a proxy.
    agent: reuse ? keepingAgents[isSecure ? 'https' : 'http'] : new scheme.Agent({ keepAlive: false }),
    lookup: lookupOf(addresses),
    addresses: addresses
      .map(({ address }) => address)
      .sort()
      .join(),
    // Leaves time to try each address; the last one gets all of the remaining time.
    autoSelectFamilyAttemptTimeout: Math.max(250, call.timeoutMs / (2 * addresses.length)),
    // Both explicit: an environment variable can disable the verification, and the `host` header would change the name.
    rejectUnauthorized: true,
    servername: isIP(host) ? '' : host.replace(/\.$/, ''),
    ...(call.ca === undefined ? {} : { ca: call.ca }),
  }
  return scheme.request(options)
}

/** A lookup function that returns the addresses that were checked, without resolving the host again. */
function lookupOf(addresses: Address[]): LookupFunction {
  return (_host, { all }, callback) =>
    all ? callback(null, addresses) : callback(null, addresses[0]!.address, addresses[0]!.family)
}

function failureOfStatus(code: number): Failure | null {
  if (code >= 200 && code < 300) return null
  return code >= 300 && code < 400 ? 'redirect' : 'status'
}

const failures: Record<string, Failure> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'closed',
  EPIPE: 'closed',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EACCES: 'unreachable',
  EPERM: 'unreachable',
}

// OpenSSL has too many codes to list: on HTTPS, an error that is neither of the network nor of the HTTP parser is of
// TLS.
function failureOfError(code: string, isSecure: boolean): Failure {
  if (Object.hasOwn(failures, code)) return failures[code]!
  return isSecure && !code.startsWith('HPE_') ? 'tls' : 'protocol'
}

/** The value of `Retry-After` in milliseconds: it is seconds or a date. */
function waitOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const wait = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isNaN(wait) ? undefined : Math.max(0, wait)
}

// `stream` drops a character that is cut off at the end. U+0000 cannot be stored in the database.
function textOf(bytes: Buffer): string {
  return new TextDecoder().decode(bytes, { stream: true }).replaceAll('\0', '\ufffd')
}
