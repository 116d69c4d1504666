import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { LocalFile } from '../../../files/storage.ts'
import { Slot } from '../../../lib/slot.ts'
import type { ParseOptions } from './parse.ts'
import type { ParsedMail, WholeMail } from './parsed-mail.ts'

/** A mail for the thread. */
export interface ReadRequest {
  /** The file of the raw mail. */
  path: string
  /** `mail`: everything that is stored. `head`: only what its header says. `whole`: what is shown on request. */
  work: 'mail' | 'head' | 'whole'
  options?: ParseOptions
}

/** A mail, or why it cannot be parsed. */
export type ReadAnswer = { mail: ParsedMail | WholeMail } | { error: string }

/** The parser of a server. */
export const mailReader = new Slot<MailReader>('mail reader')

// In the bundle it is JavaScript.
const program = new URL(`./mail-worker${extname(import.meta.url)}`, import.meta.url)
// Milliseconds that one mail may take: those of 40 MB take about a second.
const patience = 60_000
// Milliseconds after which an idle thread ends.
const idleTime = 30_000

/**
 * Parses mails in a thread, one after another: a large or malicious one takes seconds, in which the server must do other
 * things. If the thread runs out of memory or time, it is replaced, and only the mail that it was parsing is unreadable.
 */
export class MailReader {
  #worker: Worker | undefined
  #idle: NodeJS.Timeout | undefined
  #last: Promise<unknown> = Promise.resolve()

  /** Parses a mail. One that cannot be parsed is `unreadable`, with what its header says. Its files belong to the caller. */
  async read({ path }: Pick<LocalFile, 'path'>, options: ParseOptions): Promise<ParsedMail> {
    const answer = await this.#run({ path, work: 'mail', options })
    if ('mail' in answer) return answer.mail as ParsedMail
    const head = await this.#run({ path, work: 'head' })
    if ('mail' in head) return head.mail as ParsedMail
    throw new Error(`the header of a mail was not read: ${head.error}`)
  }

  /** Parses a mail to be shown in full. Rejects if that takes too long. */
  async readWhole(path: string): Promise<WholeMail> {
    const answer = await this.#run({ path, work: 'whole' })
    if ('mail' in answer) return answer.mail as WholeMail
    throw new Error(`a mail was not read: ${answer.error}`)
  }

  /** Ends the thread. The next mail starts a new one. */
  close(): void {
    clearTimeout(this.#idle)
    void this.#worker?.terminate()
    this.#worker = undefined
  }

  #run(request: ReadRequest): Promise<ReadAnswer> {
    const result = this.#last.then(() => this.#ask(request))
    this.#last = result.catch(() => {})
    return result
  }

  #ask(request: ReadRequest): Promise<ReadAnswer> {
    clearTimeout(this.#idle)
    this.#worker ??= new Worker(program, {
      // Not the options of this process: they would load the settings and other modules once more.
      execArgv: [],
      name: 'ndoto-mails',
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    })
    const worker = this.#worker
    const { promise, resolve } = Promise.withResolvers<ReadAnswer>()
    const fail = (error: unknown) => {
      if (this.#worker === worker) this.close()
      resolve({ error: error instanceof Error ? error.message : 'the thread has ended' })
    }
    const timer = setTimeout(() => fail(new Error('it took too long')), patience)
    worker.on('message', resolve).on('error', fail).on('exit', fail)
    worker.ref()
    worker.postMessage(request)
    return promise.finally(() => {
      clearTimeout(timer)
      worker.off('message', resolve).off('error', fail).off('exit', fail)
      worker.unref()
      clearTimeout(this.#idle)
      this.#idle = setTimeout(() => this.close(), idleTime).unref()
    })
  }
}
