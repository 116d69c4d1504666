import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  type ApiResponse,
  assertRefused,
  readAllRows,
  sendMessage,
  startTestApp,
  type TestApp,
} from '../../../test/app.ts'
import { skipOnPostgres } from '../../../test/databases.ts'
import { addInbox, addMessages, addTestConversation, addUser } from '../../../test/factories.ts'

let test: TestApp
let agent: { token: string; userId: number; name: string }
let colleague: typeof agent
before(async () => {
  test = await startTestApp()
  agent = await addUser(test, { inboxes: [1] })
  colleague = await addUser(test, { inboxes: [1] })
})
after(() => test.close())

const at = (id: number, conversationId = 1) => `/conversations/${conversationId}/messages/${id}`

function change(id: number, body: unknown, token = test.token, conversationId = 1): Promise<ApiResponse> {
  return test.api(at(id, conversationId), { method: 'PATCH', body, token })
}

function erase(id: number, token = test.token, conversationId = 1): Promise<ApiResponse> {
  return test.api(at(id, conversationId), { method: 'DELETE', token })
}

/** Sends a message as the user of a token, and returns it. */
async function sayAs(
  { token }: { token: string },
  content: string,
  more: object = {},
): Promise<ApiResponse['body']> {
  const body = { content, message_type: 'outgoing', ...more }
  const response = await test.api('/conversations/1/messages', { method: 'POST', body, token })
  assert.equal(response.status, 201)
  return response.body
}

const fromContact = (content: string) => sendMessage(test, content, { message_type: 'incoming' })

describe('editing a message', () => {
  it('changes its content, sets edited_at, and returns the whole message', async () => {
    const sent = await sendMessage(test, 'Helo', { content_attributes: { own: 1 }, echo_id: 'e1' })
    const start = Math.floor(Date.now() / 1000)
    const { status, body } = await change(sent.id, { content: 'Hello' })
    assert.equal(status, 200)
    const { edited_at } = body.content_attributes
    assert.ok(edited_at >= start && edited_at <= Date.now() / 1000, 'edited_at is now, in seconds')
    assert.deepEqual(body, {
      ...sent,
      content: 'Hello',
      content_attributes: { own: 1, edited_at },
      updated_at: edited_at,
    })
    assert.deepEqual((await test.api(at(sent.id))).body, body)
  })

  it('is possible only for its author, not for a colleague or an administrator', async () => {
    const own = await sayAs(agent, 'Mine')
    assert.equal((await change(own.id, { content: 'Still mine' }, agent.token)).status, 200)
    for (const token of [colleague.token, test.token]) {
      assertRefused(await change(own.id, { content: 'Not yours' }, token), 403, /^only the author/)
    }
    assert.equal((await test.api(at(own.id))).body.content, 'Still mine')
  })

  it('is not possible if the contact or the system wrote it', async () => {
    const incoming = await fromContact('My own words')
    assertRefused(await change(incoming.id, { content: 'Other words' }), 403, /^only the author/)
    const [activity] = await addMessages(test, 1, [
      { message_type: 'activity', sender_type: null, sender_id: null },
    ])
    assertRefused(await change(activity!, { content: 'Other words' }), 403, /^only the author/)
  })

  it('does not confuse contact 1 with user 1', async () => {
    const incoming = await fromContact('From contact 1')
    assert.equal(incoming.sender.id, 1)
    assert.equal((await change(incoming.id, { content: 'From user 1' })).status, 403)
  })

  it('is possible for a private note', async () => {
    const note = await sendMessage(test, 'Note', { private: true })
    const { body } = await change(note.id, { content: 'Better note' })
    assert.equal(body.content, 'Better note')
    assert.equal(body.private, true)
  })

  it('follows the rules for the content of new messages', async () => {
    const { id } = await sendMessage(test, 'Fine')
    const refused: [unknown, RegExp][] = [
      ['', /^content must not be empty/],
      [' \n', /^content must not be empty/],
      [null, /^content must be a string/],
      [5, /^content must be a string/],
      ['x'.repeat(150_001), /^content must have at most 150000 characters/],
      ['a\0b', /^content must not contain the NUL character/],
    ]
    for (const [content, sentence] of refused) {
      assertRefused(await change(id, { content }), 422, sentence)
    }
    const longest = '😀'.repeat(150_000)
    assert.equal((await change(id, { content: longest })).body.content, longest)
  })

  it('is refused without content and status', async () => {
    const { id } = await sendMessage(test, 'Fine')
    for (const body of [{}, { private: true, message_type: 'incoming' }, { external_error: undefined }]) {
      assertRefused(await change(id, body), 422, /^content or status is required/)
    }
    for (const body of [[], null, 'x', 5]) assert.equal((await change(id, JSON.stringify(body))).status, 422)
  })

  it('ignores other fields of the body', async () => {
    const sent = await sendMessage(test, 'Fine')
    const { body } = await change(sent.id, {
      content: 'Finer',
      private: true,
      message_type: 'incoming',
      content_attributes: { deleted: true },
      sender: null,
      created_at: 1,
    })
    const { edited_at } = body.content_attributes
    assert.deepEqual(body, {
      ...sent,
      content: 'Finer',
      content_attributes: { edited_at },
      updated_at: body.updated_at,
    })
  })
})

