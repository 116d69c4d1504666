import { sql } from 'kysely'
import type { Queries } from '../../db/database.ts'
import { nextId } from '../../db/ids.ts'
import { prepare } from '../../db/prepare.ts'
import { actorWith } from '../../events/append.ts'
import { contactActivity } from '../contacts/parts.store.ts'
import { bumpConversation, timeOfMessage } from '../conversations/parts.store.ts'
import { logMessage } from './event.store.ts'
import { type MessageRow, messageTypes } from './parts.store.ts'
import { isTarget, type Outcome, type Posting, type Verdict, verdictOn } from './verdict.store.ts'

/** Does what `insertPosting` promises, in a transaction on SQLite. */
export async function insertOnSqlite(tx: Queries, posting: Posting): Promise<Outcome> {
  const [conversation] = await judge(tx, posting)
  if (!conversation) return { verdict: 'not_found' }
  const { verdict, inbox_id, contact_id, at } = conversation
  if (verdict !== 'accepted') return { verdict }
  const { account_id, conversation_id, from_contact, user_id, sees_all, now, channel_types, ...rest } =
    posting
  const { actor_type, actor_id, cause, ...given } = rest
  const id = await nextId(tx, account_id, 'messages')
  const key = { account_id, conversation_id, id }
  await bumpConversation(tx, { account_id, id: conversation_id, at, unread: from_contact })
  await insertMessage(tx, {
    ...given,
    ...key,
    inbox_id,
    sender_id: from_contact === 1 ? (posting.sender_id ?? contact_id) : posting.sender_id,
    status: 'sent',
    created_at: at,
    updated_at: at,
    deleted_at: null,
  })
  if (from_contact === 1) await updateContactActivity(tx, { account_id, id: contact_id, at })
  const actedBy = actor_type === 'contact' ? (actor_id ?? contact_id) : actor_id
  const actor = actorWith(account_id, { actor_type, actor_id: actedBy, cause })
  return { verdict, document: await logMessage(tx, actor, key, 'message_created') }
}

interface Judged {
  verdict: Exclude<Verdict, 'not_found'>
  inbox_id: number
  contact_id: number
  at: number
}

const judge = prepare<Posting>()((builder, p, engine) => {
  const query = sql<Judged>`select c.inbox_id, c.contact_id, ${timeOfMessage(p.now)} as at,
      ${verdictOn(engine, p)} as verdict
    from conversations c
    where ${isTarget(p)}`
  return { compile: () => query.compile(builder) }
})

// The values of a single row are parameters: as a JSON list, which several rows need, they take longer.
const insertMessage = prepare<MessageRow>()((builder, p) => {
  const names = Object.keys(messageTypes) as (keyof MessageRow)[]
  const values = Object.fromEntries(names.map((name) => [name, p[name]])) as unknown as MessageRow
  return builder.insertInto('messages').values(values)
})

const updateContactActivity = prepare<{ account_id: number; id: number; at: number }>()((builder, p) => {
  const query = contactActivity(sql`(select ${p.account_id} as account_id, ${p.id} as id, ${p.at} as at) r`)
  return { compile: () => query.compile(builder) }
})
