import { type Insertable, type RawBuilder, sql } from 'kysely'
import type { Engine, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import { json } from '../../db/json.ts'
import { prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'
import { type Bump, bumpConversation, bumpedColumns, mayBump } from '../conversations/parts.store.ts'
import { logMessage, messageEventData } from './event.store.ts'
import { type MessageFields, messageFields } from './parts.store.ts'

type Row = Insertable<Tables['messages']>

/** A new message, and the rules that `service.ts` has chosen for it, as data. */
export interface Posting
  extends Bump,
    Pick<
      Row,
      'message_type' | 'content_type' | 'content' | 'content_attributes' | 'private' | 'sender_type'
    > {
  /** null if the conversation's contact sends it, or if there is no sender (`sender_type` is null). */
  sender_id: number | null
  echo_id: string | null
  source_id: string | null
  idempotency_key: string | null
  idempotency_hash: string | null
  /** The stored description of its files, as JSON. */
  attachments: string | null
}

/**
 * Stores a message and returns its public JSON. Returns undefined if the user may not see the conversation, the inbox
 * does not accept the message, the conversation must be reopened first, the idempotency key was used before, or the
 * contact is blocked. Runs in a transaction or, on PostgreSQL, as the single statement of `Database.autocommit()`: the
 * row of the conversation is locked first, so its messages are numbered in the order of their commits.
 */
export async function insertPosting(tx: Queries, posting: Posting): Promise<string | undefined> {
  if (tx.engine === 'postgres') return (await blocking(tx, toRows([posting])))[0]?.document
  const [conversation] = await bump(tx, posting)
  if (!conversation) return undefined
  const { inbox_id, contact_id, at } = conversation
  const id = await nextId(tx, posting.account_id, 'messages')
  const sender_id = posting.sender_type === null ? null : (posting.sender_id ?? contact_id)
  await insertRow(tx, { ...posting, id, inbox_id, sender_id, at })
  if (posting.unread === 1) await updateContactActivity(tx, { ...posting, contact_id, at })
  const key = { account_id: posting.account_id, conversation_id: posting.conversation_id, id }
  return logMessage(tx, key, 'message_created')
}

/**
 * On PostgreSQL: stores messages of different conversations in one statement, and returns the public JSON of each.
 * Returns undefined for a message as `insertPosting` does, and if its conversation is locked: the statement waits for
 * no locks.
 */
export async function insertPostings(tx: Queries, postings: Posting[]): Promise<(string | undefined)[]> {
  const from = postings.some(({ unread }) => unread === 1) ? 'contacts' : 'others'
  const stored = await skipping[from](tx, toRows(postings))
  const documents = new Map(stored.map((row) => [`${row.account_id} ${row.conversation_id}`, row.document]))
  return postings.map((one) => documents.get(`${one.account_id} ${one.conversation_id}`))
}

const bump = prepare<Posting>()((builder, p) =>
  bumpConversation(builder, p).where(isKeyUnused(p)).where(isNotBlocked(p)),
)

/** A condition: the idempotency key is new in the conversation. */
function isKeyUnused(p: Of<Posting>): RawBuilder<boolean> {
  // With `not exists`, PostgreSQL may join all messages, until it has statistics of the table.
  return sql`(select r.id from messages r where r.account_id = ${p.account_id}
    and r.conversation_id = ${p.conversation_id} and r.idempotency_key = ${p.idempotency_key} limit 1) is null`
}

/** A condition: true unless the sender is a blocked contact. */
function isNotBlocked(p: Of<Posting>): RawBuilder<boolean> {
  return sql`(${p.unread} = 0 or not exists (select 1 from contacts b
    where b.account_id = c.account_id and b.id = c.contact_id and b.blocked = 1))`
}

/** The fields of `T` as values, or as the columns that contain them. */
type Of<T> = { [K in keyof T]: unknown }

const types: Record<keyof Posting, 'bigint' | 'smallint' | 'text'> = {
  account_id: 'bigint',
  conversation_id: 'bigint',
  user_id: 'bigint',
  sees_all: 'smallint',
  now: 'bigint',
  unread: 'smallint',
  only_in: 'text',
  only_open: 'smallint',
  message_type: 'text',
  content_type: 'text',
  content: 'text',
  content_attributes: 'text',
  private: 'smallint',
  sender_type: 'text',
  sender_id: 'bigint',
  echo_id: 'text',
  source_id: 'text',
  idempotency_key: 'text',
  idempotency_hash: 'text',
  attachments: 'text',
}
const posting = Object.fromEntries(
  Object.keys(types).map((name) => [name, sql.ref(`p.${name}`)]),
) as Of<Posting>

function toRows(postings: Posting[]): { postings: string } {
  return { postings: JSON.stringify(postings) }
}

/**
 * The steps of `insertPosting` for several messages, given as JSON, in one statement. A `blocking` statement waits
 * for locks and may be a part of a transaction. A `skipping` one is a transaction of its own and leaves out locked
 * conversations. If no contact writes, the update of contacts is left out: each part of a statement takes time, even
 * one that changes nothing.
 */
function statement(kind: 'blocking' | 'skipping', from: 'contacts' | 'others') {
  return prepare<{ postings: string }>()((builder, { postings }, engine) => {
    const lock = sql.raw(`for update of c${kind === 'skipping' ? ' skip locked' : ''}`)
    const names = Object.entries(types).map(([name, type]) => sql`${sql.ref(name)} ${sql.raw(type)}`)
    const row = columns(posting, {
      id: sql`nextval('message_ids')`,
      inbox_id: sql`p.inbox_id`,
      sender_id: sql`case when p.sender_type is not null then coalesce(p.sender_id, p.contact_id) end`,
      at: sql`p.at`,
    })
    const values = Object.entries(row).map(([name, value]) => sql`${value} as ${sql.ref(name)}`)
    const into = sql.join(Object.keys(row).map((name) => sql.ref(name)))
    const fields = messageFields(json[engine])
    // Fields that are looked up in other tables are computed once, for both the event and the response.
    const computed = { ...fields, sender: sql.ref('m.sender'), attachments: sql.ref('m.files') }
    // Avoids a deadlock: a transaction that has locked a contact may wait for its conversations, so a statement that
    // has locked conversations must not wait for contacts.
    const contactUpdate = sql`, unlocked as (
        select k.account_id, k.id, l.at from locked l
          join contacts k on k.account_id = l.account_id and k.id = l.contact_id
          where l.unread = 1 for update of k skip locked
      ), updated_contacts as (
        update contacts k set last_activity_at = unlocked.at from unlocked
          where k.account_id = unlocked.account_id and k.id = unlocked.id
      )`
    const whole = sql<{ account_id: number; conversation_id: number; document: string }>`
      with p as materialized (
        select * from json_to_recordset(cast(${postings} as json)) as rows (${sql.join(names)})
      ), locked as materialized (
        select p.*, c.inbox_id, c.contact_id, c.status,
            case when p.now > c.last_activity_at then p.now else c.last_activity_at end as at
          from p join conversations c on c.account_id = p.account_id and c.id = p.conversation_id
            join inboxes i on i.account_id = c.account_id and i.id = c.inbox_id
          where ${mayBump(posting as never)} and ${isKeyUnused(posting)} and ${isNotBlocked(posting)}
          ${lock}
      ), bumped as (
        update conversations c set ${assignments(bumpedColumns({ at: sql`l.at`, unread: sql`l.unread` }))}
          from locked l where c.account_id = l.account_id and c.id = l.conversation_id returning 1
      )${from === 'contacts' ? contactUpdate : sql``}, m as materialized (
        select m.*, ${fields.sender} as sender, ${fields.attachments} as files
          from (select ${sql.join(values)}, p.contact_id, p.status as conversation_status from locked p) m
      ), new_events as materialized (${newEvents(engine, computed)}
      ), stored as (
        insert into messages (${into}) select ${into} from m returning account_id
      )${kind === 'skipping' ? eventsWithPositions : eventsWithoutPositions}
      select m.account_id, m.conversation_id, ${json[engine].document(computed)} as document from m`
    return { compile: () => whole.compile(builder) }
  })
}

const eventColumns = sql`name, audience, conversation_id, inbox_id, contact_id, message_id, data, created_at`

// Inside a transaction, the positions are assigned at its commit.
const eventsWithoutPositions = sql`, logged as (
        insert into events (account_id, ${eventColumns})
          select account_id, ${eventColumns} from new_events order by message_id
      )`

// From the update of the account's event counter until the commit, other writers of the account wait. The conditions
// with `count` make the slow steps run before it.
const eventsWithPositions = sql`, last as (
        insert into counters (account_id, name, value)
          select account_id, 'events', count(*) from new_events
            where (select count(*) from bumped) >= 0 and (select count(*) from stored) >= 0
            group by account_id order by account_id
          on conflict (account_id, name) do update set value = counters.value + excluded.value
          returning account_id, value
      ), logged as (
        insert into events (account_id, position, ${eventColumns})
          select account_id, last.value + 1 - from_end, ${eventColumns} from new_events join last using (account_id)
      )`

const blocking = statement('blocking', 'contacts')
const skipping = {
  contacts: statement('skipping', 'contacts'),
  others: statement('skipping', 'others'),
}

/** A query for the events of the messages `m`. `from_end` counts them backwards in each account: 1 is the last one. */
function newEvents(engine: Engine, fields: MessageFields) {
  return sql`
        select m.account_id, row_number() over (partition by m.account_id order by m.id desc) as from_end,
            'message_created' as name,
            case when m.private = 1 or m.message_type = 'activity' then 'agents' else 'everyone' end as audience,
            m.conversation_id, m.inbox_id, m.contact_id, m.id as message_id,
            ${messageEventData(engine, sql.lit('message_created'), fields)} as data, m.created_at
          from m join contacts p on p.account_id = m.account_id and p.id = m.contact_id
            join accounts a on a.id = m.account_id
            cross join lateral (select m.conversation_status as status) c`
}

function assignments(values: Record<string, RawBuilder<unknown>>) {
  return sql.join(Object.entries(values).map(([name, value]) => sql`${sql.ref(name)} = ${value}`))
}

/** Values that depend on the locked conversation: parameters, or columns of the statement that locked it. */
interface FromLocked<V> {
  id: V
  inbox_id: V
  sender_id: V | null
  at: V
}

function columns<V>(p: Of<Omit<Posting, 'sender_id'>>, { id, inbox_id, sender_id, at }: FromLocked<V>) {
  return {
    account_id: p.account_id,
    conversation_id: p.conversation_id,
    id,
    inbox_id,
    message_type: p.message_type,
    content_type: p.content_type,
    content: p.content,
    content_attributes: p.content_attributes,
    status: sql.lit('sent'),
    private: p.private,
    sender_type: p.sender_type,
    sender_id,
    echo_id: p.echo_id,
    source_id: p.source_id,
    created_at: at,
    updated_at: at,
    idempotency_key: p.idempotency_key,
    idempotency_hash: p.idempotency_hash,
    attachments: p.attachments,
  } satisfies Partial<Record<keyof Tables['messages'], unknown>>
}

const insertRow = prepare<Omit<Posting, 'sender_id'> & FromLocked<number>>()((builder, p) =>
  builder.insertInto('messages').values(columns(p, p) as Row),
)

const updateContactActivity = prepare<{ account_id: number; contact_id: number; at: number }>()(
  (builder, p) =>
    builder
      .updateTable('contacts')
      .set({ last_activity_at: p.at })
      .where('account_id', '=', p.account_id)
      .where('id', '=', p.contact_id),
)
