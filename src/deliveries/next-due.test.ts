import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { TestApp } from '../../test/app.ts'
import { eventually } from '../../test/eventually.ts'
import { addWebhook, startReceiver, startWebhookApp } from '../../test/webhooks.ts'
import type { Queries } from '../db/database.ts'
import { updateTarget } from './target.store.ts'

const day = 24 * 60 * 60 * 1000

describe('A webhook is no longer due', () => {
  let test: TestApp
  before(async () => {
    test = await startWebhookApp({ delays: [day], pruneInterval: 50 })
  })
  after(() => test.close())

  /** Creates a webhook, and returns its id and that of its target. */
  async function add(url = 'http://127.0.0.1:9/'): Promise<{ id: number; target_id: number }> {
    const { id } = await addWebhook(test, url)
    const webhooks = test.app.database.read.sql.selectFrom('webhooks').select(['id', 'target_id'])
    return webhooks.where('account_id', '=', 1).where('id', '=', id).executeTakeFirstOrThrow()
  }

  async function dueAt(target_id: number): Promise<number | null> {
    const targets = test.app.database.read.sql.selectFrom('delivery_targets').select('due_at')
    const { due_at } = await targets
      .where('account_id', '=', 1)
      .where('id', '=', target_id)
      .executeTakeFirstOrThrow()
    return due_at
  }

  const setDue = (tx: Queries, target_id: number, due_at: number) =>
    updateTarget(tx, { account_id: 1, target_id }, { due_at })

  const isLate = async () => {
    const { body } = await test.api('//metrics', { token: null })
    return !/^ndoto_deliveries_late_seconds 0$/m.test(body)
  }

  it('if the contact that its deliveries are about is erased', async () => {
    const receiver = await startReceiver((response) => void response.writeHead(500).end())
    const { target_id } = await add(receiver.url)
    const post = async (path: string, body: object) => (await test.api(path, { method: 'POST', body })).body
    const contact = await post('/contacts', { name: 'Ada', inbox_id: 1 })
    const message = { content: 'Hello', message_type: 'incoming' }
    await post('/conversations', { contact_id: contact.id, inbox_id: 1, message })
    await eventually(async () => ((await dueAt(target_id)) ?? 0) > Date.now() + day / 2)
    assert.equal((await test.api(`/contacts/${contact.id}`, { method: 'DELETE' })).status, 204)
    assert.equal(await dueAt(target_id), null)
  })

  it('if it is switched off, and its redelivery is removed after 30 days', async () => {
    const { id, target_id } = await add()
    await test.api(`/webhooks/${id}`, { method: 'PATCH', body: { active: false } })
    const due_at = Date.now() + day
    await test.app.database.transaction(1, async (tx) => {
      const delivery = { account_id: 1, target_id, position: 1, event: 'message_created' }
      const pending = { state: 'pending', forced: 1, tries: 0, step: 0, due_at } as const
      await tx.sql
        .insertInto('deliveries')
        .values({ ...delivery, ...pending, created_at: Date.now() - 31 * day })
        .execute()
      await setDue(tx, target_id, due_at)
    })
    await eventually(async () => (await dueAt(target_id)) === null)
  })

  it('if a poll finds none of its deliveries', async () => {
    const { target_id } = await add()
    await test.app.database.transaction(1, (tx) => setDue(tx, target_id, Date.now() - 5000))
    await eventually(async () => !(await isLate()))
    assert.equal(await dueAt(target_id), null)
  })
})
