import type { Topic } from './database.ts'

/** The listeners registered in this process, by topic. */
export class Listeners {
  readonly #byTopic = new Map<string, Set<(text: string) => void>>()

  /** Returns a function that removes the listener. */
  add(topic: Topic | 'commit' | 'lost', listener: (text: string) => void): () => void {
    const listeners = this.#byTopic.get(topic) ?? new Set()
    this.#byTopic.set(topic, listeners)
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  has(topic: Topic | 'commit' | 'lost'): boolean {
    return (this.#byTopic.get(topic)?.size ?? 0) > 0
  }

  call(topic: string, text: string): void {
    for (const listener of this.#byTopic.get(topic) ?? []) listener(text)
  }
}
