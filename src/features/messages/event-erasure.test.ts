import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { readAllRows, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { eventsOf } from '../../../test/events.ts'
import { addTestConversation } from '../../../test/factories.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

const isStored = async (text: string) => JSON.stringify(await readAllRows(test)).includes(text)
const change = (id: number, name: string, body: object) =>
  test.api(`/conversations/${id}/${name}`, { method: 'POST', body })

describe('A message that is deleted leaves in the log', () => {
  it('neither its content nor what it was before', async () => {
    const conversation = await addTestConversation(test)
    const { id } = await sendMessage(test, 'FIRST-MARK', {}, conversation)
    const path = `/conversations/${conversation}/messages/${id}`
    await test.api(path, { method: 'PATCH', body: { content: 'SECOND-MARK' } })
    await test.api(path, { method: 'PATCH', body: { content: 'THIRD-MARK' } })
    for (const mark of ['FIRST-MARK', 'SECOND-MARK', 'THIRD-MARK']) assert.ok(await isStored(mark), mark)
    const [deletion] = await eventsOf(test, () => test.api(path, { method: 'DELETE' }))
    assert.deepEqual([deletion!.name, deletion!.before], ['message_deleted', null])
    for (const mark of ['FIRST-MARK', 'SECOND-MARK', 'THIRD-MARK']) assert.ok(!(await isStored(mark)), mark)
  })

  it('no content in the events of its conversation, which show its tombstone', async () => {
    const conversation = await addTestConversation(test)
    const { id } = await sendMessage(test, 'LAST-MARK', {}, conversation)
    const events = async () => {
      const headers = { accept: 'application/json' }
      const query = `after=0&limit=1000&conversation_id=${conversation}&events=conversation_updated`
      return (await test.api(`/events?${query}`, { headers })).body.payload
    }
    await change(conversation, 'toggle_priority', { priority: 'high' })
    const [before] = await events()
    assert.equal(before.conversation.last_message.content, 'LAST-MARK')
    await test.api(`/conversations/${conversation}/messages/${id}`, { method: 'DELETE' })
    assert.ok(!(await isStored('LAST-MARK')))
    const query = 'include_deleted=true'
    const { payload } = (await test.api(`/conversations/${conversation}/messages?${query}`)).body
    const last_message = payload.find((message: { id: number }) => message.id === id)
    assert.deepEqual(await events(), [{ ...before, conversation: { ...before.conversation, last_message } }])
  })
})
