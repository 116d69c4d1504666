/**
 * A function that a feature declares and a feature further down the list provides at start. With it, the upper feature
 * can call the lower one, which it must not import.
 */
export class Slot<T> {
  readonly #name: string
  #value: T | undefined

  constructor(name: string) {
    this.#name = name
  }

  fill(value: T): void {
    this.#value = value
  }

  /** Throws if no feature has filled the slot: one is missing from the list. */
  get(): T {
    if (this.#value === undefined) throw new Error(`no feature fills the slot "${this.#name}"`)
    return this.#value
  }
}
