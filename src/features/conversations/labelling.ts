import type { Database, Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { labelIds } from '../labels/service.ts'
import { labelActivities } from './activity.ts'
import { namedActor } from './assignee.ts'
import { writeActivities } from './change.ts'
import { fieldsOf, getConversation, lockConversation, logConversation } from './event-log.ts'
import type { Conversation } from './schema.ts'
import { updateConversation, updateLabels } from './store.ts'

/** Replaces the labels of a conversation. Throws `not_found`, or `invalid` for titles of no label. */
export function setLabels(
  database: Database,
  actor: Actor,
  id: number,
  titles: string[],
): Promise<Conversation> {
  return database.transaction(actor.accountId, async (tx) => {
    await labelInTransaction(tx, actor, id, () => titles)
    return getConversation(tx, actor, id)
  })
}

/** Like `setLabels`, in the caller's transaction. `titlesAfter` returns the labels for those that it has. */
export async function labelInTransaction(
  tx: Queries,
  actor: Actor,
  id: number,
  titlesAfter: (before: string[]) => string[],
): Promise<void> {
  const { accountId } = actor
  await lockConversation(tx, actor, id)
  const before = await getConversation(tx, actor, id)
  const titles = titlesAfter(before.labels)
  const ids = await labelIds(tx, accountId, [...new Set([...titles, ...before.labels])])
  const added = [...ids.keys()].filter((title) => !before.labels.includes(title))
  const removed = before.labels.filter((title) => !titles.includes(title))
  if (added.length + removed.length === 0) return
  const toIds = (titles: string[]) => titles.map((title) => ids.get(title)!)
  const key = { account_id: accountId, conversation_id: id }
  await updateLabels(tx, key, toIds(added), toIds(removed))
  await updateConversation(tx, accountId, id, {})
  const user = await namedActor(tx, actor)
  await writeActivities(tx, actor, id, labelActivities(user, added.sort(), removed))
  await logConversation(tx, actor, id, 'conversation_updated', fieldsOf(before, ['labels']))
}
