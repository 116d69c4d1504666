import type { Random } from './sample-random.ts'
import {
  contactOf,
  conversationOf,
  type SampleContact,
  type SampleConversation,
  type SampleTeam,
} from './sample-rows.ts'

/** What to generate. The same numbers and the same seed generate the same texts and names. */
export interface SampleSize {
  /** At least 1. */
  conversations: number
  /** At least as many as conversations. */
  messages: number
  seed: number
}

/** What is stored together. The messages have no ids yet. */
export interface SampleBatch {
  contacts: { row: SampleContact; inbox_id: number; source_id: string }[]
  conversations: SampleConversation[]
}

// Messages in one batch. A running server has to wait for it.
const batchSize = 2000
// Of the conversations; the others are with people who wrote before.
const newContactShare = 0.65
// How long ago the first conversation began, in milliseconds.
const age = 730 * 24 * 3_600_000

/** Plans the sample in batches, from the oldest conversation to the newest. */
export class SamplePlan {
  readonly #random: Random
  readonly #team: SampleTeam
  readonly #size: SampleSize
  readonly #first: { contact: number; conversation: number }
  readonly #now: number
  // For each contact, the place of its inbox in the list.
  readonly #inboxes: Uint8Array
  #contacts = 0
  #conversations = 0
  #messages = 0

  /** `first` are the ids of the first contact and conversation, `now` is the time of the last ones. */
  constructor(
    random: Random,
    team: SampleTeam,
    size: SampleSize,
    first: { contact: number; conversation: number },
    now: number,
  ) {
    this.#random = random
    this.#team = team
    this.#size = size
    this.#first = first
    this.#now = now
    this.#inboxes = new Uint8Array(size.conversations)
  }

  get isDone(): boolean {
    return this.#conversations === this.#size.conversations
  }

  /** The number of messages planned so far. */
  get messages(): number {
    return this.#messages
  }

  nextBatch(): SampleBatch {
    const batch: SampleBatch = { contacts: [], conversations: [] }
    const end = this.#messages + batchSize
    while (!this.isDone && this.#messages < end) this.#addConversation(batch)
    return batch
  }

  #addConversation(batch: SampleBatch): void {
    // More conversations in later months.
    const created_at = Math.floor(
      this.#now - age * (1 - (this.#conversations / this.#size.conversations) ** 0.6),
    )
    const isNew = this.#contacts === 0 || this.#random.chance(newContactShare)
    const number = isNew ? this.#addContact(batch, created_at) : this.#random.below(this.#contacts)
    const count = this.#nextMessageCount()
    const ref = {
      id: this.#first.conversation + this.#conversations,
      contact_id: this.#first.contact + number,
      ...this.#contactInboxOf(number),
    }
    batch.conversations.push(
      conversationOf(this.#random, this.#team, ref, { created_at, now: this.#now }, count),
    )
    this.#conversations += 1
    this.#messages += count
  }

  #nextMessageCount(): number {
    const conversations = this.#size.conversations - this.#conversations
    const messages = this.#size.messages - this.#messages
    // Every conversation that follows gets at least one.
    const most = messages - (conversations - 1)
    if (conversations === 1) return most
    return Math.min(most, Math.max(1, Math.round((messages / conversations) * this.#random.skewed())))
  }

  #addContact(batch: SampleBatch, created_at: number): number {
    const number = this.#contacts
    this.#contacts += 1
    this.#inboxes[number] = this.#random.rank(this.#team.inboxIds.length)
    const row = contactOf(this.#random, this.#team, this.#first.contact + number, created_at)
    batch.contacts.push({ row, ...this.#contactInboxOf(number) })
    return number
  }

  #contactInboxOf(number: number) {
    const inbox_id = this.#team.inboxIds[this.#inboxes[number]!]!
    return { inbox_id, source_id: `sample-${number + 1}` }
  }
}
