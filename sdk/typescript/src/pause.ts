/** Waits for some milliseconds. Rejects with the reason of the signal as soon as it is aborted. */
export function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const stop = () => {
      clearTimeout(timer)
      reject(signal!.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, milliseconds)
    signal?.addEventListener('abort', stop, { once: true })
  })
}

/** With jitter: otherwise all clients that a server has lost would come back at the same moment. */
export function backoff(first: number, tries: number, longest: number): number {
  return Math.min(longest, first * 2 ** tries) * (0.5 + Math.random() / 2)
}
