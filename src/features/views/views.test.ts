import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { eventsOf } from '../../../test/events.ts'
import { addInbox, addTestConversation, addUser } from '../../../test/factories.ts'

let test: TestApp
let agent: { token: string; userId: number }
before(async () => {
  test = await startTestApp()
  agent = await addUser(test, { inboxes: [1] })
})
after(() => test.close())

const selector = (attribute_key: string, ...values: unknown[]) => ({
  attribute_key,
  filter_operator: 'equal_to',
  values,
})
let count = 0
const create = async (filter: object[], more: object = {}, token = test.token) => {
  const body = { name: `View ${++count}`, filter, ...more }
  const created = await test.api('/views', { method: 'POST', body, token })
  assert.equal(created.status, 201, JSON.stringify(created.body))
  return created.body
}
const page = (id: number, query = '', token = test.token) =>
  test.api(`/views/${id}/conversations${query}`, { token })
const idsOf = ({ body }: { body: { payload: { id: number }[] } }) => body.payload.map(({ id }) => id)
const update = (id: number, body: object) => test.api(`/conversations/${id}`, { method: 'PATCH', body })

describe('A view', () => {
  it('lists the conversations that match its filter, the last active ones first, page by page', async () => {
    const ids: number[] = []
    for (let i = 0; i < 30; i++) {
      const id = await addTestConversation(test)
      await update(id, { custom_attributes: { plan: i < 27 ? 'gold' : 'free' } })
      ids.unshift(id)
    }
    const view = await create([selector('plan', 'Gold')])
    const gold = ids.slice(3)
    // The oldest one is active again.
    await sendMessage(test, 'Hello', {}, gold.at(-1)!)
    const expected = [gold.at(-1)!, ...gold.slice(0, -1)]
    const first = await page(view.id)
    assert.equal(first.status, 200, JSON.stringify(first.body))
    assert.deepEqual(idsOf(first), expected.slice(0, 25))
    assert.deepEqual(first.body.payload[0], (await test.api(`/conversations/${expected[0]}`)).body)
    const second = await page(view.id, `?cursor=${first.body.meta.next}`)
    assert.deepEqual(idsOf(second), expected.slice(25))
    assert.deepEqual(second.body.meta, { next: null, timed_out: false })
    assert.deepEqual((await test.api(`/views/${view.id}/count`)).body, { count: 27, count_capped: false })
  })

  it('shows each agent what they see, and their own conversations if it asks for "me"', async () => {
    const elsewhere = await addInbox(test)
    const mine = await addTestConversation(test)
    const hers = await addTestConversation(test)
    await update(mine, { assignee_id: 1, priority: 'urgent' })
    await update(hers, { assignee_id: agent.userId, priority: 'urgent' })
    const contact = await test.api('/contacts', { method: 'POST', body: { name: 'Ann' } })
    const hidden = await test.api('/conversations', {
      method: 'POST',
      body: { inbox_id: elsewhere, contact_id: contact.body.id },
    })
    await update(hidden.body.id, { priority: 'urgent' })
    const urgent = await create([selector('priority', 'urgent')])
    assert.deepEqual(idsOf(await page(urgent.id, '', agent.token)), [hers, mine])
    assert.equal((await test.api(`/views/${urgent.id}/count`, { token: agent.token })).body.count, 2)
    assert.deepEqual(idsOf(await page(urgent.id)).sort(), [hers, mine, hidden.body.id].sort())
    const own = await create([
      { ...selector('assignee_id', 'me'), query_operator: 'AND' },
      selector('status', 'open'),
    ])
    assert.deepEqual(idsOf(await page(own.id)), [mine])
    assert.deepEqual(idsOf(await page(own.id, '', agent.token)), [hers])
  })

  it('follows what happens to conversations', async () => {
    const view = await create([selector('status', 'pending')])
    const id = await addTestConversation(test)
    assert.deepEqual(idsOf(await page(view.id)), [])
    await update(id, { status: 'pending' })
    assert.deepEqual(idsOf(await page(view.id)), [id])
    await test.api(`/conversations/${id}`, { method: 'DELETE' })
    assert.deepEqual(idsOf(await page(view.id)), [])
  })

  it('finds the few conversations of a label, whatever their order', async () => {
    await test.api('/labels', { method: 'POST', body: { title: 'vip' } })
    const [first, second] = [await addTestConversation(test), await addTestConversation(test)]
    for (const id of [first, second])
      await test.api(`/conversations/${id}/labels`, { method: 'POST', body: { labels: ['vip'] } })
    await sendMessage(test, 'Hello', {}, first)
    const view = await create([selector('labels', 'vip')])
    assert.deepEqual(idsOf(await page(view.id)), [first, second])
  })

  it('is seen by everybody, or only by its author, and changed by its author and administrators', async () => {
    const filter = [selector('status', 'open')]
    const own = await create(filter, { visibility: 'mine' }, agent.token)
    const shared = await create(filter)
    const ids = async (token: string) => idsOf(await test.api('/views', { token }))
    assert.ok((await ids(agent.token)).includes(own.id))
    assert.ok(!(await ids(test.token)).includes(own.id))
    for (const path of ['', '/conversations', '/count'])
      assertRefused(await test.api(`/views/${own.id}${path}`), 404, /^view not found/)
    const change = { method: 'PATCH', body: { name: 'Renamed' } }
    assertRefused(
      await test.api(`/views/${shared.id}`, { ...change, token: agent.token }),
      403,
      /^only its author/,
    )
    assert.equal((await test.api(`/views/${shared.id}`, change)).body.name, 'Renamed')
    assert.equal((await test.api(`/views/${shared.id}`, { method: 'DELETE' })).status, 204)
    assertRefused(await page(shared.id), 404, /^view not found/)
  })

  it('is logged for those who see it', async () => {
    const filter = [selector('status', 'open')]
    const events = await eventsOf(test, async () => {
      const { id } = await create(filter, { name: 'Logged' })
      await test.api(`/views/${id}`, { method: 'PATCH', body: { name: 'Renamed' } })
      await test.api(`/views/${id}`, { method: 'DELETE' })
      await create(filter, { visibility: 'mine' })
    })
    assert.deepEqual(
      events.map(({ name, data }) => [name, data.view.name]),
      [
        ['view_created', 'Logged'],
        ['view_updated', 'Renamed'],
        ['view_deleted', 'Renamed'],
      ],
    )
  })

  it('knows the attributes of the contact, too', async () => {
    const define = (attribute_model: string, attribute_display_type: string) =>
      test.api('/custom_attribute_definitions', {
        method: 'POST',
        body: {
          ...{ attribute_model, attribute_key: 'level', attribute_display_name: 'Level' },
          attribute_display_type,
        },
      })
    await define('contact_attribute', 'number')
    await define('conversation_attribute', 'text')
    const inbox_id = await addInbox(test)
    const start = async (custom_attributes: object) => {
      const body = { name: 'Ada', inbox_id, custom_attributes }
      const contact = (await test.api('/contacts', { method: 'POST', body })).body
      const conversation = { inbox_id, contact_id: contact.id }
      return (await test.api('/conversations', { method: 'POST', body: conversation })).body.id
    }
    const high = await start({ level: 12 })
    const low = await start({ level: 9 })
    await update(low, { custom_attributes: { level: 'high' } })
    const above = { attribute_key: 'contact.level', filter_operator: 'is_greater_than', values: [9] }
    assert.deepEqual(idsOf(await page((await create([above])).id)), [high])
    assert.deepEqual(idsOf(await page((await create([selector('level', 'High')])).id)), [low])
    const body = { name: 'Wrong', filter: [{ ...above, values: ['much'] }] }
    assertRefused(
      await test.api('/views', { method: 'POST', body }),
      422,
      /^filter\[0\]\.values\[0\] must be a number$/,
    )
  })

  it('reads an attribute of the conversation whose definition has such a name from before', async () => {
    const attribute_key = 'contact.era'
    const definition = { attribute_model: 'contact_attribute', attribute_display_name: 'Era' } as const
    const path = '/custom_attribute_definitions'
    const post = { method: 'POST', body: { ...definition, attribute_key } }
    const { id: definitionId } = (await test.api(path, post)).body
    await test.app.database.transaction(1, async (tx) => {
      const definitions = tx.sql.updateTable('custom_attribute_definitions').where('account_id', '=', 1)
      const change = { attribute_model: 'conversation_attribute', attribute_display_type: 'number' } as const
      await definitions.set(change).where('id', '=', definitionId).execute()
    })
    const conversation = await addTestConversation(test)
    await update(conversation, { custom_attributes: { [attribute_key]: 12 } })
    const above = { attribute_key, filter_operator: 'is_greater_than', values: [9] }
    const view = await create([above])
    assert.deepEqual(idsOf(await page(view.id)), [conversation])
    await test.api(`${path}/${definitionId}`, { method: 'DELETE' })
    assert.deepEqual(idsOf(await page(view.id)), [])
  })

  it('stays as it is if the definition of an attribute changes', async () => {
    const path = '/custom_attribute_definitions'
    const definition = {
      ...{ attribute_model: 'conversation_attribute', attribute_key: 'tier', attribute_display_name: 'Tier' },
      ...{ attribute_display_type: 'list', attribute_values: ['free', 'silver'] },
    }
    const { id } = (await test.api(path, { method: 'POST', body: definition })).body
    const conversation = await addTestConversation(test)
    await update(conversation, { custom_attributes: { tier: 'silver' } })
    const view = await create([selector('tier', 'silver')])
    for (const body of [{ attribute_values: ['free', 'gold'] }, { attribute_display_type: 'number' }]) {
      await test.api(`${path}/${id}`, { method: 'PATCH', body })
      assert.deepEqual(idsOf(await page(view.id)), [conversation])
      assert.equal((await test.api(`/views/${view.id}/count`)).body.count, 1)
    }
    const body = { filter: view.filter }
    assertRefused(
      await test.api(`/views/${view.id}`, { method: 'PATCH', body }),
      422,
      /^filter\[0\]\.values\[0\] must be a number$/,
    )
    assert.equal(
      (await test.api(`/views/${view.id}`, { method: 'PATCH', body: { name: 'Tier' } })).status,
      200,
    )
  })

  it('needs only a token that may read, to be read', async () => {
    const { id } = await create([selector('status', 'open')])
    const { token } = await addUser(test, { inboxes: [1], scopes: ['read'] })
    assert.equal((await page(id, '', token)).status, 200)
    const body = { name: 'Not mine', filter: [selector('status', 'open')] }
    assertRefused(await test.api('/views', { method: 'POST', body, token }), 403, /scope/)
  })

  it('is refused with a filter that cannot be read', async () => {
    for (const [filter, rule] of [
      [[selector('status', 'closed')], /^filter\[0\]\.values\[0\] must be one of/],
      [[selector('assignee_id', 'them')], /^filter\[0\]\.values\[0\] must be a whole number/],
      [[], /^filter/],
    ] as const) {
      assertRefused(await test.api('/views', { method: 'POST', body: { name: 'Bad', filter } }), 422, rule)
    }
    const { id } = await create([selector('status', 'open')])
    const change = { method: 'PATCH', body: { filter: [selector('created_at', 1)] } }
    assertRefused(await test.api(`/views/${id}`, change), 422, /^filter\[0\]\.filter_operator must be one of/)
    assertRefused(await page(id, '?cursor=nonsense'), 400, /cursor/)
  })
})