describe('the status of a message', () => {
  const order = ['sent', 'delivered', 'read', 'failed'] as const
  const forwards: Record<string, string[]> = {
    sent: ['delivered', 'read', 'failed'],
    delivered: ['read', 'failed'],
    read: [],
    failed: [],
  }
  for (const from of order) {
    for (const to of order.slice(1)) {
      const allowed = from === to || forwards[from]!.includes(to)
      it(`${allowed ? 'can' : 'cannot'} change from ${from} to ${to}`, async () => {
        const { id } = await sendMessage(test, 'Status')
        if (from !== 'sent') assert.equal((await change(id, { status: from })).body.status, from)
        const response = await change(id, { status: to })
        if (allowed) assert.equal(response.body.status, to)
        else assertRefused(response, 409, new RegExp(`^status cannot change from ${from} to ${to}$`))
        assert.equal((await test.api(at(id))).body.status, allowed ? to : from)
      })
    }
  }

  it('can be reported for a message of the contact', async () => {
    const { id } = await fromContact('Read me')
    assert.equal((await change(id, { status: 'read' })).body.status, 'read')
  })

  it('can be reported by any agent of the inbox', async () => {
    const { id } = await sendMessage(test, 'Not mine')
    assert.equal((await change(id, { status: 'delivered' }, agent.token)).body.status, 'delivered')
  })

  it('stores the reason of a failure in content_attributes.external_error', async () => {
    const { id } = await sendMessage(test, 'To nowhere', { content_attributes: { own: 1 } })
    const { body } = await change(id, { status: 'failed', external_error: 'No such number' })
    assert.equal(body.status, 'failed')
    assert.deepEqual(body.content_attributes, { own: 1, external_error: 'No such number' })
  })

  it('can be failed without a reason, and refuses a reason with another status', async () => {
    const { id } = await sendMessage(test, 'Somewhere')
    for (const status of ['delivered', 'read', undefined]) {
      const body = { content: 'x', status, external_error: 'No such number' }
      assertRefused(await change(id, body), 422, /^external_error requires the status "failed"/)
    }
    assert.deepEqual((await change(id, { status: 'failed' })).body.content_attributes, {})
  })

  it('is refused if it is not one of the statuses', async () => {
    const { id } = await sendMessage(test, 'Status')
    for (const status of ['sent', 'seen', 'READ', '', null, 1, ['read']]) {
      assertRefused(await change(id, { status }), 422, /^status must be/)
    }
    for (const external_error of ['', null, 5]) {
      assertRefused(await change(id, { status: 'failed', external_error }), 422, /^external_error must/)
    }
  })

  it('can be set only in api inboxes', async () => {
    const inboxId = await addInbox(test, { channel_type: 'web_widget' })
    const number = await addTestConversation(test, { inboxId })
    const { id } = await sendMessage(test, 'To the widget', {}, number)
    const response = await change(id, { status: 'read' }, test.token, number)
    assertRefused(response, 422, /^status can be set only in api inboxes/)
  })

  it('cannot be set on private notes and activity messages', async () => {
    const note = await sendMessage(test, 'Note', { private: true })
    const [activity] = await addMessages(test, 1, [
      { message_type: 'activity', sender_type: null, sender_id: null },
    ])
    for (const id of [note.id, activity]) {
      assertRefused(
        await change(id, { status: 'read' }),
        422,
        /^status can be set only on messages to or from/,
      )
    }
  })

  it('changes together with the content, or neither changes', async () => {
    const { id } = await sendMessage(test, 'Both')
    const both = (await change(id, { content: 'Changed', status: 'delivered' })).body
    assert.deepEqual([both.content, both.status], ['Changed', 'delivered'])
    await change(id, { status: 'read' })
    assert.equal((await change(id, { content: 'Again', status: 'delivered' })).status, 409)
    const others = await sayAs(agent, 'Others')
    assert.equal((await change(others.id, { content: 'Again', status: 'read' })).status, 403)
    assert.equal((await test.api(at(id))).body.content, 'Changed')
    assert.equal((await test.api(at(others.id))).body.status, 'sent')
  })
})

