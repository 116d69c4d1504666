import { type Insertable, type RawBuilder, sql } from 'kysely'
import type { Engine, Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import { json } from '../../db/json.ts'
import { prepare } from '../../db/prepare.ts'
import type { Tables } from '../../db/tables.ts'
import { afterMove, type Move, mayMove, moveConversation } from '../conversations/service.ts'
import { logMessage, messageEventData } from './event.store.ts'
import { type MessageFields, messageFields } from './store.ts'

type Row = Insertable<Tables['messages']>

/** A new message for a conversation, and as data what `service.ts` has decided about it. */
export interface Posting
  extends Move,
    Pick<
      Row,
      'message_type' | 'content_type' | 'content' | 'content_attributes' | 'private' | 'sender_type'
    > {
  /** null where the conversation's contact sends it, or with a `sender_type` of null nobody. */
  sender_id: number | null
  echo_id: string | null
  source_id: string | null
  idempotency_key: string | null
  idempotency_hash: string | null
  /** What is kept of its files, as JSON. */
  attachments: string | null
}

/**
 * Stores a message and gives its public JSON; undefined where the conversation must not be seen, the inbox must not
 * have it, its key was used before, or its contact is blocked. In a transaction, or on PostgreSQL as the one statement of
 * `Database.autocommit()`: the conversation's row is locked first, so its messages are numbered in the order of their
 * commits.
 */
export async function insertPosting(tx: Queries, posting: Posting): Promise<string | undefined> {
  if (tx.engine === 'postgres') return (await waiting(tx, rows([posting])))[0]?.document
  const [moved] = await moveOnly(tx, posting)
  if (!moved) return undefined
  const id = await nextId(tx, posting.account_id, 'messages')
  const sender_id = posting.sender_type === null ? null : (posting.sender_id ?? moved.contact_id)
  await insertRow(tx, { ...posting, id, inbox_id: moved.inbox_id, sender_id, at: moved.at })
  if (posting.unread === 1) await noteContact(tx, { ...posting, contact_id: moved.contact_id, at: moved.at })
  const key = { account_id: posting.account_id, conversation_id: posting.conversation_id, id }
  return logMessage(tx, key, 'message_created')
}

/**
 * On PostgreSQL: stores the messages of different conversations in one statement, and gives the public JSON of each;
 * undefined as `insertPosting`, and where somebody else holds the conversation: it waits for nobody.
 */
export async function insertPostings(tx: Queries, postings: Posting[]): Promise<(string | undefined)[]> {
  const from = postings.some(({ unread }) => unread === 1) ? 'contacts' : 'others'
  const stored = await passing[from](tx, rows(postings))
  const documents = new Map(stored.map((row) => [`${row.account_id} ${row.conversation_id}`, row.document]))
  return postings.map((one) => documents.get(`${one.account_id} ${one.conversation_id}`))
}

const moveOnly = prepare<Posting>()((builder, p) =>
  moveConversation(builder, p).where(unused(p)).where(notBlocked(p)),
)

/** Whether the idempotency key is new in the conversation. */
function unused(p: Of<Posting>): RawBuilder<boolean> {
  // As `not exists` PostgreSQL may join all messages, as long as it has not counted them.
  return sql`(select r.id from messages r where r.account_id = ${p.account_id}
    and r.conversation_id = ${p.conversation_id} and r.idempotency_key = ${p.idempotency_key} limit 1) is null`
}

/** Whether it is not a blocked contact that writes. */
function notBlocked(p: Of<Posting>): RawBuilder<boolean> {
  return sql`(${p.unread} = 0 or not exists (select 1 from contacts b
    where b.account_id = c.account_id and b.id = c.contact_id and b.blocked = 1))`
}

/** Values, or the columns that hold them. */
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

function rows(postings: Posting[]): { postings: string } {
  return { postings: JSON.stringify(postings) }
}

/**
 * The steps of `insertPosting` for rows of JSON as one statement. The `waiting` one may be a part of a transaction. The
 * `passing` one is a transaction of its own and leaves out what somebody holds. Where no contact writes, it leaves out
 * what is noted of contacts, too: each part of it costs, even one that finds nothing to do.
 */
function statement(kind: 'waiting' | 'passing', from: 'contacts' | 'others') {
  return prepare<{ postings: string }>()((builder, { postings }, engine) => {
    const lock = sql.raw(`for update of c${kind === 'passing' ? ' skip locked' : ''}`)
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
    // What takes a look at other tables is made once, for the event and the answer.
    const made = { ...fields, sender: sql.ref('m.sender'), attachments: sql.ref('m.files') }
    // Who holds a contact may wait for its conversations, so none that holds one may wait for the contact.
    const noted = sql`, free as (
        select k.account_id, k.id, l.at from locked l
          join contacts k on k.account_id = l.account_id and k.id = l.contact_id
          where l.unread = 1 for update of k skip locked
      ), noted as (
        update contacts k set last_activity_at = free.at from free
          where k.account_id = free.account_id and k.id = free.id
      )`
    const whole = sql<{ account_id: number; conversation_id: number; document: string }>`
      with p as materialized (
        select * from json_to_recordset(cast(${postings} as json)) as rows (${sql.join(names)})
      ), locked as materialized (
        select p.*, c.inbox_id, c.contact_id, c.status,
            case when p.now > c.last_activity_at then p.now else c.last_activity_at end as at
          from p join conversations c on c.account_id = p.account_id and c.id = p.conversation_id
            join inboxes i on i.account_id = c.account_id and i.id = c.inbox_id
          where ${mayMove(posting as never)} and ${unused(posting)} and ${notBlocked(posting)}
          ${lock}
      ), moved as (
        update conversations c set ${assignments(afterMove({ at: sql`l.at`, unread: sql`l.unread` }))}
          from locked l where c.account_id = l.account_id and c.id = l.conversation_id returning 1
      )${from === 'contacts' ? noted : sql``}, m as materialized (
        select m.*, ${fields.sender} as sender, ${fields.attachments} as files
          from (select ${sql.join(values)}, p.contact_id, p.status as conversation_status from locked p) m
      ), told as materialized (${told(engine, made)}
      ), stored as (
        insert into messages (${into}) select ${into} from m returning account_id
      )${kind === 'passing' ? loggedAtOnce : loggedAtCommit}
      select m.account_id, m.conversation_id, ${json[engine].document(made)} as document from m`
    return { compile: () => whole.compile(builder) }
  })
}

const eventColumns = sql`name, audience, conversation_id, inbox_id, contact_id, message_id, data, created_at`

const loggedAtCommit = sql`, logged as (
        insert into events (account_id, ${eventColumns}) select account_id, ${eventColumns} from told order by message_id
      )`

// Others wait for the account's counter of events until this is committed, so what takes time comes before it.
const loggedAtOnce = sql`, last as (
        insert into counters (account_id, name, value)
          select account_id, 'events', count(*) from told
            where (select count(*) from moved) >= 0 and (select count(*) from stored) >= 0
            group by account_id order by account_id
          on conflict (account_id, name) do update set value = counters.value + excluded.value
          returning account_id, value
      ), logged as (
        insert into events (account_id, position, ${eventColumns})
          select account_id, last.value + 1 - place, ${eventColumns} from told join last using (account_id)
      )`

const waiting = statement('waiting', 'contacts')
const passing = {
  contacts: statement('passing', 'contacts'),
  others: statement('passing', 'others'),
}

/** The events of the messages `m`, each with its `place` from the account's last of them. */
function told(engine: Engine, fields: MessageFields) {
  return sql`
        select m.account_id, row_number() over (partition by m.account_id order by m.id desc) as place,
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

/** What the conversation decides: parameters, or columns of the statement that locked it. */
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

const noteContact = prepare<{ account_id: number; contact_id: number; at: number }>()((builder, p) =>
  builder
    .updateTable('contacts')
    .set({ last_activity_at: p.at })
    .where('account_id', '=', p.account_id)
    .where('id', '=', p.contact_id),
)
