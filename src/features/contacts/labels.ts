import type { Database } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { notFound } from '../../lib/errors.ts'
import { labelIds } from '../labels/service.ts'
import { updateLabels } from './labels.store.ts'
import type { Contact } from './schema.ts'
import { getContact, logContact } from './service.ts'
import { findContact } from './store.ts'

/** Replaces the labels of a contact. Throws `not_found`, or `invalid` for titles of no label. */
export function setContactLabels(
  database: Database,
  actor: Actor,
  id: number,
  titles: string[],
): Promise<Contact> {
  const { accountId } = actor
  return database.transaction(accountId, async (tx) => {
    const before = await findContact(tx, accountId, id)
    if (!before) throw notFound('contact')
    const ids = await labelIds(tx, accountId, [...new Set([...titles, ...before.labels])])
    const toIds = (some: string[]) => some.map((title) => ids.get(title)!)
    const added = [...ids.keys()].filter((title) => !before.labels.includes(title))
    const removed = before.labels.filter((title) => !titles.includes(title))
    if (added.length + removed.length > 0) {
      await updateLabels(tx, { account_id: accountId, contact_id: id }, toIds(added), toIds(removed))
      await logContact(tx, actor, id, 'contact_updated', ['labels'], before)
    }
    return getContact(tx, actor, id)
  })
}
