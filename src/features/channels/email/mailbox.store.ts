import type { Queries } from '../../../db/database.ts'
import { prepare } from '../../../db/prepare.ts'
import type { Tables } from '../../../db/tables.ts'
import { opened, sealed } from '../../../lib/secret-box.ts'

/** The primary key of an inbox. */
export interface InboxKey {
  account_id: number
  inbox_id: number
}

export type MailboxRow = Tables['mailboxes']

const byInbox = prepare<InboxKey>()((builder, p) =>
  builder
    .selectFrom('mailboxes')
    .selectAll()
    .where('account_id', '=', p.account_id)
    .where('inbox_id', '=', p.inbox_id)
    .limit(1),
)

/** The mailbox of an e-mail inbox, with its secrets in the clear. */
export async function findMailbox(queries: Queries, key: InboxKey): Promise<MailboxRow | undefined> {
  const [row] = await byInbox(queries, { account_id: key.account_id, inbox_id: key.inbox_id })
  if (!row) return undefined
  const { refresh_token } = row
  return {
    ...row,
    anchor_key: opened(queries, row.anchor_key, placeOf(key, 'anchor_key')),
    refresh_token: refresh_token && opened(queries, refresh_token, placeOf(key, 'refresh_token')),
  }
}

/** Adds the mailbox of an e-mail inbox, unless there is one. */
export async function addMailbox(tx: Queries, row: MailboxRow): Promise<void> {
  await tx.sql
    .insertInto('mailboxes')
    .values({ ...row, anchor_key: sealed(tx, row.anchor_key, placeOf(row, 'anchor_key')) })
    .onConflict((conflict) => conflict.columns(['account_id', 'inbox_id']).doNothing())
    .execute()
}

function placeOf({ account_id, inbox_id }: InboxKey, column: string) {
  return { table: 'mailboxes', column, key: [account_id, inbox_id] }
}

/** Records that a mail was stored, which has reached the mailbox at `arrivedAt` (milliseconds). */
export async function noteArrival(tx: Queries, key: InboxKey, arrivedAt: number | undefined): Promise<void> {
  const received_at = Date.now()
  const lag = arrivedAt === undefined ? null : Math.max(0, received_at - arrivedAt)
  await tx.sql
    .updateTable('mailboxes')
    .set({ received_at, lag })
    .where('account_id', '=', key.account_id)
    .where('inbox_id', '=', key.inbox_id)
    .execute()
}

/** Records that a mailbox was read at `now` (milliseconds). */
export async function setConnected(tx: Queries, key: InboxKey, now: number): Promise<void> {
  const works = { state: 'connected', error: null, failing_since: null, told_at: null, connected_at: now }
  await whereInbox(tx.sql.updateTable('mailboxes').set(works), key).execute()
}

/** Records that there is no mailbox to read. */
export async function setWaiting(tx: Queries, key: InboxKey): Promise<void> {
  const waits = { state: 'waiting', error: null, failing_since: null, told_at: null }
  await whereInbox(tx.sql.updateTable('mailboxes').set(waits), key).execute()
}

/** Records that a mailbox cannot be read. */
export async function setFailing(tx: Queries, key: InboxKey, error: string, now: number): Promise<void> {
  const fails = tx.sql.updateTable('mailboxes').set((eb) => ({
    state: 'failing',
    error: error.slice(0, 1000),
    failing_since: eb.fn.coalesce('failing_since', eb.cast<number>(eb.val(now), 'bigint')),
  }))
  await whereInbox(fails, key).execute()
}

/** Whether a mail about the failure is due: once, if it has lasted since `before`. */
export async function claimNotice(
  tx: Queries,
  key: InboxKey,
  { now, before }: { now: number; before: number },
): Promise<boolean> {
  const claim = tx.sql.updateTable('mailboxes').set({ told_at: now }).where('told_at', 'is', null)
  const { numUpdatedRows } = await whereInbox(
    claim.where('failing_since', '<=', before),
    key,
  ).executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Replaces the refresh token of a mailbox. `original` is the hash of the one in the settings. */
export async function replaceRefreshToken(
  tx: Queries,
  key: InboxKey,
  token: string,
  original: string,
): Promise<void> {
  const refresh_token = sealed(tx, token, placeOf(key, 'refresh_token'))
  const change = tx.sql.updateTable('mailboxes').set({ refresh_token, refresh_token_of: original })
  await whereInbox(change, key).execute()
}

/** Up to where a folder was read; undefined if it was not read yet. */
export function findFolder(
  queries: Queries,
  key: InboxKey,
  folder: string,
): Promise<Tables['mail_folders'] | undefined> {
  return queries.sql
    .selectFrom('mail_folders')
    .selectAll()
    .where('account_id', '=', key.account_id)
    .where('inbox_id', '=', key.inbox_id)
    .where('folder', '=', folder)
    .executeTakeFirst()
}

/** Records up to where a folder was read. */
export async function saveFolder(tx: Queries, row: Tables['mail_folders']): Promise<void> {
  const { uid_validity, last_uid, known_until } = row
  await tx.sql
    .insertInto('mail_folders')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['account_id', 'inbox_id', 'folder'])
        .doUpdateSet({ uid_validity, last_uid, known_until }),
    )
    .execute()
}

function whereInbox<Q extends { where(column: 'account_id' | 'inbox_id', is: '=', value: number): Q }>(
  query: Q,
  { account_id, inbox_id }: InboxKey,
): Q {
  return query.where('account_id', '=', account_id).where('inbox_id', '=', inbox_id)
}

/** The number of mailboxes that cannot be read. */
export async function countFailing(queries: Queries): Promise<number> {
  const rows = queries.sql.selectFrom('mailboxes').select((eb) => eb.fn.countAll<number>().as('count'))
  const { count } = await rows.where('state', '=', 'failing').executeTakeFirstOrThrow()
  return Number(count)
}

/** The longest lag of the newest mails since a time, all in milliseconds; 0 without any. */
export async function longestLag(queries: Queries, since: number): Promise<number> {
  const rows = queries.sql.selectFrom('mailboxes').select((eb) => eb.fn.max('lag').as('lag'))
  const { lag } = await rows.where('received_at', '>=', since).executeTakeFirstOrThrow()
  return Number(lag ?? 0)
}

/** The mailboxes that cannot be read, up to `limit`, with the names of their inboxes. */
export function selectFailing(
  queries: Queries,
  limit: number,
): Promise<{ name: string; error: string | null; failing_since: number | null }[]> {
  return queries.sql
    .selectFrom('mailboxes as b')
    .innerJoin('inboxes as i', (join) =>
      join.onRef('i.account_id', '=', 'b.account_id').onRef('i.id', '=', 'b.inbox_id'),
    )
    .select(['i.name', 'b.error', 'b.failing_since'])
    .where('b.state', '=', 'failing')
    .limit(limit)
    .execute()
}
