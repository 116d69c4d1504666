import type { Database } from '../../db/database.ts'
import { secretBox } from '../../lib/secret-box.ts'
import type { HasSlots } from '../../lib/slot.ts'
import { roleOf } from '../users/service.ts'
import { markMailed, updateDigest } from './digest.store.ts'
import { switchOffMails } from './settings.ts'
import type { UserKey } from './store.ts'

const purpose = 'unsubscribe'

/**
 * The link that ends mails about notifications, without signing in (RFC 8058). It is signed, so that nobody can end those of
 * others, and valid as long as the key of the server.
 */
export function unsubscribeLink(slots: HasSlots, key: UserKey, publicUrl: string): string {
  const text = textOf(key)
  return `${publicUrl}/unsubscribe/${text}.${secretBox.of(slots).sign(purpose, text)}`
}

/** Reads the end of such a link; undefined if this server has not signed it. */
export function readUnsubscribeToken(slots: HasSlots, token: string): UserKey | undefined {
  const [, account, user, signature] = /^(\d{1,15})\.(\d{1,15})\.([\w-]{43})$/.exec(token) ?? []
  if (signature === undefined) return undefined
  const key = { account_id: Number(account), user_id: Number(user) }
  return secretBox.of(slots).isSigned(purpose, textOf(key), signature) ? key : undefined
}

function textOf({ account_id, user_id }: UserKey): string {
  return `${account_id}.${user_id}`
}

/** Ends mails about notifications, also the one that is already planned. Does nothing for a user who has left. */
export function unsubscribe(database: Database, key: UserKey): Promise<void> {
  const { account_id, user_id } = key
  return database.transaction(account_id, async (tx) => {
    if ((await roleOf(tx, account_id, user_id)) === undefined) return
    await switchOffMails(tx, account_id, user_id)
    await markMailed(tx, key, Number.MAX_SAFE_INTEGER)
    await updateDigest(tx, key, { due_at: null, tries: 0 })
  })
}
