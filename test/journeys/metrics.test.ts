import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sendMessage, startTestApp, type TestApp } from '../app.ts'
import { addTestConversation } from '../factories.ts'

describe('the metrics of the product', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp()
  })
  after(() => test.close())
  const read = async (name: string) => {
    const { body } = await test.api('//metrics', { token: null })
    const [, value] = new RegExp(`^${name} (\\S+)$`, 'm').exec(body) ?? []
    assert.ok(value, `${name} in ${body}`)
    return Number(value)
  }

  it('count the open conversations as they are started, resolved, reopened and deleted', async () => {
    const open = () => read('ndoto_conversations_open')
    const before = await open()
    const id = await addTestConversation(test)
    await addTestConversation(test, { status: 'pending' })
    assert.equal(await open(), before + 1)
    const toggle = (status: string) =>
      test.api(`/conversations/${id}/toggle_status`, { method: 'POST', body: { status } })
    await toggle('resolved')
    assert.equal(await open(), before)
    await toggle('resolved')
    await sendMessage(test, 'It broke again', { message_type: 'incoming' }, id)
    assert.equal(await open(), before + 1)
    await test.api(`/conversations/${id}`, { method: 'DELETE' })
    assert.equal(await open(), before)
  })

  it('count the messages of customers and agents, each once', async () => {
    const counts = async () => [
      await read('ndoto_messages_incoming_total'),
      await read('ndoto_messages_outgoing_total'),
    ]
    const [incoming, outgoing] = await counts()
    await sendMessage(test, 'Question', { message_type: 'incoming' })
    const headers = { 'idempotency-key': 'once' }
    const body = { content: 'Answer', message_type: 'outgoing' }
    for (let i = 0; i < 2; i++) {
      await test.api('/conversations/1/messages', { method: 'POST', body, headers })
    }
    await test.api('/conversations/1/messages', { method: 'POST', body: { content: '' } })
    assert.deepEqual(await counts(), [incoming! + 1, outgoing! + 1])
  })
})
