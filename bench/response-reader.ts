/** A complete response. */
export interface Response {
  status: number
  /** Its status line and headers. */
  head: string
  /** The length of its body. */
  bytes: number
}

/** Splits the bytes of a connection into HTTP/1.1 responses, which have a Content-Length or are chunked. */
export class ResponseReader {
  readonly #onResponse: (response: Response) => void
  /** The part of a head, or of the size line of a chunk, that has arrived. */
  #line = ''
  #head = ''
  #bytes = 0
  /** The remaining bytes of the body or chunk. */
  #left = 0
  #state: 'head' | 'body' | 'size' | 'chunk' | 'end' = 'head'

  constructor(onResponse: (response: Response) => void) {
    this.#onResponse = onResponse
  }

  /** Reads the first `length` of `bytes`. Calls back for each response that ends in them. */
  feed(bytes: Buffer, length: number): void {
    let at = 0
    while (at < length) {
      if (this.#state === 'body' || this.#state === 'chunk') at += this.#skip(length - at)
      else at = this.#readLine(bytes, at, length)
    }
  }

  #skip(available: number): number {
    const skipped = Math.min(this.#left, available)
    this.#left -= skipped
    if (this.#left > 0) return skipped
    if (this.#state === 'body') this.#finish()
    else this.#state = 'size'
    return skipped
  }

  /** Reads a head, the size of a chunk, or the empty line after the last chunk. Returns the offset of its end. */
  #readLine(bytes: Buffer, at: number, length: number): number {
    const mark = this.#state === 'head' ? '\r\n\r\n' : '\r\n'
    const before = this.#line.length
    // A head that starts in this read is searched for in the bytes, the rest of a split one in the accumulated text.
    const found = before === 0 ? bytes.indexOf(mark, at, 'latin1') : -1
    if (found !== -1 && found + mark.length <= length) {
      this.#take(bytes.toString('latin1', at, found))
      return found + mark.length
    }
    this.#line += bytes.toString('latin1', at, length)
    const end = this.#line.indexOf(mark)
    if (end === -1) return length
    const line = this.#line.slice(0, end)
    this.#line = ''
    this.#take(line)
    return at + end + mark.length - before
  }

  #take(line: string): void {
    if (this.#state === 'head') return this.#begin(line)
    if (this.#state === 'end') return this.#finish()
    const size = Number.parseInt(line, 16)
    if (Number.isNaN(size)) throw new Error(`invalid chunk size: ${line}`)
    this.#bytes += size
    // Including the line break at its end.
    this.#left = size + 2
    this.#state = size === 0 ? 'end' : 'chunk'
  }

  #begin(head: string): void {
    this.#head = head
    const length = /content-length: *(\d+)/i.exec(head)?.[1]
    this.#bytes = this.#left = Number(length ?? 0)
    this.#state = 'body'
    if (length === undefined) this.#state = /transfer-encoding: *chunked/i.test(head) ? 'size' : 'body'
    if (this.#state === 'body' && this.#left === 0) this.#finish()
  }

  #finish(): void {
    this.#state = 'head'
    this.#onResponse({ status: Number(this.#head.slice(9, 12)), head: this.#head, bytes: this.#bytes })
  }
}
