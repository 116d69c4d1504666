import { type RawBuilder, sql } from 'kysely'
import type { Engine, Queries } from '../../db/database.ts'
import { json } from '../../db/json.ts'
import { prepare } from '../../db/prepare.ts'
import { contactActivity } from '../contacts/parts.store.ts'
import { bumpedColumns, timeOfMessage } from '../conversations/parts.store.ts'
import { messageEventData } from './event.store.ts'
import { type MessageFields, type MessageRow, messageFields, messageTypes } from './parts.store.ts'
import { isTarget, type Of, type Outcome, type Posting, verdictOn } from './verdict.store.ts'

/**
 * Stores a message, as a statement of a transaction or as the single statement of `Database.autocommit()`. It locks the
 * row of the conversation first, so its messages are numbered in the order of their commits. It waits for that lock but
 * sees only what was committed before it began, so a verdict can be outdated unless the caller has locked the row; the
 * unique index of idempotency keys makes such a statement fail, and it is repeated.
 */
export async function insertOnPostgres(tx: Queries, posting: Posting): Promise<Outcome> {
  const [row] = await blocking(tx, toRows([posting]))
  return row ?? { verdict: 'not_found' }
}

/**
 * Stores messages of different conversations in one statement, without waiting for any lock. Returns undefined for a
 * message whose conversation is locked, or which is `not_found`.
 */
export async function insertManyOnPostgres(
  tx: Queries,
  postings: Posting[],
): Promise<(Outcome | undefined)[]> {
  const from = postings.some(({ from_contact }) => from_contact === 1) ? 'contacts' : 'others'
  const rows = await skipping[from](tx, toRows(postings))
  const outcomes = new Map(rows.map((row) => [`${row.account_id} ${row.conversation_id}`, row]))
  return postings.map((one) => outcomes.get(`${one.account_id} ${one.conversation_id}`))
}

type OutcomeRow = Outcome & Pick<Posting, 'account_id' | 'conversation_id'>

// Those of a new message that a posting does not have depend on its conversation, or are always the same.
const { id, inbox_id, created_at, updated_at, status, deleted_at, ...givenTypes } = messageTypes
const types: Record<keyof Posting, string> = {
  ...givenTypes,
  user_id: 'bigint',
  sees_all: 'bigint',
  now: 'bigint',
  from_contact: 'bigint',
  channel_types: 'text',
  actor_type: 'text',
  actor_id: 'bigint',
  cause: 'text',
}
const posting = Object.fromEntries(
  Object.keys(types).map((name) => [name, sql.ref(`p.${name}`)]),
) as Of<Posting>

/** The values of a new message: columns of the accepted posting `p`, unless they are listed here. */
const columns: Partial<Record<keyof MessageRow, RawBuilder<unknown>>> = {
  id: sql`nextval('message_ids')`,
  sender_id: sql`case when p.from_contact = 1 then coalesce(p.sender_id, p.contact_id) else p.sender_id end`,
  status: sql.lit('sent'),
  created_at: sql`p.at`,
  updated_at: sql`p.at`,
  deleted_at: sql`cast(null as bigint)`,
}

function toRows(postings: Posting[]): { postings: string } {
  return { postings: JSON.stringify(postings) }
}

/**
 * A statement that stores several messages, given as JSON. A `blocking` statement waits for locks and may be a part of
 * a transaction. A `skipping` one is a transaction of its own and leaves out locked conversations. If no contact
 * writes, the update of contacts is left out: each part of a statement takes time, even one that changes nothing.
 */
function statement(kind: 'blocking' | 'skipping', from: 'contacts' | 'others') {
  return prepare<{ postings: string }>()((builder, { postings }, engine) => {
    const lock = sql.raw(`for update of c${kind === 'skipping' ? ' skip locked' : ''}`)
    const names = Object.entries(types).map(([name, type]) => sql`${sql.ref(name)} ${sql.raw(type)}`)
    const row = Object.keys(messageTypes) as (keyof MessageRow)[]
    const values = row.map((name) => sql`${columns[name] ?? sql.ref(`p.${name}`)} as ${sql.ref(name)}`)
    const into = sql.join(row.map((name) => sql.ref(name)))
    const fields = messageFields(json[engine])
    // Fields that are looked up in other tables are computed once, for both the event and the response.
    const computed = { ...fields, sender: sql.ref('m.sender'), attachments: sql.ref('m.files') }
    // Avoids a deadlock: a transaction that has locked a contact may wait for its conversations, so a statement that
    // has locked conversations must not wait for contacts.
    const contactUpdate = sql`, unlocked as (
        select k.account_id, k.id, p.at from accepted p
          join contacts k on k.account_id = p.account_id and k.id = p.contact_id
          where p.from_contact = 1 for update of k skip locked
      ), updated_contacts as (${contactActivity(sql`unlocked r`)}
      )`
    // Not a plain join, for which a planner without statistics reads all conversations.
    const judged = sql`select * from p cross join lateral (
          select c.inbox_id, c.contact_id, c.status as conversation_status, ${timeOfMessage(posting.now)} as at,
              ${verdictOn(engine, posting)} as verdict
            from conversations c
            where ${isTarget(posting)}
            ${lock}
        ) c`
    const whole = sql<OutcomeRow>`
      with p as materialized (
        select * from json_to_recordset(cast(${postings} as json)) as rows (${sql.join(names)})
      ), judged as materialized (
        ${judged}
      ), accepted as not materialized (
        select * from judged where verdict = 'accepted'
      ), bumped as (
        update conversations c set ${assignments(bumpedColumns({ at: sql`p.at`, unread: sql`p.from_contact` }))}
          from accepted p where c.account_id = p.account_id and c.id = p.conversation_id returning 1
      )${from === 'contacts' ? contactUpdate : sql``}, m as materialized (
        select m.*, ${fields.sender} as sender, ${fields.attachments} as files
          from (select ${sql.join(values)}, p.contact_id, p.conversation_status, ${eventActor} from accepted p) m
      ), new_events as materialized (${newEvents(engine, computed)}
      ), stored as (
        insert into messages (${into}) select ${into} from m returning account_id
      )${kind === 'skipping' ? eventsWithPositions : eventsWithoutPositions}
      select m.account_id, m.conversation_id, 'accepted' as verdict, ${json[engine].document(computed)} as document from m
      union all
      select account_id, conversation_id, verdict, null from judged where verdict <> 'accepted'`
    return { compile: () => whole.compile(builder) }
  })
}

const eventColumns = sql`name, audience, conversation_id, inbox_id, contact_id, message_id, data,
  actor_type, actor_id, cause, created_at`

/** The columns of an event that say who acted, from the row `p`. */
const eventActor = sql`p.actor_type, p.cause,
  case when p.actor_type = 'contact' then coalesce(p.actor_id, p.contact_id) else p.actor_id end as actor_id`

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
            ${messageEventData(engine, sql.lit('message_created'), sql.lit('[]'), fields)} as data,
            m.actor_type, m.actor_id, m.cause, m.created_at
          from m join contacts p on p.account_id = m.account_id and p.id = m.contact_id
            join accounts a on a.id = m.account_id
            cross join lateral (select m.conversation_status as status) c`
}

function assignments(values: Record<string, RawBuilder<unknown>>) {
  return sql.join(Object.entries(values).map(([name, value]) => sql`${sql.ref(name)} = ${value}`))
}
