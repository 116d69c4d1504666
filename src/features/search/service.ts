import type { Queries } from '../../db/database.ts'
import { type FollowedBatch, follow } from '../../events/follow.ts'
import { findBackfill } from './backfill.store.ts'
import {
  insertDocuments,
  selectUnindexedContacts,
  selectUnindexedMessages,
  type UnindexedText,
} from './indexing.store.ts'
import { wordsOf } from './words.ts'

// Characters that one transaction indexes, because other transactions wait for it.
const maxCharacters = 300_000
// Milliseconds between two passes. Indexing each message in its own transaction would slow down every post.
const pause = 250

export type { UnindexedText }

/** Indexes new messages and contacts shortly after they were written. */
export const indexing = follow('search', { from: 'start', step: indexStep, pause })

async function indexStep(
  tx: Queries,
  { accountId, after, events }: FollowedBatch,
): Promise<number | undefined> {
  const range = { account_id: accountId, first: events.at(0)!.position, last: events.at(-1)!.position }
  const texts = [...(await selectUnindexedContacts(tx, range)), ...(await selectUnindexedMessages(tx, range))]
  const batch = takeBatch(texts)
  await addDocuments(tx, accountId, batch)
  // If some texts did not fit, the next step gets the same events again and skips the texts already indexed.
  return batch.length < texts.length ? after : undefined
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

/** Returns as many of the texts as one transaction indexes. */
export function takeBatch<T extends UnindexedText>(texts: T[]): T[] {
  let characters = 0
  const end = texts.findIndex(({ text }) => {
    characters += text.length
    return characters > maxCharacters
  })
  // Always take at least one, or indexing would never get past a long text.
  return end === -1 ? texts : texts.slice(0, Math.max(1, end))
}

/** Whether texts of the account are still being indexed that were written before the index existed. */
export async function isBackfilling(queries: Queries, accountId: number): Promise<boolean> {
  return (await findBackfill(queries, accountId)) !== undefined
}
