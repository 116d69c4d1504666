/** A number that only grows while this process runs, for `/metrics`. */
export class Counter {
  #value = 0

  get value(): number {
    return this.#value
  }

  increase(): void {
    this.#value += 1
  }
}
