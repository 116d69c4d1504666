import { sql } from 'kysely'
import type { Queries } from '../../../db/database.ts'
import { prepare } from '../../../db/prepare.ts'

const fileOfMessage = prepare<{ account_id: number; message_id: number }>()((builder, p) =>
  builder
    .selectFrom('mails')
    .select('file_key')
    .where('account_id', '=', p.account_id)
    .where('message_id', '=', p.message_id)
    .limit(1),
)

/** The key of the file with the raw mail of a message; undefined if there is none. */
export async function findRawMail(
  queries: Queries,
  account_id: number,
  message_id: number,
): Promise<string | undefined> {
  return (await fileOfMessage(queries, { account_id, message_id }))[0]?.file_key
}

/** Remembers the file with the raw mail of a message. */
export async function insertMail(
  tx: Queries,
  row: { account_id: number; message_id: number; conversation_id: number; file_key: string },
): Promise<void> {
  await tx.sql.insertInto('mails').values(row).execute()
}

const people = prepare<{ account_id: number; conversation_id: number; limit: number }>()((builder, p) =>
  builder
    .selectFrom('mail_people')
    .select('address')
    .where('account_id', '=', p.account_id)
    .where('conversation_id', '=', p.conversation_id)
    .orderBy('address')
    .limit(p.limit),
)

/** The addresses that take part in a conversation, up to `limit`. */
export async function selectPeople(
  queries: Queries,
  of: { account_id: number; conversation_id: number; limit: number },
): Promise<string[]> {
  return (await people(queries, of)).map(({ address }) => address)
}

/** Adds addresses to those that take part in a conversation. */
export async function insertPeople(
  tx: Queries,
  conversation: { account_id: number; conversation_id: number },
  addresses: readonly string[],
): Promise<void> {
  if (addresses.length === 0) return
  await tx.sql
    .insertInto('mail_people')
    .values(addresses.map((address) => ({ ...conversation, address })))
    .onConflict((conflict) => conflict.columns(['account_id', 'conversation_id', 'address']).doNothing())
    .execute()
}

/** A conversation to which a mail may belong. */
export interface ThreadConversation {
  id: number
  inbox_id: number
  contact_id: number
  subject: string | null
}

/** The conversations of an inbox with messages that have one of these `source_id`s, by `source_id`. */
export async function findThreads(
  queries: Queries,
  { account_id, inbox_id }: { account_id: number; inbox_id: number },
  sourceIds: readonly string[],
): Promise<Map<string, number>> {
  if (sourceIds.length === 0) return new Map()
  const rows = await queries.sql
    .selectFrom('messages')
    .select(['source_id', 'conversation_id'])
    .where('account_id', '=', account_id)
    .where('inbox_id', '=', inbox_id)
    .where('source_id', 'in', sourceIds)
    .execute()
  return new Map(rows.map(({ source_id, conversation_id }) => [source_id!, conversation_id]))
}

const conversationOfInbox = prepare<{ account_id: number; inbox_id: number; id: number }>()((builder, p) =>
  builder
    .selectFrom('conversations')
    .select(['id', 'inbox_id', 'contact_id', 'subject', 'merged_into_id'])
    .where('account_id', '=', p.account_id)
    .where('id', '=', p.id)
    .where('inbox_id', '=', p.inbox_id),
)

/** A conversation of an inbox, or the one that it was merged into; undefined if it is in another inbox, or gone. */
export async function findConversationOfInbox(
  queries: Queries,
  of: { account_id: number; inbox_id: number; id: number },
): Promise<ThreadConversation | undefined> {
  const [row] = await conversationOfInbox(queries, of)
  if (!row || row.merged_into_id === null) return row
  return findConversationOfInbox(queries, { ...of, id: row.merged_into_id })
}

const person = prepare<{ account_id: number; conversation_id: number; address: string }>()((builder, p) => {
  const query = sql<{ address: string }>`
    with recursive c as (
      select cast(${p.conversation_id} as bigint) as id
      union all
      select m.id from c join conversations m on m.account_id = ${p.account_id} and m.merged_into_id = c.id
    )
    select w.address from c join mail_people w on w.account_id = ${p.account_id} and w.conversation_id = c.id
      and w.address = ${p.address} limit 1`
  return { compile: () => query.compile(builder) }
})

/** Whether an address takes part in a conversation, or in one that was merged into it. */
export async function takesPart(
  queries: Queries,
  of: { account_id: number; conversation_id: number; address: string },
): Promise<boolean> {
  return (await person(queries, of)).length > 0
}

const latestConversations = prepare<{
  account_id: number
  contact_id: number
  inbox_id: number
  label: string
  limit: number
}>()((builder, p) =>
  builder
    .selectFrom(
      builder
        .selectFrom('conversations')
        .select('id')
        .where('account_id', '=', p.account_id)
        .where('contact_id', '=', p.contact_id)
        .where('inbox_id', '=', p.inbox_id)
        .limit(p.limit)
        .as('c'),
    )
    .select('c.id')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('conversation_labels as w')
            .innerJoin('labels as l', (join) =>
              join.onRef('l.account_id', '=', 'w.account_id').onRef('l.id', '=', 'w.label_id'),
            )
            .select('w.label_id')
            .where('w.account_id', '=', p.account_id)
            .whereRef('w.conversation_id', '=', 'c.id')
            .where('l.title', '=', p.label),
        ),
      ),
    ),
)

// A sender with more of them is treated by these.
const conversationsOfSender = 50

/** Whether a contact has a conversation in the inbox without this label. */
export async function hasOtherConversation(
  queries: Queries,
  { account_id, contact_id, inbox_id }: { account_id: number; contact_id: number; inbox_id: number },
  label: string,
): Promise<boolean> {
  const of = { account_id, contact_id, inbox_id, label, limit: conversationsOfSender }
  return (await latestConversations(queries, of)).length > 0
}
