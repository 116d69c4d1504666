import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Queries } from '../../src/db/database.ts'
import {
  claimAutomaticMail,
  isFirstMessage,
} from '../../src/features/channels/email/automatic-mails.store.ts'
import { findRawMail, hasOtherConversation } from '../../src/features/channels/email/mail.store.ts'
import { findMailbox, noteArrival } from '../../src/features/channels/email/mailbox.store.ts'
import { findForwarded } from '../../src/features/channels/email/outgoing/forwarding.ts'
import {
  findSubject,
  selectFilesOf,
  selectSourcesBefore,
} from '../../src/features/channels/email/outgoing-mail.store.ts'
import { admitPeople } from '../../src/features/channels/email/people.ts'
import { findAnsweredConversation, findThread } from '../../src/features/channels/email/threading.ts'
import { selectUnseen } from '../../src/features/channels/email/unseen-messages.store.ts'
import { findIdentity, findNewestSourceId } from '../../src/features/channels/store.ts'
import { findBySourceId } from '../../src/features/messages/parts.store.ts'
import { startTestApp, type TestApp } from '../app.ts'
import { addMailInbox } from '../mails.ts'
import { assertFlat, fillTables } from '../query-plans.ts'

// Messages of the longest conversation.
const long = 20_000

describe('The queries of mails, in a large account, read only what the mail needs', () => {
  let test: TestApp
  let inbox_id: number
  before(async () => {
    test = await startTestApp()
    inbox_id = (await addMailInbox(test)).id
    const body = { inbox_id }
    await test.api('/contacts/1/contact_inboxes', { method: 'POST', body })
    await fill()
  })
  after(() => test.close())

  /** Conversation 100 has many messages, and each of the others one. Contact 1 has many conversations. */
  async function fill(): Promise<void> {
    const conversation = `case when n <= ${long} then 100 else n end`
    const statements = [
      `insert into conversations (account_id, id, inbox_id, contact_id, source_id, status, unread_count, last_activity_at,
          created_at, updated_at, subject)
        select 1, n, i.inbox_id, 1, i.source_id, 'open', 0, n, n, n, 'Mail ' || n
        from numbers join (select min(source_id) as source_id, inbox_id from contact_inboxes group by inbox_id) i
          on i.inbox_id = ${inbox_id}`,
      `insert into messages (account_id, conversation_id, id, inbox_id, message_type, content_type, content,
          content_attributes, status, private, source_id, created_at, updated_at)
        select 1, ${conversation}, n, ${inbox_id}, 'incoming', 'text', 'Hello', '{}', 'sent', 0, '<' || n || '@example.com>', n, n
        from numbers`,
      `insert into mails (account_id, message_id, conversation_id, file_key) select 1, n, ${conversation}, 'key' || n from numbers`,
      `insert into mail_people (account_id, conversation_id, address) select 1, ${conversation}, n || '@example.com' from numbers`,
      `insert into automatic_mails (account_id, address_hash, sent_at) select 1, 'hash' || n, ${Date.now()} from numbers`,
    ]
    await fillTables(test.app.database, statements)
  }

  const account_id = 1
  const key = 'key'
  const message = { account_id, conversation_id: 100, id: 15_000 }
  const conversation = { account_id, conversation_id: 100 }
  const anchors = {
    ids: ['<200@example.com>', '<30000@example.com>', '<unknown@example.com>'],
    conversations: [300],
  }
  const inbox = () => ({ account_id, inbox_id })
  const customer = () => ({ ...inbox(), contact_id: 1 })
  const queries: Record<string, (queries: Queries) => Promise<unknown>> = {
    'the mails before one': (queries) => selectSourcesBefore(queries, message),
    'the subject': (queries) => findSubject(queries, conversation),
    'the files': (queries) => selectFilesOf(queries, message),
    'a message to forward': (queries) => findForwarded(queries, conversation, 15_000),
    'the mailbox': (queries) => findMailbox(queries, inbox()),
    'the time of the newest mail': (queries) => noteArrival(queries, inbox(), undefined),
    'the recipient': (queries) => findIdentity(queries, conversation),
    'the newest mail of the conversation': (queries) => findNewestSourceId(queries, conversation),
    'whether a mail is the first one': (queries) => isFirstMessage(queries, message),
    'whether an address has had an automatic mail': (queries) =>
      claimAutomaticMail(queries, { account_id, address: 'ann@example.com', now: Date.now() }),
    'the conversation of the contact that a mail answers': (queries) =>
      findThread(queries, key, anchors, { ...customer(), address: 'ann@example.com' }),
    'the conversation of others that a mail answers': (queries) =>
      findThread(queries, key, anchors, { ...inbox(), contact_id: 2, address: '300@example.com' }),
    'the conversation that a sent mail answers': (queries) =>
      findAnsweredConversation(queries, key, anchors, inbox()),
    'who takes part': (queries) => admitPeople(queries, conversation, 'a@example.com', ['new@example.com']),
    'whether the sender is known': (queries) => hasOtherConversation(queries, customer(), 'spam'),
    'whether a mail has arrived before': (queries) => findBySourceId(queries, inbox(), '<200@example.com>'),
    'what a visitor has not seen': (queries) => selectUnseen(queries, message),
    'the raw mail': (queries) => findRawMail(queries, account_id, 15_000),
  }
  for (const [name, run] of Object.entries(queries)) {
    it(name, () => test.app.database.transaction(1, (tx) => assertFlat(tx, run)))
  }

  it('unless they do not, which is noticed', async () => {
    for (const table of ['mails', 'mail_people', 'automatic_mails'] as const) {
      const read = (queries: Queries) =>
        queries.sql.selectFrom(table).selectAll().where('account_id', '=', 1).execute()
      await assert.rejects(assertFlat(test.app.database.read, read), { code: 'ERR_ASSERTION' }, table)
    }
  })
})
