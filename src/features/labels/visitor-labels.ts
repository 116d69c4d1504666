import type { Database, Queries } from '../../db/database.ts'
import type { Actor } from '../../lib/actor.ts'
import { getInbox } from '../inboxes/settings.ts'
import { labelIds } from './service.ts'
import { replaceVisitorLabels, selectVisitorLabels } from './visitor.store.ts'

/** The titles of the labels that the contacts of an inbox may set and remove. Throws `not_found`. */
export async function listVisitorLabels(queries: Queries, actor: Actor, inboxId: number): Promise<string[]> {
  await getInbox(queries, actor, inboxId)
  return visitorLabelsOf(queries, actor.accountId, inboxId)
}

/** Like `listVisitorLabels`, for an inbox that is known to exist. */
export function visitorLabelsOf(queries: Queries, accountId: number, inboxId: number): Promise<string[]> {
  return selectVisitorLabels(queries, { account_id: accountId, inbox_id: inboxId })
}

/** Replaces these labels, and returns their titles. Throws `not_found`, or `invalid` for titles of no label. */
export function setVisitorLabels(
  database: Database,
  actor: Actor,
  inboxId: number,
  titles: string[],
): Promise<string[]> {
  const { accountId } = actor
  return database.transaction(accountId, async (tx) => {
    await getInbox(tx, actor, inboxId)
    const ids = await labelIds(tx, accountId, titles)
    await replaceVisitorLabels(tx, { account_id: accountId, inbox_id: inboxId }, [...ids.values()])
    return visitorLabelsOf(tx, accountId, inboxId)
  })
}
