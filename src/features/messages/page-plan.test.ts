import { after, before, describe, it } from 'node:test'
import { startTestApp, type TestApp } from '../../../test/app.ts'
import { assertFlat, fillTables } from '../../../test/query-plans.ts'
import { selectPiece } from './page.store.ts'

describe('In a conversation of 50,000 messages, a page', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp()
    await fillTables(test.app.database, [
      `insert into messages (account_id, conversation_id, id, inbox_id, message_type, content_type, content,
          content_attributes, status, private, sender_type, sender_id, created_at, updated_at)
        select 1, 1, n, 1, 'outgoing', 'text', 'Hello', '{}', 'sent', 0, 'User', 1, n, n from numbers`,
    ])
  })
  after(() => test.close())

  for (const direction of ['asc', 'desc'] as const) {
    it(`is read without the other messages, ${direction === 'asc' ? 'oldest' : 'newest'} first`, async () => {
      const scope = { account_id: 1, conversation_id: 1, user_id: 1, sees_all: 1 }
      const range = { first: 1, last: 24_999, window_first: 1, window_last: Number.MAX_SAFE_INTEGER }
      const query = { ...scope, ...range, deleted: 0, gap: 25_000, before_gap: 24_999, limit: 20 }
      await assertFlat(test.app.database.read, (queries) => selectPiece(queries, direction, query))
    })
  }
})
