import type { Queries } from '../../db/database.ts'
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
export async function getAccount(queries: Queries, id: number): Promise<{ id: number; name: string }> {
  return (await findAccount(queries, { id }))[0]!
}

/** Whether there is such an account. */
export async function accountExists(queries: Queries, id: number): Promise<boolean> {
  return (await findAccount(queries, { id })).length > 0
}
