import { setTimeout as sleep } from 'node:timers/promises'
import { isUnavailable } from './errors.ts'

/** Work in the background. */
export interface Running {
  /** Starts nothing more, and resolves when the work under way has finished. */
  stop(): Promise<void>
}

/** Work in the background that can be asked to run now. */
export interface Loop extends Running {
  wake(): void
}

/** `signal` is aborted when the loop stops. */
type Work = (signal: AbortSignal) => Promise<unknown>

interface Options {
  /** Milliseconds between two runs, so that many calls of `wake` share one. */
  pause?: number
  /** Milliseconds after which a run that has failed is repeated. */
  retry?: number
  /** Gets the errors of `work`, except that the database is unavailable: the next run finds the same work. */
  onError?: (error: unknown) => void
}

/** The part of a logger that a loop needs. */
export interface Logger {
  error(fields: { err: unknown }, text: string): void
}

/** Returns an `onError` that logs `text` with the error. */
export function logErrors(logger: Logger, text: string): (error: unknown) => void {
  return (error) => logger.error({ err: error }, text)
}

/** Runs `work` after each `wake`. If that is called while `work` is running, it runs once more. Never two at a time. */
export function coalesced(work: Work, { pause = 0, retry, onError }: Options = {}): Loop {
  const controller = new AbortController()
  const { signal } = controller
  let isWanted = false
  let running: Promise<void> | undefined
  const runOnce = async () => {
    try {
      await work(signal)
    } catch (error) {
      if (!isUnavailable(error)) onError?.(error)
      if (retry !== undefined) setTimeout(wake, retry).unref()
    }
  }
  const runWhileWanted = async () => {
    while (isWanted && !signal.aborted) {
      isWanted = false
      await runOnce()
      // Not unref'ed: a process that ends must wait for the work under way. Aborting rejects it.
      if (pause > 0) await sleep(pause, undefined, { signal }).catch(() => {})
    }
    running = undefined
  }
  const wake = () => {
    if (signal.aborted) return
    isWanted = true
    running ??= runWhileWanted()
  }
  return {
    wake,
    async stop() {
      controller.abort()
      await running
    },
  }
}

/** Milliseconds until the first run. By default it is at once. */
type First = { first?: number }

/** Runs `work` every `interval` milliseconds, counted from the end of a run, and after `wake`. */
export function every(
  interval: number,
  work: (signal: AbortSignal) => Promise<void>,
  options: Options & First = {},
): Loop {
  const run = async (signal: AbortSignal) => {
    await work(signal)
    return undefined
  }
  return atLeastEvery(interval, run, options)
}

/** Like `every`, but `work` can resolve to the number of milliseconds after which it must run again. */
export function atLeastEvery(
  interval: number,
  work: (signal: AbortSignal) => Promise<number | undefined>,
  options: Options & First = {},
): Loop {
  let timer: NodeJS.Timeout
  const loop = coalesced(async (signal) => {
    clearTimeout(timer)
    let next: number | undefined
    try {
      next = await work(signal)
    } finally {
      timer = setTimeout(loop.wake, Math.min(interval, Math.max(1, next ?? interval))).unref()
    }
  }, options)
  timer = setTimeout(loop.wake, options.first ?? 0).unref()
  return {
    wake: loop.wake,
    async stop() {
      await loop.stop()
      clearTimeout(timer)
    },
  }
}

/** Combines several: stops them all at once. */
export function together(...all: Running[]): Running {
  return {
    async stop() {
      await Promise.all(all.map((one) => one.stop()))
    },
  }
}
