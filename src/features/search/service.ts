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

// Limits for one transaction, because other transactions wait for it.
const maxEvents = 200
const maxCharacters = 300_000

/**
 * Indexes the messages and contacts that the new events of all accounts refer to. Works in short transactions and calls
 * `pause` between them. Stops early once `isStopped` returns true.
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

/** Indexes one batch of texts. Returns whether the account has more to index. */
function indexStep(database: Database, accountId: number): Promise<boolean> {
  return database.transaction(accountId, async (tx) => {
    const newEvents = await selectNewEvents(tx, accountId, maxEvents)
    if (!newEvents) return false
    const { range, count } = newEvents
    const texts = [
      ...(await selectUnindexedContacts(tx, range)),
      ...(await selectUnindexedMessages(tx, range)),
    ]
    const batch = takeBatch(texts)
    await addDocuments(tx, accountId, batch)
    // If some texts did not fit, the next step reads the same events again and skips the texts already indexed.
    if (batch.length === texts.length) await setCursor(tx, accountId, range.last)
    return batch.length < texts.length || count === maxEvents
  })
}

/** Indexes texts for the search. Imports call this directly, because they append no events. */
export async function addDocuments(tx: Queries, accountId: number, texts: UnindexedText[]): Promise<void> {
  const rows = texts.map(({ text, ...reference }) => ({
    ...reference,
    account_id: accountId,
    words: wordsOf(text).join(' '),
  }))
  await insertDocuments(tx, rows)
}

function takeBatch(texts: UnindexedText[]): UnindexedText[] {
  let characters = 0
  const end = texts.findIndex(({ text }) => {
    characters += text.length
    return characters > maxCharacters
  })
  // Always take at least one, or indexing would never get past a long text.
  return end === -1 ? texts : texts.slice(0, Math.max(1, end))
}
