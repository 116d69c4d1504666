import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { addInbox, addTestConversation, addUser } from '../../../test/factories.ts'
import { assertStoredCounts } from '../../../test/stored-counts.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => assertStoredCounts(test).finally(() => test.close()))

const post = (path: string, body?: object, token = test.token) =>
  test.api(path, { method: 'POST', body, token })
const write = (id: number) => sendMessage(test, 'Hello?', { message_type: 'incoming' }, id)
const list = async (query = '', token = test.token) => {
  const { status, body } = await test.api(`/conversations?unattended=true${query}`, { token })
  assert.equal(status, 200)
  return { meta: body.data.meta, ids: body.data.payload.map((one: { id: number }) => one.id) as number[] }
}
const isUnattended = async (id: number) => (await list('&status=all')).ids.includes(id)

/** A bot that answers in an inbox, and the token with which it does. */
async function addBot(inbox: number): Promise<string> {
  const bot = (await post('/agent_bots', { name: 'Robo', outgoing_url: 'https://bot.example' })).body
  await post(`/inboxes/${inbox}/agent_bot`, { agent_bot: bot.id })
  return bot.access_token
}

describe('The unattended conversations', () => {
  it('are those with a message of the customer, until an agent answers', async () => {
    const id = await addTestConversation(test)
    assert.equal(await isUnattended(id), false)
    await write(id)
    assert.equal(await isUnattended(id), true)
    await sendMessage(test, 'A note', { private: true }, id)
    await post(`/conversations/${id}/labels`, { labels: [] })
    await post(`/conversations/${id}/assignments`, { assignee_id: 1 })
    assert.equal(await isUnattended(id), true)
    await sendMessage(test, 'An answer', {}, id)
    assert.equal(await isUnattended(id), false)
    await write(id)
    await write(id)
    assert.equal(await isUnattended(id), true)
  })

  it('are not answered by a bot', async () => {
    const inbox = await addInbox(test)
    const token = await addBot(inbox)
    await post('/contacts/1/contact_inboxes', { inbox_id: inbox })
    const { id } = (await post('/conversations', { inbox_id: inbox, contact_id: 1 })).body
    await write(id)
    const { status } = await post(
      `/conversations/${id}/messages`,
      { content: 'Beep', message_type: 'outgoing' },
      token,
    )
    assert.equal(status, 201)
    assert.equal(await isUnattended(id), true)
  })

  it('are counted, in the order of the list, for those who work in their inboxes', async () => {
    const first = await addTestConversation(test)
    const second = await addTestConversation(test)
    const [other, agent] = [await addUser(test, { inboxes: [] }), await addUser(test, { inboxes: [1] })]
    const before = await list('', agent.token)
    await write(second)
    await write(first)
    const after = await list('', agent.token)
    assert.deepEqual(after.ids.slice(0, 2), [first, second])
    assert.equal(after.meta.all_count, before.meta.all_count + 2)
    assert.equal((await list('', other.token)).meta.all_count, 0)
    await post(`/conversations/${first}/assignments`, { assignee_id: agent.userId })
    assert.deepEqual((await list('&assignee_type=me', agent.token)).ids, [first])
    await post(`/conversations/${first}/toggle_status`, { status: 'resolved' })
    assert.equal((await list('', agent.token)).ids.includes(first), false)
    const { meta } = (await test.api('/conversations/meta?unattended=true', { token: agent.token })).body
    assert.equal(meta.all_count, before.meta.all_count + 1)
  })

  it('follow messages that are moved by a merge, a split, and when these are undone', async () => {
    const waiting = await addTestConversation(test)
    const { contact, inbox_id } = (await test.api(`/conversations/${waiting}`)).body
    const answered = (await post('/conversations', { inbox_id, contact_id: contact.id })).body.id
    await write(answered)
    const message = await write(waiting)
    await sendMessage(test, 'An answer', {}, answered)
    await post(`/conversations/${answered}/merge`, { mergee_conversation_id: waiting })
    assert.deepEqual([await isUnattended(waiting), await isUnattended(answered)], [false, false])
    await test.api(`/conversations/${waiting}/merge`, { method: 'DELETE' })
    assert.deepEqual([await isUnattended(waiting), await isUnattended(answered)], [true, false])
    await sendMessage(test, 'Another answer', {}, waiting)
    const second = await write(waiting)
    const { body } = await post(`/conversations/${waiting}/split`, { message_id: second.id })
    assert.notEqual(body.id, waiting)
    assert.deepEqual([await isUnattended(waiting), await isUnattended(body.id)], [false, true])
    assert.notEqual(message.id, second.id)
  })

  it('are refused together with a search or another order', async () => {
    for (const query of ['q=a', 'source_id=a', 'sort=created_at', 'involvement=mentioned'])
      assertRefused(
        await test.api(`/conversations?unattended=true&${query}`),
        400,
        /^unattended cannot be combined/,
      )
  })
})
