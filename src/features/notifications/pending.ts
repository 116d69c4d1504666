import type { Queries } from '../../db/database.ts'
import { reserveIds } from '../../db/ids.ts'
import { notificationChannels } from './channels.ts'
import { endOfQuiet } from './quiet-hours.ts'
import type { Recipient } from './recipients.ts'
import type { NotificationType } from './schema.ts'
import type { Wishes } from './settings.ts'
import * as store from './store.ts'

// Each user keeps their newest notifications.
const most = 500
// Older ones are deleted with one in so many new ones.
const betweenDeletions = 20
// Others wait for the step that stores them.
const mostTogether = 1000

/** A notification that is stored and in the list of its user. */
export interface Stored {
  userId: number
  id: number
}

/** What a notification is about: a conversation or an import. */
export type Occasion = Pick<
  store.NewRow,
  | 'conversation_id'
  | 'message_id'
  | 'contact_import_id'
  | 'contact_import'
  | 'actor_type'
  | 'actor_id'
  | 'created_at'
>

interface Pending {
  row: Omit<store.NewRow, 'position'>
  wishes: Wishes
}

/**
 * Notifications of a step that are not stored yet: those of many events take one statement. Several events of the same
 * user, conversation and type are one notification. Of each user, they contain one import at most.
 */
export class PendingNotifications {
  readonly #tx: Queries
  readonly #accountId: number
  #all = new Map<string, Pending>()

  constructor(tx: Queries, accountId: number) {
    this.#tx = tx
    this.#accountId = accountId
  }

  get isFull(): boolean {
    return this.#all.size >= mostTogether
  }

  /** Adds something that has happened to the notification of a user, if they want to get it in some way. */
  add({ userId, type }: Recipient, wishes: Wishes, occasion: Occasion): void {
    const { app } = wishes.kinds[type]
    if (!app && this.#channels(type, wishes).length === 0) return
    const { conversation_id, created_at } = occasion
    const key = keyOf({ user_id: userId, conversation_id, notification_type: type })
    const before = this.#all.get(key)?.row
    const row = {
      user_id: userId,
      notification_type: type,
      ...occasion,
      in_app: app ? 1 : 0,
      count: (before?.count ?? 0) + 1,
      created_at: before?.created_at ?? created_at,
      last_activity_at: created_at,
    }
    // The newest one is last.
    this.#all.delete(key)
    this.#all.set(key, { row, wishes })
  }

  /** Stores them and passes them on to their channels. */
  async store(): Promise<Stored[]> {
    const all = [...this.#all.values()]
    if (all.length === 0) return []
    this.#all.clear()
    const last = await reserveIds(this.#tx, this.#accountId, 'notifications', all.length)
    const rows = all.map(({ row }, index) => ({ ...row, position: last - all.length + 1 + index }))
    const stored = new Map(
      (await store.upsertNotifications(this.#tx, this.#accountId, rows)).map((row) => [keyOf(row), row]),
    )
    for (const { user_id, position } of rows) {
      if (!isChosen(position)) continue
      await store.deleteOld(this.#tx, { account_id: this.#accountId, user_id }, most)
    }
    for (const { row, wishes } of all) await this.#pass(row, wishes, stored.get(keyOf(row))!)
    return all.flatMap(({ row }) =>
      row.in_app === 1 ? [{ userId: row.user_id, id: stored.get(keyOf(row))!.id }] : [],
    )
  }

  async #pass(
    { user_id: userId, conversation_id: conversationId, message_id: messageId, ...row }: Pending['row'],
    wishes: Wishes,
    { id: notificationId, count }: { id: number; count: number },
  ): Promise<void> {
    const type = row.notification_type as NotificationType
    const channels = this.#channels(type, wishes)
    if (channels.length === 0) return
    const about = { accountId: this.#accountId, userId, notificationId, type, conversationId, messageId }
    const notBefore = endOfQuiet(wishes.quietHours, Date.now())
    for (const channel of channels) await channel.send(this.#tx, { ...about, count, notBefore })
  }

  #channels(type: NotificationType, { kinds }: Wishes) {
    return notificationChannels.of(this.#tx).filter(({ name }) => kinds[type][name])
  }
}

// Not the remainder of the position: recipients who are always the same would get the same remainders each time.
function isChosen(position: number): boolean {
  return (Math.imul(position, 0x9e3779b1) >>> 16) % betweenDeletions === 0
}

function keyOf(row: Pick<store.NewRow, 'user_id' | 'conversation_id' | 'notification_type'>): string {
  return `${row.user_id} ${row.conversation_id} ${row.notification_type}`
}
