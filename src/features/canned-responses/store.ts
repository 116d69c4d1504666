import { type Expression, sql, type Updateable } from 'kysely'
import type { Engine, Queries } from '../../db/database.ts'
import { json } from '../../db/json.ts'
import type { Tables } from '../../db/tables.ts'
import { attachmentsOf } from '../attachments/parts.store.ts'
import type { CannedResponse } from './schema.ts'

export type Row = Tables['canned_responses']
export type SignatureRow = Tables['signatures']

/** A canned response as the API shows it, and its files as they are stored. */
export interface StoredResponse {
  shown: CannedResponse
  user_id: number | null
  attachments: string | null
}

function visibleTo(queries: Queries, accountId: number, userId: number) {
  return queries.sql
    .selectFrom('canned_responses as m')
    .where('m.account_id', '=', accountId)
    .where((eb) => eb.or([eb('m.user_id', 'is', null), eb('m.user_id', '=', userId)]))
}

function stored(queries: Queries, accountId: number, userId: number) {
  const shown = cannedDocument(queries.engine).as('shown')
  return visibleTo(queries, accountId, userId).select([shown, 'm.user_id', 'm.attachments'])
}

function cannedDocument(engine: Engine) {
  const { document, seconds } = json[engine]
  return document({
    id: sql.ref('m.id'),
    short_code: sql.ref('m.short_code'),
    content: sql.ref('m.content'),
    visibility: sql`case when m.user_id is null then 'account' else 'mine' end`,
    author_id: sql.ref('m.author_id'),
    attachments: attachmentsOf(json[engine]),
    created_at: seconds('m.created_at'),
    updated_at: seconds('m.updated_at'),
  } satisfies Record<keyof CannedResponse, Expression<unknown>>)
}

interface Search {
  /** As in the column `folded`. */
  text: string
  limit: number
  offset: number
}

/** A range of the canned responses that a user sees, by short code, or of those that contain a text. */
export async function selectCannedResponses(
  queries: Queries,
  accountId: number,
  userId: number,
  { text, limit, offset }: Search,
): Promise<CannedResponse[]> {
  const pattern = text.replaceAll(/[\\%_]/g, '\\$&')
  const rows = await stored(queries, accountId, userId)
    .$if(text !== '', (all) => all.where(sql<boolean>`m.folded like ${`%${pattern}%`} escape '\\'`))
    .orderBy(sql`case when m.folded like ${`${pattern}%`} escape '\\' then 0 else 1 end`)
    .orderBy('m.short_code')
    .orderBy('m.id')
    .limit(limit)
    .offset(offset)
    .execute()
  return rows.map(({ shown }) => JSON.parse(shown))
}

/** The canned responses with these ids that a user sees, in the order of the ids. */
export async function selectByIds(
  queries: Queries,
  accountId: number,
  userId: number,
  ids: readonly number[],
): Promise<StoredResponse[]> {
  const rows = await stored(queries, accountId, userId).where('m.id', 'in', ids).execute()
  const all = rows.map((row) => ({ ...row, shown: JSON.parse(row.shown) as CannedResponse }))
  return ids.flatMap((id) => all.filter(({ shown }) => shown.id === id))
}

/** The ids of the canned responses with a short code that a user sees. */
export async function selectIdsOf(tx: Queries, accountId: number, userId: number, short_code: string) {
  const rows = await visibleTo(tx, accountId, userId)
    .select('m.id')
    .where('m.short_code', '=', short_code)
    .execute()
  return rows.map(({ id }) => id)
}

/** How many canned responses only this user sees, or everybody if it is null. */
export async function countOf(tx: Queries, accountId: number, userId: number | null): Promise<number> {
  const row = await tx.sql
    .selectFrom('canned_responses')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('account_id', '=', accountId)
    .where('user_id', userId === null ? 'is' : '=', userId)
    .executeTakeFirstOrThrow()
  return row.count
}

export async function insertCannedResponse(tx: Queries, row: Row): Promise<void> {
  await tx.sql.insertInto('canned_responses').values(row).execute()
}

export async function updateCannedResponse(
  tx: Queries,
  accountId: number,
  id: number,
  change: Updateable<Row>,
): Promise<void> {
  const update = tx.sql.updateTable('canned_responses').set(change)
  await update.where('account_id', '=', accountId).where('id', '=', id).execute()
}

export async function deleteCannedResponse(tx: Queries, accountId: number, id: number): Promise<void> {
  await tx.sql
    .deleteFrom('canned_responses')
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .execute()
}

type SignatureKey = Pick<SignatureRow, 'account_id' | 'inbox_id' | 'user_id'>

export function findSignature(queries: Queries, key: SignatureKey): Promise<SignatureRow | undefined> {
  return queries.sql
    .selectFrom('signatures')
    .selectAll()
    .where('account_id', '=', key.account_id)
    .where('inbox_id', '=', key.inbox_id)
    .where('user_id', '=', key.user_id)
    .executeTakeFirst()
}

export async function upsertSignature(tx: Queries, row: SignatureRow): Promise<void> {
  const { content, append_by_default, updated_at } = row
  await tx.sql
    .insertInto('signatures')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['account_id', 'inbox_id', 'user_id'])
        .doUpdateSet({ content, append_by_default, updated_at }),
    )
    .execute()
}

export async function deleteSignature(tx: Queries, key: SignatureKey): Promise<void> {
  await tx.sql
    .deleteFrom('signatures')
    .where('account_id', '=', key.account_id)
    .where('inbox_id', '=', key.inbox_id)
    .where('user_id', '=', key.user_id)
    .execute()
}
