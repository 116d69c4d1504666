/** A block of an event stream. */
export interface Block {
  /** The `id` of this block; undefined if it has none. */
  id: string | undefined
  /** `message` if the block has no name. */
  name: string
  /** undefined for a block without data, which is not an event, but whose `id` counts. */
  data: string | undefined
}

/**
 * Reads an event stream piece by piece, wherever the pieces end:
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class EventStreamParser {
  #line = ''
  #isFirst = true
  #afterReturn = false
  #id: string | undefined
  #name = ''
  #data: string[] = []

  /** Takes a piece of decoded text and returns the blocks that it completes. */
  push(text: string): Block[] {
    let rest = text
    if (this.#isFirst && rest !== '') {
      this.#isFirst = false
      if (rest.startsWith('\uFEFF')) rest = rest.slice(1)
    }
    const blocks: Block[] = []
    let from = 0
    for (let at = 0; at < rest.length; at++) {
      const character = rest[at]
      if (character === '\n' && this.#afterReturn) {
        // The second half of a line break whose first half has ended the line.
        from = at + 1
      } else if (character === '\n' || character === '\r') {
        const block = this.#take(this.#line + rest.slice(from, at))
        if (block) blocks.push(block)
        this.#line = ''
        from = at + 1
      }
      this.#afterReturn = character === '\r'
    }
    this.#line += rest.slice(from)
    return blocks
  }

  #take(line: string): Block | undefined {
    if (line === '') return this.#dispatch()
    const colon = line.indexOf(':')
    if (colon === 0) return undefined
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'event') this.#name = value
    else if (field === 'data') this.#data.push(value)
    else if (field === 'id' && !value.includes('\0')) this.#id = value
    return undefined
  }

  #dispatch(): Block | undefined {
    const [id, name, data] = [this.#id, this.#name, this.#data]
    this.#id = undefined
    this.#name = ''
    this.#data = []
    if (data.length > 0) return { id, name: name || 'message', data: data.join('\n') }
    return id === undefined ? undefined : { id, name: name || 'message', data: undefined }
  }
}
