import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, readAllRows, startTestApp, type TestApp } from '../../../test/app.ts'
import { addAccount, addInbox, addUser } from '../../../test/factories.ts'

let test: TestApp
let inbox: number
// biome-ignore lint/suspicious/noExplicitAny: as the API returns it
const call = async (method: string, path: string, body?: object): Promise<any> => {
  const response = await test.api(path, { method, ...(body ? { body } : {}) })
  assert.ok(response.status < 300, JSON.stringify(response.body))
  return response.body
}
before(async () => {
  test = await startTestApp()
  inbox = await addInbox(test)
  for (const title of ['vip', 'trial', 'secret']) await call('POST', '/labels', { title })
  await setAllowed(['vip', 'trial'])
})
after(() => test.close())

const path = () => `/inboxes/${inbox}/visitor_labels`
const setAllowed = (labels: string[]) => call('PUT', path(), { labels })

/** Starts a conversation as a contact of the inbox. */
async function startConversation() {
  const { inbox_identifier } = await call('GET', `/inboxes/${inbox}`)
  const base = `//public/api/v1/inboxes/${inbox_identifier}/contacts`
  const post = (path: string, body?: object) =>
    test.api(base + path, { method: 'POST', token: null, ...(body ? { body } : {}) })
  const { source_id, id: contactId } = (await post('', { name: 'Ada' })).body
  const { id } = (await post(`/${source_id}/conversations`)).body
  const own = `/${source_id}/conversations/${id}`
  return {
    id,
    contactId,
    changeLabels: (change: object) => post(`${own}/labels`, change),
    addAttributes: (custom_attributes: object) => post(`${own}/custom_attributes`, { custom_attributes }),
    read: () => call('GET', `/conversations/${id}`),
    post,
    source_id,
  }
}

describe('The labels that visitors may set', () => {
  it('are those that an administrator has chosen for the inbox, and no others', async () => {
    const other = await addInbox(test)
    assert.deepEqual(await call('GET', `/inboxes/${other}/visitor_labels`), { payload: [] })
    const set = (labels: unknown) => test.api(path(), { method: 'PUT', body: { labels } })
    assert.deepEqual((await set(['vip', 'trial', 'vip'])).body, { payload: ['trial', 'vip'] })
    assertRefused(await set(['vip', 'unknown']), 422, /^labels names no label of this account: unknown$/)
    assert.deepEqual(await call('GET', path()), { payload: ['trial', 'vip'] })
    const agent = await addUser(test, { inboxes: [inbox] })
    assert.deepEqual((await test.api(path(), agent)).body, { payload: ['trial', 'vip'] })
    const change = { method: 'PUT', body: { labels: [] } }
    assert.equal((await test.api(path(), { ...agent, ...change })).status, 403)
    assert.equal((await test.api(path(), await addUser(test))).status, 404)
    const stranger = await addAccount(test)
    const theirs = `//api/v1/accounts/${stranger.accountId}/inboxes/${inbox}/visitor_labels`
    assert.equal((await test.api(theirs, { ...change, token: stranger.token })).status, 404)
  })

  it('keep their place when they are renamed, and end with the label or the inbox', async () => {
    const { id } = await call('POST', '/labels', { title: 'early' })
    await setAllowed(['vip', 'trial', 'early'])
    await call('PATCH', `/labels/${id}`, { title: 'bird' })
    assert.deepEqual((await call('GET', path())).payload, ['bird', 'trial', 'vip'])
    await call('DELETE', `/labels/${id}`)
    assert.deepEqual((await call('GET', path())).payload, ['trial', 'vip'])
    const other = await addInbox(test)
    await call('PUT', `/inboxes/${other}/visitor_labels`, { labels: ['vip'] })
    await call('DELETE', `/inboxes/${other}`)
    assert.ok(!(await readAllRows(test)).visitor_labels!.some((row) => Object.values(row).includes(other)))
  })
})

describe('A contact', () => {
  it('sets and removes the labels that the team allows, which agents see with an activity', async () => {
    const one = await startConversation()
    await call('POST', `/conversations/${one.id}/labels`, { labels: ['secret', 'trial'] })
    const answer = await one.changeLabels({ add: ['vip'], remove: ['trial'] })
    assert.deepEqual([answer.status, answer.body], [204, ''])
    assert.deepEqual((await one.read()).labels, ['secret', 'vip'])
    const { payload } = await call('GET', `/conversations/${one.id}/messages`)
    const activities = payload.filter(
      ({ message_type: type }: { message_type: string }) => type === 'activity',
    )
    assert.deepEqual(
      activities.slice(-2).map(({ content }: { content: string }) => content),
      ['Ada added the label vip', 'Ada removed the label trial'],
    )
    const rows = await readAllRows(test)
    await one.changeLabels({ add: ['vip'] })
    assert.deepEqual(await readAllRows(test), rows)
  })

  it('cannot set or remove any other label, and does not learn which exist', async () => {
    const one = await startConversation()
    await call('POST', `/conversations/${one.id}/labels`, { labels: ['secret'] })
    const rows = await readAllRows(test)
    for (const title of ['secret', 'unknown']) {
      const sentence = new RegExp(`^add names a label that visitors may not set in this inbox: ${title}$`)
      assertRefused(await one.changeLabels({ add: ['vip', title] }), 422, sentence)
      assertRefused(await one.changeLabels({ remove: [title] }), 422, /^remove names a label/)
    }
    assertRefused(await one.changeLabels({ add: 'vip' }), 422, /^add must be/)
    assert.deepEqual(await readAllRows(test), rows)
  })

  it('adds attributes to the conversation, and does not change those that exist', async () => {
    const one = await startConversation()
    const attributes = { plan: 'free', order: 7 }
    await call('POST', `/conversations/${one.id}/custom_attributes`, { custom_attributes: attributes })
    assert.equal((await one.addAttributes({ plan: 'gold', order: null, cart: 3 })).status, 204)
    assert.deepEqual((await one.read()).custom_attributes, { plan: 'free', order: 7, cart: 3 })
    assertRefused(await one.addAttributes({ big: 'x'.repeat(57 * 1024) }), 422, /at most 56 KiB/)
  })

  it('must obey the definitions of attributes', async () => {
    await call('POST', '/custom_attribute_definitions', {
      attribute_model: 'conversation_attribute',
      attribute_key: 'seats',
      attribute_display_name: 'Seats',
      attribute_display_type: 'number',
    })
    const one = await startConversation()
    assertRefused(await one.addAttributes({ seats: 'many' }), 422, /seats must be a number/)
    await one.addAttributes({ seats: '12' })
    assert.deepEqual((await one.read()).custom_attributes, { seats: 12 })
  })

  it('can do neither in the conversation of somebody else, or when blocked', async () => {
    const [one, other] = [await startConversation(), await startConversation()]
    for (const [name, body] of [
      ['labels', { add: ['vip'] }],
      ['custom_attributes', { custom_attributes: { a: 1 } }],
    ] as const) {
      const theirs = `/${one.source_id}/conversations/${other.id}/${name}`
      assertRefused(await one.post(theirs, body), 404, /^conversation not found/)
    }
    await call('PATCH', `/contacts/${one.contactId}`, { blocked: true })
    assertRefused(await one.changeLabels({ add: ['vip'] }), 403, /blocked/)
    assertRefused(await one.addAttributes({ a: 1 }), 403, /blocked/)
  })
})
