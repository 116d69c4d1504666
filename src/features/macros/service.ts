import type { Database, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import { type Actor, assertAuthorOrAdministrator } from '../../lib/actor.ts'
import { notFound, Refusal } from '../../lib/errors.ts'
import { toSeconds } from '../../lib/time.ts'
import { assertActions } from '../actions/schema.ts'
import { macroEvents } from './events.ts'
import { type Macro, type MacroChange, mostMacros, type NewMacro } from './schema.ts'
import * as store from './store.ts'

/** Returns the macros that the actor sees, by name. */
export async function listMacros(queries: Queries, { accountId, userId }: Actor): Promise<Macro[]> {
  return (await store.selectMacros(queries, accountId, userId)).map(toMacro)
}

/** Returns a macro that the actor sees. Throws `not_found`. */
export async function getMacro(queries: Queries, { accountId, userId }: Actor, id: number): Promise<Macro> {
  const row = await store.findMacro(queries, { account_id: accountId, id }, userId)
  if (!row) throw notFound('macro')
  return toMacro(row)
}

/** Creates a macro. Throws `invalid` for parameters that do not fit their action, and `limit_reached`. */
export function createMacro(database: Database, actor: Actor, input: NewMacro): Promise<Macro> {
  const { accountId, userId } = actor
  const { name, actions, visibility } = input
  assertActions(actions)
  return database.transaction(accountId, async (tx) => {
    const user_id = visibility === 'mine' ? userId : null
    if ((await store.countMacros(tx, accountId, user_id)) >= mostMacros)
      throw new Refusal('limit_reached', `there are ${mostMacros} macros already: delete one first`)
    const now = Date.now()
    const id = await nextId(tx, accountId, 'macros')
    await store.insertMacro(tx, {
      ...{ account_id: accountId, id, name, actions: JSON.stringify(actions) },
      ...{ user_id, author_id: userId, created_at: now, updated_at: now },
    })
    const macro = await getMacro(tx, actor, id)
    if (visibility === 'account') await macroEvents.created(tx, actor, macro)
    return macro
  })
}

/** Changes a macro. Throws `not_found`, `forbidden` for that of another user, and as `createMacro` does. */
export function changeMacro(
  database: Database,
  actor: Actor,
  id: number,
  { name, actions }: MacroChange,
): Promise<Macro> {
  if (actions) assertActions(actions)
  return database.transaction(actor.accountId, async (tx) => {
    const before = await getMacro(tx, actor, id)
    assertAuthorOrAdministrator(actor, before.author_id, 'a macro')
    await store.updateMacro(
      tx,
      { account_id: actor.accountId, id },
      {
        name: name ?? before.name,
        actions: JSON.stringify(actions ?? before.actions),
        updated_at: Date.now(),
      },
    )
    const after = await getMacro(tx, actor, id)
    if (after.visibility === 'account') await macroEvents.updated(tx, actor, before, after)
    return after
  })
}

/** Deletes a macro. Throws `not_found`, and `forbidden` for that of another user. */
export function removeMacro(database: Database, actor: Actor, id: number): Promise<void> {
  return database.transaction(actor.accountId, async (tx) => {
    const before = await getMacro(tx, actor, id)
    assertAuthorOrAdministrator(actor, before.author_id, 'a macro')
    await store.deleteMacro(tx, { account_id: actor.accountId, id })
    if (before.visibility === 'account') await macroEvents.deleted(tx, actor, before)
  })
}

function toMacro({ id, name, actions, user_id, author_id, created_at, updated_at }: store.Row): Macro {
  return {
    ...{ id, name, visibility: user_id === null ? 'account' : 'mine', author_id },
    actions: JSON.parse(actions),
    created_at: toSeconds(created_at),
    updated_at: toSeconds(updated_at),
  }
}
