import type { Database, Queries } from '../../db/database.ts'
import {
  accountsBehind,
  freshStretch,
  insertDocuments,
  setCursor,
  type Unindexed,
  unindexedContacts,
  unindexedMessages,
} from './store.ts'
import { wordsOf } from './words.ts'

/**
 * For lists: the words of a question, the condition that a conversation has them, where it has them, and the contacts that
 * do.
 */
export { contactsWithWords, hasWords, newestWithWords, textOfContact } from './store.ts'
export { wordsOf } from './words.ts'

// What one transaction makes findable: others wait for it.
const mostEvents = 200
const mostText = 300_000

/**
 * Makes everything findable that the logs of all accounts tell of, in bounded transactions with a `pause` between them;
 * ends early when `stopped` says so.
 */
export async function indexAll(
  database: Database,
  pause: () => Promise<void>,
  stopped: () => boolean,
): Promise<void> {
  for (const accountId of await accountsBehind(database.read)) {
    while (!stopped() && (await indexSome(database, accountId))) await pause()
  }
}

/** Gives whether there is more. */
function indexSome(database: Database, accountId: number): Promise<boolean> {
  return database.transaction(accountId, async (tx) => {
    const fresh = await freshStretch(tx, accountId, mostEvents)
    if (!fresh) return false
    const { stretch, count } = fresh
    const found = [...(await unindexedContacts(tx, stretch)), ...(await unindexedMessages(tx, stretch))]
    const taken = asMuchAsFits(found)
    await addDocuments(tx, accountId, taken)
    // Else the same events come again, without what is findable by then.
    if (taken.length === found.length) await setCursor(tx, accountId, stretch.last)
    return taken.length < found.length || count === mostEvents
  })
}

/** Makes texts findable that no event tells of. */
export async function addDocuments(tx: Queries, accountId: number, texts: Unindexed[]): Promise<void> {
  const rows = texts.map(({ text, ...place }) => ({
    ...place,
    account_id: accountId,
    words: wordsOf(text).join(' '),
  }))
  await insertDocuments(tx, rows)
}

function asMuchAsFits(found: Unindexed[]): Unindexed[] {
  let size = 0
  const count = found.findIndex(({ text }) => {
    size += text.length
    return size > mostText
  })
  // At least one, or it would never end.
  return count === -1 ? found : found.slice(0, Math.max(1, count))
}
