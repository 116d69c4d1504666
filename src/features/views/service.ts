import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import { type Actor, assertAuthorOrAdministrator } from '../../lib/actor.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { toSeconds } from '../../lib/time.ts'
import { assertConversationFilter, countFiltered, listFiltered } from '../conversations/filtered-list.ts'
import { viewEvents } from './events.ts'
import { mostViews, type NewView, type View, type ViewChange, type ViewQuery } from './schema.ts'
import * as store from './store.ts'

/** Returns the views that the actor sees, by name. */
export async function listViews(queries: Queries, { accountId, userId }: Actor): Promise<View[]> {
  return (await store.selectViews(queries, accountId, userId)).map(toView)
}

/** Returns a view that the actor sees. Throws `not_found`. */
export async function getView(queries: Queries, { accountId, userId }: Actor, id: number): Promise<View> {
  const row = await store.findView(queries, { account_id: accountId, id }, userId)
  if (!row) throw notFound('view')
  return toView(row)
}

/** Returns a page of the conversations of a view that the actor sees, by their last activity. Throws `not_found`. */
export async function listConversationsOfView(
  queries: Queries,
  actor: Actor,
  id: number,
  { cursor }: ViewQuery,
) {
  const { filter } = await getView(queries, actor, id)
  return listFiltered(queries, actor, filter, cursor)
}

/** Counts the conversations of a view that the actor sees. Throws `not_found`. */
export async function countConversationsOfView(queries: Queries, actor: Actor, id: number) {
  const { filter } = await getView(queries, actor, id)
  return countFiltered(queries, actor, filter)
}

/** Creates a view. Throws `invalid` for a filter that cannot be read, and `limit_reached`. */
export async function createView(database: Database, actor: Actor, input: NewView): Promise<View> {
  const { accountId, userId } = actor
  const { name, filter, visibility } = input
  await assertConversationFilter(database.read, actor, filter)
  return database.transaction(accountId, async (tx) => {
    const user_id = visibility === 'mine' ? userId : null
    if ((await store.countViews(tx, accountId, user_id)) >= mostViews)
      throw new Refusal('limit_reached', `there are ${mostViews} views already: delete one first`)
    const now = Date.now()
    const id = await nextId(tx, accountId, 'views')
    await store.insertView(tx, {
      ...{ account_id: accountId, id, name, filter: JSON.stringify(filter) },
      ...{ user_id, author_id: userId, created_at: now, updated_at: now },
    })
    const view = await getView(tx, actor, id)
    if (visibility === 'account') await viewEvents.created(tx, actor, view)
    return view
  })
}

/** Changes a view. Throws `not_found`, `forbidden` for that of another user, and as `createView` does. */
export async function changeView(
  database: Database,
  actor: Actor,
  id: number,
  { name, filter }: ViewChange,
): Promise<View> {
  if (filter) await assertConversationFilter(database.read, actor, filter)
  return database.transaction(actor.accountId, async (tx) => {
    const before = await getView(tx, actor, id)
    assertAuthorOrAdministrator(actor, before.author_id, 'a view')
    const change = { name: name ?? before.name, filter: JSON.stringify(filter ?? before.filter) }
    await store.updateView(tx, { account_id: actor.accountId, id }, { ...change, updated_at: Date.now() })
    const after = await getView(tx, actor, id)
    if (after.visibility === 'account') await viewEvents.updated(tx, actor, before, after)
    return after
  })
}

/** Deletes a view, but none of its conversations. Throws `not_found`, and `forbidden` for that of another user. */
export function removeView(database: Database, actor: Actor, id: number): Promise<void> {
  return database.transaction(actor.accountId, async (tx) => {
    const before = await getView(tx, actor, id)
    assertAuthorOrAdministrator(actor, before.author_id, 'a view')
    await store.deleteView(tx, { account_id: actor.accountId, id })
    if (before.visibility === 'account') await viewEvents.deleted(tx, actor, before)
  })
}

function toView({ id, name, filter, user_id, author_id, created_at, updated_at }: store.Row): View {
  return {
    ...{ id, name, visibility: user_id === null ? 'account' : 'mine', author_id },
    filter: JSON.parse(filter),
    created_at: toSeconds(created_at),
    updated_at: toSeconds(updated_at),
  }
}
