import type { Database, Queries } from '../../../db/database.ts'
import { lastId, raiseIds, reserveIds } from '../../../db/ids.ts'
import { lastMessageId, nextMessageIds, raiseMessageIds } from '../../messages/parts.store.ts'
import type { ChatwootDatabase, Range } from './chatwoot.store.ts'
import { findImport, insertIds, saveImport, selectIds, setLastId } from './ids.store.ts'

/** The tables whose rows keep their ids. */
export type Kind =
  | 'agent_bots'
  | 'companies'
  | 'contact_inboxes'
  | 'contact_notes'
  | 'contacts'
  | 'conversation_participants'
  | 'conversations'
  | 'inboxes'
  | 'labels'
  | 'messages'
  | 'teams'

/** Of these, rows have no ids here. */
type Unnumbered = 'contact_inboxes' | 'conversation_participants'

// Chatwoot can commit a row that is older than one that was read. In milliseconds.
const margin = 3_600_000

/**
 * The ids of one kind of row: those of Chatwoot, except for ids that were used here before. How far the import has come is
 * stored with the rows, so an interrupted one continues.
 */
export class Ids {
  readonly #accountId: number
  readonly #kind: Kind
  readonly #isDryRun: boolean
  #reserved: [first: number, last: number][] = []
  /** Which rows to read. */
  range: Range = { afterId: 0, changedSince: null }

  constructor(accountId: number, kind: Kind, isDryRun: boolean) {
    this.#accountId = accountId
    this.#kind = kind
    this.#isDryRun = isDryRun
  }

  get #key() {
    return { account_id: this.#accountId, kind: this.#kind }
  }

  /** Reserves the ids up to `last`, the largest one in Chatwoot, so that nothing new gets them here. */
  async begin(database: Database, source: ChatwootDatabase, last: number): Promise<void> {
    if (this.#isDryRun) {
      await this.#load(database.read, source, last)
      return
    }
    await database.transaction(this.#accountId, async (tx) => {
      const changed_since = await this.#load(tx, source, last)
      if (last > 0) await this.#raise(tx, last)
      await saveImport(tx, {
        ...{ ...this.#key, last_id: this.range.afterId, changed_since },
        reserved: JSON.stringify(this.#reserved),
      })
    })
  }

  /** Returns since when changes are to be read by the next run, if this one does not come to its end. */
  async #load(queries: Queries, source: ChatwootDatabase, last: number): Promise<number> {
    const row = await findImport(queries, this.#key)
    const reserved: [number, number][] = row ? JSON.parse(row.reserved) : []
    const used = await this.#lastUsed(queries)
    const newest = reserved.at(-1)
    if (newest?.[1] === used) newest[1] = Math.max(used, last)
    else if (last > used) reserved.push([used + 1, last])
    this.#reserved = reserved
    this.range = { afterId: row?.last_id ?? 0, changedSince: row?.last_id ? row.changed_since : null }
    return row?.changed_since ?? source.openedAt - margin
  }

  #lastUsed(queries: Queries): Promise<number> {
    if (this.#kind === 'messages') return lastMessageId(queries, this.#accountId)
    return isUnnumbered(this.#kind) ? Promise.resolve(0) : lastId(queries, this.#accountId, this.#kind)
  }

  async #raise(tx: Queries, last: number): Promise<void> {
    if (this.#kind === 'messages') await raiseMessageIds(tx, this.#accountId, last)
    else if (!isUnnumbered(this.#kind)) await raiseIds(tx, this.#accountId, this.#kind, last)
  }

  /** Stores that all rows up to this id in Chatwoot are imported. Call it in the transaction that stores them. */
  async advance(tx: Queries, id: number): Promise<void> {
    await setLastId(tx, this.#key, id)
  }

  /** Stores that the rows are here as they were when the database of Chatwoot was opened. */
  async finish(database: Database, source: ChatwootDatabase): Promise<void> {
    if (this.#isDryRun) return
    await database.transaction(this.#accountId, async (tx) => {
      const row = (await findImport(tx, this.#key))!
      await saveImport(tx, { ...row, changed_since: source.openedAt - margin })
    })
  }

  /** Whether a row can have been imported before this run, or earlier in it. */
  isOld(chatwootId: number): boolean {
    return chatwootId <= this.range.afterId
  }

  /** Loads the ids here of rows in Chatwoot. The function that it returns is for these rows only. */
  async load(queries: Queries, chatwootIds: number[]): Promise<(chatwootId: number) => number> {
    const others = await selectIds(queries, this.#key, [...new Set(chatwootIds)])
    return (chatwootId) => others.get(chatwootId) ?? chatwootId
  }

  /** Whether a new row keeps its id. */
  keeps(chatwootId: number): boolean {
    return this.#reserved.some(([first, last]) => chatwootId >= first && chatwootId <= last)
  }

  /** Returns ids for rows that cannot keep theirs, in ascending order, and stores which row has which. */
  async replace(tx: Queries, chatwootIds: number[]): Promise<number[]> {
    const many = chatwootIds.length
    if (many === 0) return []
    const ids =
      this.#kind === 'messages'
        ? await nextMessageIds(tx, this.#accountId, many)
        : consecutive(await reserveIds(tx, this.#accountId, this.#kind, many), many)
    await this.equate(
      tx,
      chatwootIds.map((chatwootId, index) => [chatwootId, ids[index]!]),
    )
    return ids
  }

  /** Stores the ids here of rows in Chatwoot that have another one. */
  async equate(tx: Queries, pairs: [chatwootId: number, id: number][]): Promise<void> {
    const rows = pairs.filter(([chatwootId, id]) => chatwootId !== id)
    await insertIds(
      tx,
      rows.map(([chatwoot_id, id]) => ({ ...this.#key, chatwoot_id, id })),
    )
  }
}

function isUnnumbered(kind: Kind): kind is Unnumbered {
  return kind === 'contact_inboxes' || kind === 'conversation_participants'
}

function consecutive(last: number, many: number): number[] {
  return Array.from({ length: many }, (_, index) => last - many + 1 + index)
}
