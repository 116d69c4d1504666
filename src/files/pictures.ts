import { type ChildProcess, fork } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PictureRequest, PictureResult } from './picture-process.ts'

// In the bundle it is JavaScript.
const program = fileURLToPath(new URL(`./picture-process${extname(import.meta.url)}`, import.meta.url))
const execArgv = ['--max-old-space-size=64']
// Not the environment of the server, which contains secrets: pictures can be malicious. These variables make glibc return
// the memory of a picture to the system. By default the process grows by 100 MB with each large picture.
const env = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
}
// More would wait for longer than a message should.
const maxWaiting = 20
// Milliseconds after which an idle process ends.
const idleTime = 30_000

/**
 * Measures pictures and creates their thumbnails, one at a time, in a child process: decoding a picture of a few kilobytes
 * can take hundreds of megabytes and seconds, and a crash of a decoder must not crash the server. The process starts with
 * the first picture.
 */
export class PictureReader {
  #child: ChildProcess | undefined
  #idle: NodeJS.Timeout | undefined
  #waiting = 0
  #last: Promise<unknown> = Promise.resolve()

  /**
   * Measures a picture and writes its thumbnail. Resolves to undefined if the picture cannot be read, too many are waiting,
   * or `signal` aborts.
   */
  async read(request: PictureRequest, signal: AbortSignal): Promise<PictureResult | undefined> {
    if (this.#waiting >= maxWaiting || signal.aborted) return undefined
    this.#waiting++
    const send = () => (signal.aborted ? undefined : this.#send(request, signal))
    const result = this.#last.then(send).catch(() => undefined)
    this.#last = result
    const { promise: aborted, resolve } = Promise.withResolvers<undefined>()
    const stop = () => resolve(undefined)
    signal.addEventListener('abort', stop)
    try {
      return await Promise.race([result, aborted])
    } finally {
      signal.removeEventListener('abort', stop)
      this.#waiting--
    }
  }

  /** Ends the process, if it is running. The next picture starts a new one. */
  close(): void {
    clearTimeout(this.#idle)
    this.#child?.kill('SIGKILL')
    this.#child = undefined
  }

  #send(request: PictureRequest, signal: AbortSignal): Promise<PictureResult | undefined> {
    clearTimeout(this.#idle)
    const child = this.#child ?? this.#start()
    const { promise, resolve } = Promise.withResolvers<PictureResult | undefined>()
    const succeed = (message: unknown) => resolve(message as PictureResult)
    const fail = () => {
      if (this.#child === child) this.close()
      resolve(undefined)
    }
    child.on('message', succeed).on('exit', fail).on('error', fail)
    signal.addEventListener('abort', fail)
    // The child keeps the server process alive only while it works.
    child.ref()
    child.channel?.ref()
    child.send(request, (error) => error && fail())
    return promise.finally(() => {
      child.off('message', succeed).off('exit', fail).off('error', fail)
      signal.removeEventListener('abort', fail)
      child.unref()
      child.channel?.unref()
      clearTimeout(this.#idle)
      this.#idle = setTimeout(() => this.close(), idleTime).unref()
    })
  }

  #start(): ChildProcess {
    const child = fork(program, [], { env, execArgv, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
    const forget = () => {
      if (this.#child === child) this.#child = undefined
    }
    child.on('exit', forget).on('error', forget)
    this.#child = child
    return child
  }
}
