import assert from 'node:assert/strict'
import { sql } from 'kysely'
import type { TestApp } from './app.ts'

/** Asserts that what triggers store about conversations, their labels, participants and contacts is what their rows say. */
export async function assertStoredCounts({ app }: TestApp): Promise<void> {
  const rowsOf = async (query: string) => {
    const { rows } = await sql.raw<Record<string, unknown>>(query).execute(app.database.read.sql)
    const asText = rows.map((row) => JSON.stringify(Object.values(row).map(String)))
    return asText.sort()
  }
  const assertEqual = async (stored: string, computed: string) => {
    assert.deepEqual(await rowsOf(stored), await rowsOf(computed))
  }
  const columns = ['inbox_id', 'coalesce(assignee_id, 0)', 'coalesce(team_id, 0)']
  for (let subset = 0; subset < 8; subset++) {
    const isAll = (index: number) => (subset >> index) % 2 === 1
    const names = ['inbox_id', 'assignee_id', 'team_id'].map(
      (name, index) => `${name} ${isAll(index) ? '=' : '<>'} -1`,
    )
    const keys = columns.map((column, index) => (isAll(index) ? '-1' : column))
    await assertEqual(
      `select account_id, status, inbox_id, assignee_id, team_id, value from conversation_counts where ${names.join(' and ')}`,
      `select account_id, status, inbox, assignee, team, count(*) from (select account_id, status, ${keys[0]} as inbox,
        ${keys[1]} as assignee, ${keys[2]} as team from conversations) c group by 1, 2, 3, 4, 5`,
    )
  }
  await assertEqual(
    'select account_id, value from contact_counts where value <> 0',
    'select account_id, count(*) from contacts group by 1',
  )
  await assertEqual(
    'select account_id, id, contacts_count from companies',
    `select k.account_id, k.id, count(c.id) from companies k
      left join contacts c on c.account_id = k.account_id and c.company_id = k.id group by 1, 2`,
  )
  const user = 'w.account_id, w.conversation_id, w.user_id'
  await assertEqual(
    `select ${user}, status, activity_hour from conversation_participants w`,
    `select ${user}, c.status, c.last_activity_at / 3600000 from conversation_participants w
      join conversations c on c.account_id = w.account_id and c.id = w.conversation_id`,
  )
  const waiting = `select m.message_type from messages m
    where m.account_id = c.account_id and m.conversation_id = c.id and (m.message_type = 'incoming'
      or (m.message_type = 'outgoing' and m.private = 0 and m.sender_type = 'User')) order by m.id desc limit 1`
  await assertEqual(
    'select account_id, conversation_id, status, activity_hour from unattended_conversations',
    `select c.account_id, c.id, c.status, c.last_activity_at / 3600000 from conversations c where (${waiting}) = 'incoming'`,
  )
  const key = 'w.account_id, w.conversation_id, w.label_id'
  await assertEqual(
    `select ${key}, status, activity_hour, inbox_id, team_id, assignee_id from conversation_labels w`,
    `select ${key}, c.status, c.last_activity_at / 3600000, c.inbox_id, c.team_id, c.assignee_id from conversation_labels w
      join conversations c on c.account_id = w.account_id and c.id = w.conversation_id`,
  )
  await assertEqual(
    `select ${key} from conversation_labels w join conversation_labels o
      on o.account_id = w.account_id and o.conversation_id = w.conversation_id
      where w.label_bits >> cast(o.label_id % 52 as integer) & 1 = 0`,
    'select 1 from conversation_labels where 1 = 0',
  )
}
