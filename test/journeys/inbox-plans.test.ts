import { after, before, describe, it } from 'node:test'
import { selectVisitorLabels } from '../../src/features/labels/visitor.store.ts'
import { selectForSignals } from '../../src/features/webhooks/store.ts'
import { startTestApp, type TestApp } from '../app.ts'
import { assertFlat, fillTables } from '../query-plans.ts'

describe('In an account with many inboxes, what belongs to one of them', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp()
    await fillTables(test.app.database, [
      `insert into inboxes (account_id, id, name, channel_type, identifier, hmac_token, settings, hmac_mandatory,
          created_at, updated_at)
        select 1, n, 'Inbox', 'api', 'inbox_' || n, '', '{}', 0, n, n from numbers`,
      `insert into delivery_targets (account_id, id, sender, active, since)
        select 1, n, 'webhooks', 1, 0 from numbers`,
      `insert into webhooks (account_id, id, target_id, inbox_id, url, subscriptions, secret, created_at, updated_at)
        select 1, n, n, case when n % 1000 > 0 then n end, 'https://example.com', '["typing"]', '', n, n from numbers`,
      `insert into labels (account_id, id, title, color, show_on_sidebar, created_at, updated_at)
        select 1, n, 'label' || n, '', 1, n, n from numbers where n < 150`,
      `insert into visitor_labels (account_id, inbox_id, label_id) select 1, n, 100 + n % 50 from numbers`,
    ])
  })
  after(() => test.close())

  it('is found without the webhooks of the others, if a signal is sent', async () => {
    await assertFlat(test.app.database.read, (queries) =>
      selectForSignals(queries, { account_id: 1, inbox_id: 777 }),
    )
  })

  it('is found without their labels, if a contact sets one', async () => {
    await assertFlat(test.app.database.read, (queries) =>
      selectVisitorLabels(queries, { account_id: 1, inbox_id: 777 }),
    )
  })
})
