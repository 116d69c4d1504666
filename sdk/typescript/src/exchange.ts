/** A request, and what is needed while it is under way. */
export interface Exchange {
  url: string
  method: string
  headers: Record<string, string>
  /** JSON as text, or a form. */
  body: string | FormData | undefined
  /** Bytes of the files in a form. */
  size: number
  signal: AbortSignal | undefined
  /** Milliseconds without progress after which the connection counts as dead. */
  timeout: number
  onProgress: ((share: number) => void) | undefined
  /** undefined for that of the platform. */
  fetch: typeof fetch | undefined
}

/** A complete response. */
export interface Answer {
  status: number
  headers: Headers
  text: string
}

/** The server may have to pass all files on to a storage before it responds. */
const longestAnswer = 180_000

/** Sends a request once. Rejects if there is no complete response, with the reason of the signal if it was aborted. */
export async function exchange(request: Exchange): Promise<Answer> {
  const { body, signal, timeout } = request
  signal?.throwIfAborted()
  const connection = new AbortController()
  const stop = () => connection.abort(signal!.reason)
  signal?.addEventListener('abort', stop, { once: true })
  let timer: ReturnType<typeof setTimeout> | undefined
  const wait = (milliseconds: number) => {
    clearTimeout(timer)
    const silence = new Error(`Nothing has happened for ${milliseconds / 1000} seconds.`)
    timer = setTimeout(() => connection.abort(silence), milliseconds)
  }
  const onProgress = (share: number) => {
    wait(share < 1 ? timeout : Math.max(timeout, longestAnswer))
    request.onProgress?.(share)
  }
  try {
    wait(timeout)
    const onData = () => wait(timeout)
    if (!(body instanceof FormData)) return await withFetch(request, body, connection.signal, onData)
    const isPage = typeof XMLHttpRequest !== 'undefined'
    if (isPage && !request.fetch) return await withXhr(request, body, connection.signal, onProgress)
    // Browsers send streams over HTTP/2 only, and have nothing else that reports progress.
    if (isPage || 'ServiceWorkerGlobalScope' in globalThis) {
      clearTimeout(timer)
      return await withFetch(request, body, connection.signal, onData)
    }
    return await withStream(request, body, connection.signal, onProgress, onData)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
}

async function withFetch(
  { url, method, headers, fetch: send = fetch }: Exchange,
  body: NonNullable<RequestInit['body']> | undefined,
  signal: AbortSignal,
  onData: () => void,
  more: object = {},
): Promise<Answer> {
  // A redirection turns a POST into a GET, whose response would look like success.
  const redirect = method === 'GET' ? 'follow' : 'manual'
  const init = { method, headers, signal, redirect, ...(body === undefined ? {} : { body }), ...more }
  const response = await send(url, init as RequestInit)
  return { status: response.status, headers: response.headers, text: await textOf(response, onData) }
}

/** Calls `onData` for each piece: a large response may take as long as it needs. */
async function textOf({ body }: Response, onData: () => void): Promise<string> {
  if (!body) return ''
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let text = ''
  for (;;) {
    onData()
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    text += decoder.decode(value, { stream: true })
  }
}

/** Counts what the platform reads of the form. */
function withStream(
  request: Exchange,
  form: FormData,
  signal: AbortSignal,
  onProgress: (share: number) => void,
  onData: () => void,
): Promise<Answer> {
  const encoded = new Response(form)
  const { size } = request
  let sent = 0
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      sent += chunk.length
      // The form is a little larger than its files.
      if (sent < size) onProgress(sent / size)
      controller.enqueue(chunk)
    },
    flush: () => onProgress(1),
  })
  const headers = { ...request.headers, 'content-type': encoded.headers.get('content-type')! }
  const body = encoded.body!.pipeThrough(counter)
  return withFetch({ ...request, headers }, body, signal, onData, { duplex: 'half' })
}

/** The only way in which a page can see the progress of an upload. */
function withXhr(
  { url, method, headers }: Exchange,
  form: FormData,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const stop = () => request.abort()
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 1)
    request.onerror = () => reject(new Error('The connection broke.'))
    request.onabort = () => reject(signal.reason)
    request.onload = () =>
      resolve({
        status: request.status,
        headers: headersOf(request.getAllResponseHeaders()),
        text: request.responseText,
      })
    request.onloadend = () => signal.removeEventListener('abort', stop)
    signal.addEventListener('abort', stop)
    request.open(method, url)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.send(form)
  })
}

function headersOf(lines: string): Headers {
  const pairs = lines.split('\r\n').flatMap((line) => {
    const colon = line.indexOf(':')
    return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1).trim()] as [string, string]] : []
  })
  return new Headers(pairs)
}
