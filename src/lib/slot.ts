/** The values of slots, by slot. Each database of a process has its own. */
export type SlotValues = Map<object, unknown>

/** Anything of one running server that gives access to its slots: its context, database and queries. */
export interface HasSlots {
  readonly slots: SlotValues
}

/**
 * Something that a feature declares and a feature further down the list provides at start, for each server of the
 * process. With it, the upper feature can call the lower one, which it must not import.
 */
export class Slot<T> {
  readonly #name: string

  constructor(name: string) {
    this.#name = name
  }

  fill({ slots }: HasSlots, value: T): void {
    slots.set(this, value)
  }

  /** Throws if no feature has filled the slot: one is missing from the list. */
  of({ slots }: HasSlots): T {
    if (!slots.has(this)) throw new Error(`no feature fills the slot "${this.#name}"`)
    return slots.get(this) as T
  }
}
