import * as api from '../../shared/api.ts'
import { strings } from '../strings.ts'
import { inOwnWords } from './error-words.ts'
import { withSession } from './session-end.ts'

/**
 * Calls the server of this page by its path, and returns the body of the response. If the session has ended, it waits until
 * the user has signed in again. Throws CallError.
 */
export async function call<T>(path: string, options: api.CallOptions = {}): Promise<T> {
  try {
    return await withSession(() => api.call<T>(path, options))
  } catch (error) {
    // The browser's own words for it, such as "Failed to fetch", help nobody.
    if ((error as api.CallError).status === 0) throw new api.CallError(0, strings.notReached)
    throw error instanceof api.CallError ? inOwnWords(error) : error
  }
}

interface Upload {
  headers: Record<string, string>
  signal: AbortSignal
  /** Called with the share of the form that was sent, from 0 to 1. */
  onProgress(share: number): void
}

// Milliseconds without any progress after which a connection is taken for dead.
const stall = 30_000
// The server may have to pass it all on to a storage before it responds.
const longestAnswer = 180_000

/** Posts a form as `call()` does, and reports progress, which fetch() cannot. Throws CallError. */
export function upload<T>(path: string, form: FormData, options: Upload): Promise<T> {
  return withSession(() => uploadOnce<T>(path, form, options))
}

function uploadOnce<T>(path: string, form: FormData, { headers, signal, onProgress }: Upload): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const fail = () => reject(new api.CallError(0, strings.notReached))
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
        resolve(api.readResponse<T>(status, responseText, request.getResponseHeader('retry-after')))
      } catch (error) {
        reject(inOwnWords(error as api.CallError))
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
