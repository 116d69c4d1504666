import http from 'node:http'
import https from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { type Address, addressesOf, type Destination, destinationOf, type Resolve } from './destination.ts'

/** The ways in which a call can fail, each one word. */
export type Failure =
  | 'url' // not a URL that is called at all
  | 'blocked' // leads to an address that is not public
  | 'dns' // the name has no address
  | 'refused' // nobody listens there
  | 'unreachable' // no way to the address
  | 'tls' // no certificate for this name that we trust, or no TLS
  | 'protocol' // what came back is not HTTP
  | 'closed' // hung up before the end of the answer
  | 'timeout' // took longer than all of it may
  | 'redirect' // 3xx; never followed
  | 'status' // any other code that is not 2xx

/** What became of a call. `error` is null for a 2xx whose answer came to its end, or to the length that is read. */
export interface Outcome {
  /** The status code, also where the call failed after it; null where none came. */
  code: number | null
  error: Failure | null
  /** The first bytes of the answer as text. */
  answer: string
  durationMs: number
}

export interface Call {
  /** Never of a customer's choosing. `host`, `connection` and `content-length` are added. */
  headers: Record<string, string>
  body: string | Uint8Array
  /** For everything together: name, connection, TLS, headers and body. 10 seconds if left out. */
  timeoutMs?: number
  /** Calls any address: this machine and the networks around it too. */
  allowPrivate?: boolean
  /** Where the answer is cut off; 1024 if left out. */
  maxAnswerBytes?: number
  /** Asked for the addresses of a host name; the system if left out. */
  resolve?: Resolve
  /** The certificates (PEM) to trust; the usual ones if left out. */
  ca?: string
}

/**
 * Posts to a URL that somebody else chose, over a connection of its own. Unless `allowPrivate`, only where every
 * address of the host is public, and to just those addresses. Never throws for what the other side does: the outcome
 * says it.
 */
export async function post(url: string, call: Call): Promise<Outcome> {
  const start = performance.now()
  const { timeoutMs = 10_000, allowPrivate = false, maxAnswerBytes = 1024 } = call
  const full = { ...call, timeoutMs, allowPrivate, maxAnswerBytes }
  const { promise: timeUp, resolve: end } = Promise.withResolvers<'timeout'>()
  const timer = setTimeout(end, timeoutMs, 'timeout')
  try {
    const result = await attempt(url, full, timeUp)
    return { ...result, durationMs: Math.round(performance.now() - start) }
  } finally {
    clearTimeout(timer)
  }
}

type FullCall = Call & Required<Pick<Call, 'timeoutMs' | 'allowPrivate' | 'maxAnswerBytes'>>
type Result = Omit<Outcome, 'durationMs'>

async function attempt(url: string, call: FullCall, timeUp: Promise<'timeout'>): Promise<Result> {
  const destination = destinationOf(url, call.allowPrivate)
  if ('error' in destination) return { code: null, error: destination.error, answer: '' }
  const found = await Promise.race([addressesOf(destination, call.allowPrivate, call.resolve), timeUp])
  if (typeof found === 'string') return { code: null, error: found, answer: '' }
  return exchange(destination, found, call, timeUp)
}

function exchange(
  destination: Destination,
  addresses: Address[],
  call: FullCall,
  timeUp: Promise<'timeout'>,
): Promise<Result> {
  const { promise, resolve } = Promise.withResolvers<Result>()
  const request = requestTo(destination, addresses, call)
  const pieces: Buffer[] = []
  let length = 0
  let code: number | null = null
  // The first to call it tells the outcome; what the destroyed connection still says is not heard.
  const finish = (error: Failure | null) => {
    const answer = textOf(Buffer.concat(pieces).subarray(0, call.maxAnswerBytes))
    resolve({ code, error: code === null ? error : (failureOf(code) ?? error), answer })
    request.destroy()
  }
  const isSecure = destination.url.protocol === 'https:'
  const fail = (error: NodeJS.ErrnoException) => finish(wordFor(error.code ?? '', isSecure))

  timeUp.then(finish)
  request.on('error', fail)
  request.on('upgrade', ({ statusCode }, socket) => {
    code = statusCode!
    finish(null)
    socket.destroy()
  })
  request.on('response', (response) => {
    code = response.statusCode!
    response.on('data', (piece: Buffer) => {
      pieces.push(piece)
      length += piece.length
      if (length >= call.maxAnswerBytes) finish(null)
    })
    response.on('end', () => finish(null))
    response.on('error', fail)
  })
  request.end(call.body)
  return promise
}

function requestTo({ url, host }: Destination, addresses: Address[], call: FullCall): http.ClientRequest {
  const scheme = url.protocol === 'https:' ? https : http
  return scheme.request({
    method: 'POST',
    host,
    port: url.port || (scheme === https ? 443 : 80),
    path: url.pathname + url.search,
    headers: {
      ...call.headers,
      host: url.host,
      connection: 'close',
      'content-length': Buffer.byteLength(call.body),
    },
    // Not the shared one, which keeps connections and may be told by the environment to use a proxy.
    agent: new scheme.Agent({
      keepAlive: false,
      lookup: answering(addresses),
      // Each address has its turn, the last one all the time that is left.
      autoSelectFamilyAttemptTimeout: Math.max(250, call.timeoutMs / (2 * addresses.length)),
    }),
    // Both said outright, since the environment can turn the check off, and a header change the name that is checked.
    rejectUnauthorized: true,
    servername: isIP(host) ? '' : host.replace(/\.$/, ''),
    ...(call.ca === undefined ? {} : { ca: call.ca }),
  })
}

/** What a connection is told when it asks for the addresses of its host: those that were checked. */
function answering(addresses: Address[]): LookupFunction {
  return (_host, { all }, tell) =>
    all ? tell(null, addresses) : tell(null, addresses[0]!.address, addresses[0]!.family)
}

function failureOf(code: number): Failure | null {
  if (code >= 200 && code < 300) return null
  return code >= 300 && code < 400 ? 'redirect' : 'status'
}

const words: Record<string, Failure> = {
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

// OpenSSL has too many codes to list: what no other part of a call says is said by TLS.
function wordFor(code: string, isSecure: boolean): Failure {
  if (Object.hasOwn(words, code)) return words[code]!
  return isSecure && !code.startsWith('HPE_') ? 'tls' : 'protocol'
}

// A character that is cut in half is left out. No database keeps U+0000 in a text.
function textOf(bytes: Buffer): string {
  return new TextDecoder().decode(bytes, { stream: true }).replaceAll('\0', '\ufffd')
}
