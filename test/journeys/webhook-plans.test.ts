import { after, before, describe, it } from 'node:test'
import { selectForSignals } from '../../src/features/webhooks/store.ts'
import { startTestApp, type TestApp } from '../app.ts'
import { assertFlat, fillTables } from '../query-plans.ts'

describe('The webhooks that get signals of an inbox', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp()
  })
  after(() => test.close())

  it('are found without reading those of all other inboxes', async () => {
    await fillTables(test.app.database, [
      `insert into delivery_targets (account_id, id, sender, active, since)
        select 1, n, 'webhooks', 1, 0 from numbers`,
      `insert into webhooks (account_id, id, target_id, inbox_id, url, subscriptions, secret, created_at, updated_at)
        select 1, n, n, case when n % 1000 > 0 then n end, 'https://example.com', '["typing"]', '', n, n from numbers`,
    ])
    await assertFlat(test.app.database.read, (queries) =>
      selectForSignals(queries, { account_id: 1, inbox_id: 777 }),
    )
  })
})
