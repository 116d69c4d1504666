import type { Viewer } from './schema.ts'
import type { EventHeader } from './visibility.ts'

// Conversations that one user can look at; a further one replaces the first of them.
const maxConversations = 10
/** Milliseconds after which a user who does not repeat it no longer counts as looking. */
export const viewingTime = 45_000

/** What nodes tell each other when a user begins or stops to look at a conversation. */
export interface ViewingData {
  event: 'viewing'
  conversation_id: number
  user: { id: number; name: string }
  viewing_status: 'on' | 'off'
}

/** A conversation that a user looks at. */
export interface Viewing {
  told: EventHeader
  data: ViewingData
}

/** Who looks at which conversation, on any node. It is not stored, and ends with the user's last stream. */
export class Viewers {
  /** By account, user and conversation, with the time at which each ends unless it is repeated. */
  readonly #accounts = new Map<number, Map<number, Map<number, Viewing & { endsAt: number }>>>()

  /** Processes what a node has told. Returns whether it is new, which is then shown to others. */
  receive(account: number, viewing: Viewing): boolean {
    const { user, conversation_id, viewing_status } = viewing.data
    this.#removeEnded(account)
    const users = this.#accounts.get(account) ?? new Map<number, Map<number, Viewing & { endsAt: number }>>()
    const conversations = users.get(user.id) ?? new Map<number, Viewing & { endsAt: number }>()
    const wasThere = conversations.delete(conversation_id)
    if (viewing_status === 'on') {
      conversations.set(conversation_id, { ...viewing, endsAt: performance.now() + viewingTime })
      const [oldest] = conversations.keys()
      if (conversations.size > maxConversations) conversations.delete(oldest!)
      this.#accounts.set(account, users.set(user.id, conversations))
    }
    this.#removeEmpty(account, user.id)
    return wasThere || viewing_status === 'on'
  }

  /** Returns who looks at a conversation, ordered by id. */
  of(account: number, conversation: number): Viewer[] {
    this.#removeEnded(account)
    const all = [...(this.#accounts.get(account)?.values() ?? [])].map((one) => one.get(conversation))
    const viewers = all.filter((one) => one !== undefined).map(({ data }) => data.user)
    return viewers.sort((one, other) => one.id - other.id)
  }

  /** Forgets a user whose last stream has ended. Returns what they have looked at. */
  leave(account: number, user: number): Viewing[] {
    const conversations = this.#accounts.get(account)?.get(user)
    this.#accounts.get(account)?.delete(user)
    this.#removeEmpty(account, user)
    return [...(conversations?.values() ?? [])]
  }

  #removeEnded(account: number): void {
    const now = performance.now()
    for (const [user, conversations] of this.#accounts.get(account) ?? []) {
      for (const [id, { endsAt }] of conversations) if (endsAt <= now) conversations.delete(id)
      this.#removeEmpty(account, user)
    }
  }

  #removeEmpty(account: number, user: number): void {
    const users = this.#accounts.get(account)
    if (users?.get(user)?.size === 0) users.delete(user)
    if (users?.size === 0) this.#accounts.delete(account)
  }
}
