import { setTimeout as sleep } from 'node:timers/promises'
import type { Database, Queries } from '../../db/database.ts'
import { coalesced, type Logger, logErrors, type Running } from '../../lib/loop.ts'
import {
  accountsToBackfill,
  endBackfill,
  type FoundText,
  findBackfill,
  moveBackfill,
  textsOfContacts,
  textsOfMessages,
} from './backfill.store.ts'
import { addDocuments, takeBatch } from './service.ts'

// Texts of one transaction, during which others wait, and the pause after it, in milliseconds.
const textsPerStep = 250
const pause = 15
const retry = 5000

/**
 * Indexes, in the background, the texts that were written before the index existed. Each step notes how far it came, so
 * the next process continues. On several nodes, their steps alternate.
 */
export function startBackfill(database: Database, logger: Logger & { info(text: string): void }): Running {
  const onError = logErrors(logger, 'indexing for the search failed')
  const loop = coalesced((signal) => backfillAll(database, logger, signal), { retry, onError })
  loop.wake()
  return loop
}

async function backfillAll(
  database: Database,
  logger: { info(text: string): void },
  signal: AbortSignal,
): Promise<void> {
  for (const accountId of await accountsToBackfill(database.read)) {
    const start = performance.now()
    let count = 0
    for (;;) {
      if (signal.aborted) return
      const step = await database.transaction(accountId, (tx) => backfillStep(tx, accountId))
      count += step.indexed
      if (step.isDone) break
      await sleep(pause)
    }
    const seconds = Math.round((performance.now() - start) / 1000)
    if (count > 0) logger.info(`search: indexed ${count} texts of account ${accountId} in ${seconds} s`)
  }
}

/** Indexes the next texts of an account: first its contacts, then its messages. */
export async function backfillStep(
  tx: Queries,
  accountId: number,
): Promise<{ indexed: number; isDone: boolean }> {
  const from = await findBackfill(tx, accountId)
  if (!from) return { indexed: 0, isDone: true }
  const contacts = from.before_contact > 0 ? takeBatch(await textsOfContacts(tx, from, textsPerStep)) : []
  const texts = contacts.length > 0 ? contacts : takeBatch(await textsOfMessages(tx, from, textsPerStep))
  const indexed = await addMissing(tx, accountId, texts)
  const last = texts.at(-1)
  if (!last) await endBackfill(tx, accountId)
  else await moveBackfill(tx, { ...from, ...positionOf(last) })
  return { indexed, isDone: !last }
}

async function addMissing(tx: Queries, accountId: number, texts: FoundText[]): Promise<number> {
  const missing = texts.filter((text) => Number(text.isIndexed) === 0)
  await addDocuments(
    tx,
    accountId,
    missing.map(({ isIndexed, ...text }) => text),
  )
  return missing.length
}

function positionOf({ subject, subject_id, conversation_id }: FoundText) {
  if (subject === 'contact') return { before_contact: subject_id }
  return { before_contact: 0, before_conversation: conversation_id!, before_message: subject_id }
}
