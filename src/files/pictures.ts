import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Answer, Question } from './picture-process.ts'

const program = fileURLToPath(new URL('./picture-process.ts', import.meta.url))
const execArgv = ['--max-old-space-size=64']
// No settings: they hold secrets, and what is decoded there is hostile. These have glibc return the memory of a picture to
// the system; by default the process keeps 100 MB more with each large one.
const env = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
}
// More would wait for longer than a message should.
const mostWaiting = 20
// Milliseconds after which the process ends if nothing is asked of it.
const idleTime = 30_000

/**
 * Measures pictures and makes their thumbnails, one at a time, in a process of its own: a picture of a few kilobytes can
 * take hundreds of megabytes and seconds to decode, and a fault in a decoder must not be one of the server. The process
 * starts with the first picture.
 */
export class PictureReader {
  #child: ChildProcess | undefined
  #idle: NodeJS.Timeout | undefined
  #waiting = 0
  #last: Promise<unknown> = Promise.resolve()

  /** Returns undefined if the picture cannot be read, too many are waiting, or `signal` ends the wait. */
  async read(question: Question, signal: AbortSignal): Promise<Answer | undefined> {
    if (this.#waiting >= mostWaiting || signal.aborted) return undefined
    this.#waiting++
    const ask = () => (signal.aborted ? undefined : this.#ask(question, signal))
    const turn = this.#last.then(ask).catch(() => undefined)
    this.#last = turn
    const { promise: tooLate, resolve } = Promise.withResolvers<undefined>()
    const stop = () => resolve(undefined)
    signal.addEventListener('abort', stop)
    try {
      return await Promise.race([turn, tooLate])
    } finally {
      signal.removeEventListener('abort', stop)
      this.#waiting--
    }
  }

  /** Ends the process, if there is one; the next picture starts another. */
  close(): void {
    clearTimeout(this.#idle)
    this.#child?.kill('SIGKILL')
    this.#child = undefined
  }

  #ask(question: Question, signal: AbortSignal): Promise<Answer | undefined> {
    clearTimeout(this.#idle)
    const child = this.#child ?? this.#start()
    const { promise, resolve } = Promise.withResolvers<Answer | undefined>()
    const answer = (message: unknown) => resolve(message as Answer)
    const fail = () => {
      if (this.#child === child) this.close()
      resolve(undefined)
    }
    child.on('message', answer).on('exit', fail).on('error', fail)
    signal.addEventListener('abort', fail)
    // Only while it works does it keep this process alive.
    child.ref()
    child.channel?.ref()
    child.send(question, (error) => error && fail())
    return promise.finally(() => {
      child.off('message', answer).off('exit', fail)
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
