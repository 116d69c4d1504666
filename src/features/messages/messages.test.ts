import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, say, startTestApp, type TestApp } from '../../../test/app.ts'

describe('sending a message', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp()
  })
  after(() => test.close())

  it('answers 201 with the message itself', async () => {
    const message = await say(test, 'Thanks for reaching out!')
    assert.equal(message.content, 'Thanks for reaching out!')
    assert.deepEqual(message.sender, { id: 1, name: 'Administrator', type: 'User', avatar_url: null })
  })

  it('refuses a message without content', async () => {
    const body = { message_type: 'outgoing' }
    const answer = await test.api('/conversations/1/messages', { method: 'POST', body })
    assertRefused(answer, 422, /content is required/)
    assert.deepEqual(answer.body.errors, [{ field: 'content', message: 'is required' }])
  })
})
