import { type Static, type TSchema, Type } from 'typebox'
import type { Database, Queries } from '../../db/database.ts'
import { appendEvent, type NewEvent } from '../../events/append.ts'
import { eventType } from '../../events/catalogue.ts'
import type { Actor } from '../../lib/actor.ts'
import { pick } from '../../lib/json.ts'
import { id, ref } from '../../lib/schema.ts'
import { countAccounts, findAccount, insertAccount, insertAccountWithId, updateName } from './store.ts'

/** Creates an account and returns its id. */
export function createAccount(tx: Queries, name: string): Promise<number> {
  return insertAccount(tx, name, Date.now())
}

/** Creates an account that comes from another system, with its id there, which must be free. */
export async function adoptAccount(
  tx: Queries,
  account: { id: number; name: string; created_at: number },
): Promise<void> {
  await insertAccountWithId(tx, { ...account, updated_at: account.created_at })
}

/** Returns whether there is no account yet, so that the first start must create one. */
export async function isEmpty(queries: Queries): Promise<boolean> {
  return (await countAccounts(queries)) === 0
}

/** Returns an account as it is shown in events. */
export async function getAccount(queries: Queries, accountId: number): Promise<{ id: number; name: string }> {
  return (await findAccount(queries, { id: accountId }))[0]!
}

/** Gives an account another name. */
export async function renameAccount(database: Database, { accountId }: Actor, name: string): Promise<void> {
  await database.transaction(accountId, (tx) => updateName(tx, accountId, name, Date.now()))
}

/** Returns whether there is an account with this id. */
export async function accountExists(queries: Queries, accountId: number): Promise<boolean> {
  return (await findAccount(queries, { id: accountId })).length > 0
}

type Subject = Pick<NewEvent, 'conversation_id' | 'inbox_id' | 'contact_id'>

interface Options<Thing> {
  /** Limits the events to members of this inbox. By default, every member of the account gets them. */
  inboxOf?: (thing: Thing) => number
  /** The conversation that the events are about, and erased with. */
  subjectOf?: (tx: Queries, accountId: number, thing: Thing) => Promise<Subject>
  /** Removes what events must not contain. */
  redact?: (thing: Thing) => Thing
}

/**
 * Creates the three types of events of a setting of an account, such as a label or team, with functions that append one.
 * Call them in the transaction of the change, after its rows were written.
 */
export function settingEvents<const Name extends string, Schema extends TSchema & { $id: string }>(
  name: Name,
  schema: Schema,
  { inboxOf, subjectOf, redact = (thing) => thing }: Options<Static<Schema> & { id: number }> = {},
) {
  type Thing = Static<Schema> & { id: number }
  type Action = 'created' | 'updated' | 'deleted'
  const fields = {
    id: id(`The id of the ${name.replaceAll('_', ' ')}.`),
    [name]: ref(schema),
    changed: Type.Array(Type.String(), {
      description: `The fields of the ${name.replaceAll('_', ' ')} that have changed.`,
    }),
    account: Type.Object({ id: id(), name: Type.String() }),
  }
  const words = name.replaceAll('_', ' ')
  const subject = /^[aeiou]/.test(words) ? `An ${words}` : `A ${words}`
  const type = (action: Action) => eventType(`${name}_${action}`, `${subject} was ${action}.`, fields)

  async function append(
    tx: Queries,
    actor: Actor,
    action: Action,
    thing: Thing,
    changed: string[] = [],
    before: Record<string, unknown> = {},
  ) {
    const event = `${name}_${action}`
    const account = await getAccount(tx, actor.accountId)
    const data = { event, id: thing.id, [name]: redact(thing), changed, account }
    const subject = subjectOf
      ? await subjectOf(tx, actor.accountId, thing)
      : { ...(inboxOf ? { inbox_id: inboxOf(thing) } : {}) }
    await appendEvent(tx, actor, {
      ...subject,
      name: event,
      audience: 'agents',
      data: JSON.stringify(data),
      before,
    })
  }

  return {
    types: [type('created'), type('updated'), type('deleted')],
    created: (tx: Queries, actor: Actor, thing: Thing) => append(tx, actor, 'created', thing),
    /** Appends nothing if nothing has changed. `also` lists changed fields that are not in `before` and `after`. */
    async updated(tx: Queries, actor: Actor, before: Thing, after: Thing, also: string[] = []) {
      const keys = Object.keys(after as object) as (keyof Thing & string)[]
      const isSame = (field: keyof Thing) => JSON.stringify(before[field]) === JSON.stringify(after[field])
      const changed = keys.filter((field) => field !== 'updated_at' && !isSame(field))
      if (changed.length + also.length === 0) return
      await append(tx, actor, 'updated', after, [...changed, ...also], pick(redact(before), changed))
    },
    deleted: (tx: Queries, actor: Actor, thing: Thing) => append(tx, actor, 'deleted', thing),
  }
}