describe('deleting a message', () => {
  it('returns 200 and the tombstone, with the sender but without content', async () => {
    const sent = await sendMessage(test, 'Never said', {
      content_type: 'input_select',
      content_attributes: { items: [{ title: 'Red', value: 'red' }] },
    })
    const { status, body } = await erase(sent.id)
    assert.equal(status, 200)
    assert.ok(body.updated_at >= sent.updated_at)
    assert.deepEqual(body, {
      ...sent,
      content: null,
      content_attributes: { deleted: true, deleted_by: { id: 1, name: 'Administrator' } },
      attachments: [],
      updated_at: body.updated_at,
    })
  })

  it('says who has deleted it, to agents only', async () => {
    const agent = await addUser(test, { inboxes: [1] })
    const sent = await sendMessage(test, 'The customer is mistaken', { message_type: 'incoming' })
    const { body } = await test.api(at(sent.id), { method: 'DELETE', token: agent.token })
    const deletedBy = { id: agent.userId, name: agent.name }
    assert.deepEqual(body.content_attributes, { deleted: true, deleted_by: deletedBy })
    assert.equal(body.sender.type, 'Contact')
    const { payload } = (await test.api('/conversations/1/messages?include_deleted=true')).body
    const tombstone = payload.find(({ id }: { id: number }) => id === sent.id)
    assert.deepEqual(tombstone, body)
  })

  it('removes it from lists without include_deleted', async () => {
    const { id } = await sendMessage(test, 'Soon deleted')
    const tombstone = (await erase(id)).body
    const ids = async (query: string) => {
      const { payload } = (await test.api(`/conversations/1/messages?${query}`)).body
      return payload.map((message: { id: number }) => message.id)
    }
    assert.equal((await ids('')).includes(id), false)
    assert.equal((await ids('include_deleted=true')).includes(id), true)
    assertRefused(await test.api(at(id)), 404, /^message not found$/)
    assert.deepEqual((await test.api(`${at(id)}?include_deleted=true`)).body, tombstone)
  })

  it('is 404 a second time, and so is changing it', async () => {
    const { id } = await sendMessage(test, 'Once')
    await erase(id)
    const rows = await readAllRows(test)
    for (const response of [
      await erase(id),
      await change(id, { content: 'x' }),
      await change(id, { status: 'read' }),
    ]) {
      assertRefused(response, 404, /^message not found$/)
    }
    assert.deepEqual(await readAllRows(test), rows)
  })

  it('succeeds once if many requests arrive at once', async () => {
    const { id } = await sendMessage(test, 'Race')
    const responses = await Promise.all(Array.from({ length: 20 }, () => erase(id)))
    const statuses = responses.map(({ status }) => status).toSorted()
    assert.deepEqual(statuses, [200, ...Array(19).fill(404)])
  })

  it('accepts a content type without a body, as some clients send it', async () => {
    const { id } = await sendMessage(test, 'With a header')
    const headers = { 'content-type': 'application/json' }
    assert.equal((await test.api(at(id), { method: 'DELETE', headers })).status, 200)
  })

  it('is allowed for agents if they or the contact wrote it', async () => {
    const own = await sayAs(agent, 'Mine')
    const note = await sayAs(agent, 'My note', { private: true })
    const incoming = await fromContact('The customer’s')
    for (const { id } of [own, note, incoming]) assert.equal((await erase(id, agent.token)).status, 200)
  })

  it('is not allowed for agents if a colleague or the system wrote it', async () => {
    const others = await sayAs(colleague, 'A colleague’s')
    const [activity] = await addMessages(test, 1, [
      { message_type: 'activity', sender_type: null, sender_id: null },
    ])
    for (const id of [others.id, activity]) {
      assertRefused(await erase(id, agent.token), 403, /^only the author of this message or an administrator/)
      assert.equal((await test.api(at(id))).status, 200)
    }
  })

  it('is always allowed for administrators', async () => {
    const others = await sayAs(agent, 'An agent’s')
    const incoming = await fromContact('The customer’s')
    const [activity] = await addMessages(test, 1, [
      { message_type: 'activity', sender_type: null, sender_id: null },
    ])
    for (const id of [others.id, incoming.id, activity]) assert.equal((await erase(id)).status, 200)
  })

  it('decreases the unread count if the message was unread', async () => {
    const number = await addTestConversation(test)
    const unread = async () => (await test.api(`/conversations/${number}`)).body.unread_count
    const incoming = await sendMessage(test, 'Oops', { message_type: 'incoming' }, number)
    const outgoing = await sendMessage(test, 'Yes?', {}, number)
    await sendMessage(test, 'I meant', { message_type: 'incoming' }, number)
    assert.equal(await unread(), 2)
    await erase(outgoing.id, test.token, number)
    assert.equal(await unread(), 2)
    await erase(incoming.id, test.token, number)
    assert.equal(await unread(), 1)
  })

  it('makes the previous message the last one of the conversation', async () => {
    const number = await addTestConversation(test)
    const first = await sendMessage(test, 'First', {}, number)
    const second = await sendMessage(test, 'Second', {}, number)
    await erase(second.id, test.token, number)
    assert.deepEqual((await test.api(`/conversations/${number}`)).body.last_message, first)
  })
})

