import type { ServerResponse } from 'node:http'
import type { Transport } from './transport.ts'

/** A stream as the body of a response, whose headers were sent. */
export class SseTransport implements Transport {
  readonly #response: ServerResponse

  constructor(response: ServerResponse) {
    this.#response = response
    response.on('error', () => {})
  }

  get isOpen(): boolean {
    return !this.#response.writableEnded && !this.#response.destroyed
  }

  get unread(): number {
    return this.#response.writableLength
  }

  get isFull(): boolean {
    return this.#response.writableNeedDrain
  }

  write(frame: Buffer): void {
    this.#response.write(frame)
  }

  end(): void {
    this.#response.end()
  }

  destroy(): void {
    this.#response.destroy()
  }

  drained(): Promise<void> {
    const response = this.#response
    return new Promise<void>((resolve) => {
      const done = () => {
        response.off('drain', done).off('close', done)
        resolve()
      }
      response.on('drain', done).on('close', done)
    })
  }

  onEnd(listener: () => void): void {
    this.#response.once('close', listener)
  }
}
