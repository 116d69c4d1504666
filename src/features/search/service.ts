import type { Database, Queries } from '../../db/database.ts'
import {
  insertDocuments,
  selectAccountsToIndex,
  selectNewEvents,
  selectUnindexedContacts,
  selectUnindexedMessages,
  setCursor,
  type UnindexedText,
} from './store.ts'
import { wordsOf } from './words.ts'

export { contactsWithWords, hasWords, newestWithWords, textOfContact } from './store.ts'
export { wordsOf } from './words.ts'

// Bounds of one transaction, because others wait for it.
const maxEvents = 200
const maxCharacters = 300_000

/**
 * Indexes what the new events of all accounts are about, in bounded transactions with a `pause` between them. Ends
 * early once `isStopped` returns true.
 */
export async function indexAll(
  database: Database,
  pause: () => Promise<void>,
  isStopped: () => boolean,
): Promise<void> {
  for (const accountId of await selectAccountsToIndex(database.read)) {
    while (!isStopped() && (await indexStep(database, accountId))) await pause()
  }
}

/** Returns whether there is more to index. */
function indexStep(database: Database, accountId: number): Promise<boolean> {
  return database.transaction(accountId, async (tx) => {
    const newEvents = await selectNewEvents(tx, accountId, maxEvents)
    if (!newEvents) return false
    const { range, count } = newEvents
    const texts = [
      ...(await selectUnindexedContacts(tx, range)),
      ...(await selectUnindexedMessages(tx, range)),
    ]
    const batch = firstThatFit(texts)
    await addDocuments(tx, accountId, batch)
    // Otherwise the next step reads the same events again, and skips what has been indexed by then.
    if (batch.length === texts.length) await setCursor(tx, accountId, range.last)
    return batch.length < texts.length || count === maxEvents
  })
}

/** Indexes texts for the search. Imports call it, because they append no events. */
export async function addDocuments(tx: Queries, accountId: number, texts: UnindexedText[]): Promise<void> {
  const rows = texts.map(({ text, ...subject }) => ({
    ...subject,
    account_id: accountId,
    words: wordsOf(text).join(' '),
  }))
  await insertDocuments(tx, rows)
}

function firstThatFit(texts: UnindexedText[]): UnindexedText[] {
  let size = 0
  const count = texts.findIndex(({ text }) => {
    size += text.length
    return size > maxCharacters
  })
  // At least one, or indexing would never get past a long text.
  return count === -1 ? texts : texts.slice(0, Math.max(1, count))
}