describe('after the response to a deletion, no file of the database contains', {
  skip: skipOnPostgres,
}, () => {
  /** Returns those of the texts that the files of the database contain. */
  function onDisk(texts: string[]): string[] {
    const files = ['ndoto.db', 'ndoto.db-wal'].map((name) => readFileSync(join(test.config.dataDir, name)))
    return texts.filter((text) => files.some((bytes) => bytes.includes(text)))
  }

  it('the content', async () => {
    const secret = 'SECRET-4111-1111-1111-1111'
    const { id } = await sendMessage(test, `My card is ${secret}`)
    assert.deepEqual(onDisk([secret]), [secret])
    await erase(id)
    assert.deepEqual(onDisk([secret]), [])
  })

  it('the content of a long message, from its beginning to its end', async () => {
    const marks = ['LONG-BEGIN', 'LONG-MIDDLE', 'LONG-END']
    const { id } = await sendMessage(test, marks.join('é'.repeat(60_000)))
    await erase(id)
    assert.deepEqual(onDisk(marks), [])
  })

  it('the attributes, the reason of a failure, and the content before it was edited', async () => {
    const marks = ['BEFORE-EDIT', 'AFTER-EDIT', 'ATTRIBUTE-TITLE', 'FAILURE-REASON']
    const { id } = await sendMessage(test, marks[0]!, {
      content_type: 'input_select',
      content_attributes: { items: [{ title: marks[2], value: 'x' }] },
    })
    await change(id, { content: marks[1] })
    await change(id, { status: 'failed', external_error: marks[3] })
    await erase(id)
    assert.deepEqual(onDisk(marks), [])
  })

  it('the contents of many messages that are deleted at once', async () => {
    const sent = await Promise.all(Array.from({ length: 40 }, (_, i) => sendMessage(test, `CROWD-${i}-MARK`)))
    const remaining = await Promise.all(
      sent.map(async ({ id, content }) => {
        await erase(id)
        return onDisk([content])
      }),
    )
    assert.deepEqual(remaining.flat(), [])
  })

  it('the content, while a long list is being sent', async () => {
    const number = await addTestConversation(test)
    await addMessages(test, number, Array(6000).fill({}))
    const { id } = await sendMessage(test, 'STREAMED-MARK', {}, number)
    const url = `${test.app.url}/api/v1/accounts/1/conversations/${number}/messages`
    const response = await fetch(url, { headers: { api_access_token: test.token } })
    await erase(id, test.token, number)
    assert.deepEqual(onDisk(['STREAMED-MARK']), [])
    await response.body!.cancel()
  })
})

describe('a refused change', () => {
  it('leaves the database as it was', async () => {
    const reader = await addUser(test, { role: 'administrator', scopes: ['read'] })
    const outsider = await addUser(test)
    const others = await sayAs(colleague, 'Not to be touched')
    const other = await addTestConversation(test)
    const rows = await readAllRows(test)
    const responses = [
      await change(others.id, { content: 'x' }, agent.token),
      await change(others.id, { content: '' }, colleague.token),
      await change(others.id, { status: 'sent' }, colleague.token),
      await change(others.id, { content: 'x' }, outsider.token),
      await change(others.id, { content: 'x' }, reader.token),
      await change(others.id, { content: 'x' }, colleague.token, other),
      await change(999_999, { content: 'x' }),
      await erase(others.id, agent.token),
      await erase(others.id, outsider.token),
      await erase(others.id, reader.token),
      await erase(others.id, test.token, other),
      await erase(999_999),
    ]
    assert.deepEqual(
      responses.map(({ status }) => status),
      [403, 422, 422, 404, 403, 404, 404, 403, 404, 403, 404, 404],
    )
    assert.deepEqual(await readAllRows(test), rows)
  })
})
