/**
 * A place that a feature keeps for one further down the list: the lower one fills it at start, so that the upper one
 * can call what it must not import.
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

  /** Throws where nobody has filled it: a feature is missing from the list. */
  get(): T {
    if (this.#value === undefined) throw new Error(`no feature fills the slot "${this.#name}"`)
    return this.#value
  }
}
