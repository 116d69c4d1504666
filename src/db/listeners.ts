import type { Topic } from './database.ts'

/** The listeners of each topic in this process. */
export class Listeners {
  readonly #all = new Map<string, Set<(text: string) => void>>()

  add(topic: Topic | 'commit', listener: (text: string) => void): () => void {
    const set = this.#all.get(topic) ?? new Set()
    this.#all.set(topic, set)
    set.add(listener)
    return () => void set.delete(listener)
  }

  has(topic: Topic | 'commit'): boolean {
    return (this.#all.get(topic)?.size ?? 0) > 0
  }

  call(topic: string, text: string): void {
    for (const listener of this.#all.get(topic) ?? []) listener(text)
  }
}
