import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Queries } from '../../src/db/database.ts'
import { findCurrentConversationRef } from '../../src/features/conversations/merged.ts'
import {
  moveNotifications,
  returnNotifications,
  splitNotifications,
} from '../../src/features/moves/notification.store.ts'
import * as digests from '../../src/features/notifications/digest.store.ts'
import { selectSettings } from '../../src/features/notifications/settings.store.ts'
import * as notifications from '../../src/features/notifications/store.ts'
import { selectAssignments, selectListeners } from '../../src/features/participants/parts.store.ts'
import * as push from '../../src/features/push/store.ts'
import { systemOf } from '../../src/lib/actor.ts'
import { startTestApp, type TestApp } from '../app.ts'
import { addUser } from '../factories.ts'
import { assertFlat, fillTables } from '../query-plans.ts'

// The notifications of a user, as many as are kept.
const most = 500

describe('The queries of notifications, in a large account, read only what concerns the user', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp()
    await addUser(test, { inboxes: [1] })
    await test.api('/contacts/1/contact_inboxes', { method: 'POST', body: { inbox_id: 1 } })
    await fill()
  })
  after(() => test.close())

  /** A hundred users with 500 notifications each, and browsers. */
  async function fill(): Promise<void> {
    const user = `100 + n / ${most}`
    const isFirst = `n % ${most} = 0`
    const statements = [
      `insert into users (id, login, name, email, password_hash, confirmed, created_at, updated_at)
        select ${user}, n || '@example.com', 'User ' || n, n || '@example.com', '', 1, n, n from numbers where ${isFirst}`,
      `insert into account_users (account_id, user_id, role, created_at)
        select 1, ${user}, 'agent', n from numbers where ${isFirst}`,
      `insert into conversations (account_id, id, inbox_id, contact_id, source_id, status, unread_count,
          last_activity_at, created_at, updated_at)
        select 1, n, 1, 1, i.source_id, 'open', 0, n, n, n
        from numbers join (select min(source_id) as source_id from contact_inboxes) i on 1 = 1`,
      `insert into conversation_participants (account_id, conversation_id, user_id, inbox_id, status, activity_hour,
          created_at)
        select 1, n, ${user}, 1, 'open', 0, n from numbers where n >= ${most}`,
      `insert into messages (account_id, conversation_id, id, inbox_id, message_type, content_type, content,
          content_attributes, status, private, created_at, updated_at)
        select 1, n, n, 1, 'incoming', 'text', 'Hello', '{}', 'sent', 0, n, n from numbers`,
      `insert into notifications (account_id, user_id, id, position, notification_type, conversation_id, actor_type,
          count, in_app, by_mail, read_at, created_at, last_activity_at)
        select 1, ${user}, n, n, 'conversation_assignment', n, 'system', 1, 1, n % 2,
          case when n % 3 > 0 then n end, n, n from numbers where n >= ${most}`,
      `insert into notification_digests (account_id, user_id, due_at, tries)
        select 1, ${user}, case when n % 2 = 0 then n end, 0 from numbers where ${isFirst}`,
      `insert into notification_settings (account_id, user_id, kinds, updated_at)
        select 1, ${user}, '{}', n from numbers where ${isFirst}`,
      `insert into sessions (id, user_id, session_hash, created_at, last_used_at, expires_at, user_agent)
        select n, ${user}, 'hash' || n, n, n, 9000000000000, '' from numbers where n >= ${most} and n % 25 = 0`,
      `insert into notification_subscriptions (id, user_id, session_id, endpoint, p256dh, auth, shows_text, created_at)
        select n, ${user}, n, 'https://push.example/' || n, '', '', 0, n from numbers where n >= ${most} and n % 25 = 0`,
      `insert into shown_notifications (account_id, subscription_id, notification_id, shown_at)
        select 1, n - n % 25, n, n from numbers where n >= ${most}`,
    ]
    await fillTables(test.app.database, statements)
  }

  const user = { account_id: 1, user_id: 120 }
  const one = { ...user, id: 10_100 }
  const place = { account_id: 1, from_id: 10_110, to_id: 10_111 }
  const now = Date.now()
  const page = { unread: false, before: 10_400, limit: 26 }
  const { selectPage, markRead } = notifications
  const queries: Record<string, (queries: Queries) => Promise<unknown>> = {
    'a page of the list': (queries) => selectPage(queries, user, page),
    'a page of what is unread': (queries) => selectPage(queries, user, { ...page, unread: true }),
    'one of them': (queries) => notifications.findNotification(queries, one),
    'what a channel sends': (queries) => notifications.findForChannel(queries, one),
    'what a mail contains': (queries) => notifications.selectForMail(queries, user),
    'how many are unread': (queries) => notifications.countUnread(queries, user),
    'those that are too old': (queries) => notifications.deleteOld(queries, user, most),
    'all are read': (queries) => markRead(queries, user, {}, now),
    'those about a conversation are read': (queries) =>
      markRead(queries, user, { conversation_id: 10_101 }, now),
    'those about conversations are read': (queries) =>
      markRead(queries, user, { conversation_id: 'any' }, now),
    'one is read': (queries) => markRead(queries, user, { id: 10_102 }, now),
    'whether something is unread': (queries) => notifications.hasUnread(queries, user, 10_103),
    'one is unread again': (queries) => notifications.markUnread(queries, one),
    'one is deleted': (queries) => notifications.deleteNotification(queries, one),
    'those of a conversation that somebody gets': (queries) =>
      notifications.deleteUnread(queries, 1, 10_104, 'conversation_creation'),
    'the conversation that one was merged into': (queries) =>
      findCurrentConversationRef(queries, systemOf(1), 10_105),
    'who listens to conversations': (queries) =>
      selectListeners(queries, { account_id: 1, ids: '[{"id":10105},{"id":10106}]' }),
    'their assignees': (queries) =>
      selectAssignments(queries, { account_id: 1, ids: '[{"id":10105},{"id":10106}]' }),
    'what the authors of messages have not read': (queries) =>
      notifications.selectUnread(queries, 1, [
        { user_id: 120, conversation_id: 10_105 },
        { user_id: 121, conversation_id: 10_106 },
      ]),
    'those of several events': (queries) =>
      notifications.upsertNotifications(
        queries,
        1,
        [120, 121].map((user_id, index) => ({
          ...{
            user_id,
            position: 60_000 + index,
            conversation_id: 10_105,
            message_id: null,
            ...{ contact_import_id: null, contact_import: null },
            count: 1,
            in_app: 1,
          },
          ...{ notification_type: 'conversation_mention', actor_type: 'system', actor_id: null },
          ...{ created_at: now, last_activity_at: now },
        })),
      ),
    'those in foreign inboxes': (queries) => notifications.deleteForeign(queries, { ...user, user_id: 121 }),
    'those of a conversation that is merged': (queries) => moveNotifications(queries, place, now),
    'those that come back': (queries) =>
      returnNotifications(queries, place, [{ user_id: 120, id: 10_110, position: 10_110 }]),
    'those of messages that are split off': (queries) => splitNotifications(queries, place, { from: 1 }),
    settings: (queries) => selectSettings(queries, 1, [120, 121]),
    'a mark for the next mail': (queries) => digests.markForMail(queries, one),
    'the plan of a mail': (queries) => digests.schedule(queries, user, now, 1),
    'mails that are due': (queries) => digests.selectDue(queries, 5000, 50),
    'when the next mail is due': (queries) => digests.nextDueTime(queries),
    'one mail': (queries) => digests.findDigest(queries, user),
    'what was mailed': (queries) => digests.markMailed(queries, user, 10_500),
    'the recipient': (queries) => digests.findRecipient(queries, 120),
    'the browsers of a user': (queries) => push.selectSubscriptions(queries, 120),
    'those with a session': (queries) => push.selectIds(queries, { user_id: 120, now }),
    'the receiver of a message': (queries) => push.findReceiver(queries, { id: 10_000, account_id: 1, now }),
    'the oldest browsers': (queries) => push.deleteOldest(queries, 122, 10),
    'what a browser shows': (queries) =>
      push.insertShown(queries, { account_id: 1, subscription_id: 10_000, notification_id: 7 }, now),
    'those of another user are deleted': (queries) =>
      notifications.deleteAll(queries, { ...user, user_id: 122 }, {}),
    'those of another user about conversations are deleted': (queries) =>
      notifications.deleteAll(queries, { ...user, user_id: 123 }, { isOfConversations: true }),
    'what is withdrawn': (queries) => push.deleteShown(queries, 1, 120, [10_100, 10_101]),
  }
  for (const [name, run] of Object.entries(queries)) {
    it(name, () => test.app.database.transaction(1, (tx) => assertFlat(tx, run)))
  }

  it('unless they do not, which is noticed', async () => {
    const { read } = test.app.database
    const all = (queries: Queries) =>
      queries.sql.selectFrom('notifications').selectAll().where('account_id', '=', 1).execute()
    await assert.rejects(assertFlat(read, all), { code: 'ERR_ASSERTION' })
  })
})
