import { type Static, type TSchema, Type } from 'typebox'
import type { Queries } from '../../db/database.ts'
import { appendEvent } from '../../events/append.ts'
import { eventType } from '../../events/catalogue.ts'
import { id, ref } from '../../lib/schema.ts'
import { countAccounts, findAccount, insertAccount } from './store.ts'

/** Makes an account and gives its id. */
export function createAccount(tx: Queries, name: string): Promise<number> {
  return insertAccount(tx, name, Date.now())
}

/** Whether the installation has no account yet: it has never been set up. */
export async function isEmpty(queries: Queries): Promise<boolean> {
  return (await countAccounts(queries)) === 0
}

/** The account as events show it. */
export async function getAccount(queries: Queries, accountId: number): Promise<{ id: number; name: string }> {
  return (await findAccount(queries, { id: accountId }))[0]!
}

/** Whether there is such an account. */
export async function accountExists(queries: Queries, accountId: number): Promise<boolean> {
  return (await findAccount(queries, { id: accountId })).length > 0
}

interface Options<Thing> {
  /** Only who works in this inbox hears of it; without it, every member of the account does. */
  inboxOf?: (thing: Thing) => number
  /** Without what events must not tell. */
  show?: (thing: Thing) => Thing
}

/**
 * The events of a kind of thing that an account has a few of and much refers to, such as its labels: three types, and
 * how to append one in the transaction of the change, after its rows were written.
 */
export function settingEvents<const Name extends string, Schema extends TSchema & { $id: string }>(
  name: Name,
  schema: Schema,
  { inboxOf, show = (thing) => thing }: Options<Static<Schema> & { id: number }> = {},
) {
  type Thing = Static<Schema> & { id: number }
  type Action = 'created' | 'updated' | 'deleted'
  const tells = {
    id: Type.String({ description: `Of the ${name}.` }),
    [name]: ref(schema),
    changed: Type.Array(Type.String(), { description: `The fields of the ${name} that have changed.` }),
    account: Type.Object({ id: id(), name: Type.String() }),
  }
  const one = /^[aeiou]/.test(name) ? `An ${name}` : `A ${name}`
  const type = (action: Action, words: string) => eventType(`${name}_${action}`, `${one} ${words}.`, tells)

  async function append(tx: Queries, accountId: number, action: Action, thing: Thing, changed: string[]) {
    const event = `${name}_${action}`
    const account = await getAccount(tx, accountId)
    const data = { event, id: String(thing.id), [name]: show(thing), changed, account }
    const place = inboxOf ? { inbox_id: inboxOf(thing) } : {}
    await appendEvent(tx, {
      account_id: accountId,
      ...place,
      name: event,
      audience: 'agents',
      data: JSON.stringify(data),
    })
  }

  return {
    types: [type('created', 'was made'), type('updated', 'was changed'), type('deleted', 'was deleted')],
    created: (tx: Queries, accountId: number, thing: Thing) => append(tx, accountId, 'created', thing, []),
    /** Nothing where both are the same; `also` names what has changed that they do not show. */
    async updated(tx: Queries, accountId: number, before: Thing, after: Thing, also: string[] = []) {
      const fields = Object.keys(after as object) as (keyof Thing & string)[]
      const isSame = (field: keyof Thing) => JSON.stringify(before[field]) === JSON.stringify(after[field])
      const changed = fields.filter((field) => field !== 'updated_at' && !isSame(field))
      if (changed.length + also.length === 0) return
      await append(tx, accountId, 'updated', after, [...changed, ...also])
    },
    deleted: (tx: Queries, accountId: number, thing: Thing) => append(tx, accountId, 'deleted', thing, []),
  }
}
