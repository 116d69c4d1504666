import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  type ApiResponse,
  assertRefused,
  readAllRows,
  sendMessage,
  startTestApp,
  type TestApp,
} from '../../../test/app.ts'
import { eventsOf } from '../../../test/events.ts'
import { addInbox, addTestConversation, addUser } from '../../../test/factories.ts'

const messages = '/conversations/1/messages'
let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

function send(body: unknown, token?: string, path = messages): Promise<ApiResponse> {
  return test.api(path, { method: 'POST', body, ...(token ? { token } : {}) })
}

async function conversation(id: number): Promise<ApiResponse['body']> {
  return (await test.api(`/conversations/${id}`)).body
}

/** Sets columns of a conversation directly. */
function setConversation(id: number, change: object): Promise<unknown> {
  return test.app.database.transaction(null, (tx) =>
    tx.sql
      .updateTable('conversations')
      .set(change)
      .where('account_id', '=', 1)
      .where('id', '=', id)
      .execute(),
  )
}

describe('the response to a message', () => {
  it('is 201 and the message itself, not wrapped, with every field', async () => {
    const start = Math.floor(Date.now() / 1000)
    const response = await send({
      content: 'Thanks for reaching out!',
      message_type: 'outgoing',
      private: false,
    })
    assert.equal(response.status, 201)
    const { id, created_at, updated_at, ...rest } = response.body
    assert.deepEqual(rest, {
      content: 'Thanks for reaching out!',
      content_type: 'text',
      content_attributes: {},
      message_type: 'outgoing',
      status: 'sent',
      private: false,
      conversation_id: 1,
      inbox_id: 1,
      echo_id: null,
      source_id: null,
      sender: { id: 1, name: 'Administrator', type: 'User', avatar_url: null },
      attachments: [],
    })
    assert.ok(Number.isSafeInteger(id))
    assert.ok(created_at >= start && created_at <= Date.now() / 1000, 'created_at is now, in seconds')
    assert.equal(updated_at, created_at)
  })

  it('is the same as the message later, alone and in the list', async () => {
    const sent = await sendMessage(test, 'Look me up')
    assert.deepEqual((await test.api(`${messages}/${sent.id}`)).body, sent)
    assert.deepEqual((await test.api(messages)).body.payload.at(-1), sent)
  })

  it('is the same after a restart', async () => {
    const sent = await sendMessage(test, 'Still here tomorrow?')
    await test.restart()
    assert.deepEqual((await test.api(`${messages}/${sent.id}`)).body, sent)
  })

  it('has a unique id, in the order of the list, for each of many messages sent at once', async () => {
    const number = await addTestConversation(test)
    const sent = await Promise.all(
      Array.from({ length: 50 }, (_, i) => sendMessage(test, `At once ${i}`, {}, number)),
    )
    const { payload } = (await test.api(`/conversations/${number}/messages`)).body
    assert.equal(new Set(sent.map(({ id }) => id)).size, 50)
    assert.deepEqual(
      payload,
      sent.toSorted((a, b) => a.id - b.id),
    )
  })

  it('never has a time before that of an older message, even if the clock is set back', async () => {
    const number = await addTestConversation(test)
    const ahead = Date.now() + 3_600_000
    await setConversation(number, { last_activity_at: ahead })
    assert.equal((await sendMessage(test, 'An hour ago', {}, number)).created_at, Math.floor(ahead / 1000))
  })
})

describe('the sender of a message', () => {
  it('is the user of the token if it is outgoing', async () => {
    const { token, userId, name } = await addUser(test, { inboxes: [1] })
    const { body } = await send({ content: 'I am not the administrator', message_type: 'outgoing' }, token)
    assert.deepEqual(body.sender, { id: userId, name, type: 'User', avatar_url: null })
  })

  it('is the contact of the conversation if it is incoming', async () => {
    const { sender, message_type } = await sendMessage(test, 'And my refund?', { message_type: 'incoming' })
    assert.equal(message_type, 'incoming')
    assert.deepEqual(sender, { id: 1, name: 'Jane Doe', type: 'Contact', avatar_url: null })
  })

  it('cannot be forged: unknown fields, and fields that the server sets, are ignored', async () => {
    const claims = {
      id: 777777,
      sender: { id: 99, name: 'Somebody', type: 'User' },
      sender_id: 99,
      status: 'read',
      created_at: 1,
      updated_at: 1,
      conversation_id: 99,
      account_id: 99,
      attachments: [{ id: 1 }],
      deleted_at: 1,
      whatever: { a: 1 },
    }
    const sent = await sendMessage(test, 'Believe me', claims)
    assert.ok(sent.id < 1000)
    assert.equal(sent.sender.id, 1)
    assert.equal(sent.status, 'sent')
    assert.ok(sent.created_at > 1_700_000_000)
    assert.equal(sent.conversation_id, 1)
    assert.deepEqual(sent.attachments, [])
    assert.equal('whatever' in sent, false)
  })
})

describe('the source_id of a message', () => {
  it('is stored and returned everywhere, also if another message has the same one', async () => {
    const fields = { source_id: 'wamid.HBgL+4917/0=', message_type: 'incoming' }
    const [event] = await eventsOf(test, async () => {
      const sent = await sendMessage(test, 'From a bridge', fields)
      assert.equal(sent.source_id, fields.source_id)
      assert.deepEqual((await test.api(`${messages}/${sent.id}`)).body, sent)
      assert.deepEqual((await test.api(messages)).body.payload.at(-1), sent)
    })
    assert.equal(event!.data.source_id, fields.source_id)
    assert.equal((await sendMessage(test, 'The same', fields)).source_id, fields.source_id)
    const form = new FormData()
    for (const [name, value] of Object.entries({ content: 'A form', ...fields })) form.append(name, value)
    assert.equal((await send(form)).body.source_id, fields.source_id)
    assert.equal((await sendMessage(test, 'None', { source_id: null })).source_id, null)
  })

  it('must be a text of up to 255 characters, without line breaks, which could end the header of an e-mail', async () => {
    const hello = { content: 'Hello', message_type: 'outgoing' }
    const rows = await readAllRows(test)
    const refused: [unknown, RegExp][] = [
      ['', /^source_id must not be empty/],
      [5, /^source_id must be a string or null/],
      ['x'.repeat(256), /^source_id must have at most 255/],
      ['<a@b>\r\nBcc: everybody', /^source_id must not contain control characters/],
    ]
    for (const [source_id, sentence] of refused)
      assertRefused(await send({ ...hello, source_id }), 422, sentence)
    assert.deepEqual(await readAllRows(test), rows)
  })
})

describe('the fields of a new message', () => {
  const fine = { content: 'Hello', message_type: 'outgoing' }
  const refused: [string, unknown, string][] = [
    ['no content', { message_type: 'outgoing' }, 'content is required'],
    ['empty content', { ...fine, content: '' }, 'content must not be empty'],
    ['content of only whitespace', { ...fine, content: ' \n\t\u00a0\u2003' }, 'content must not be empty'],
    ['content null', { ...fine, content: null }, 'content must be a string'],
    ['content 5, not coerced', { ...fine, content: 5 }, 'content must be a string'],
    ['content true, not coerced', { ...fine, content: true }, 'content must be a string'],
    ['content in a list', { ...fine, content: ['Hello'] }, 'content must be a string'],
    ['content in an object', { ...fine, content: { text: 'Hello' } }, 'content must be a string'],
    ['no message_type', { content: 'Hello' }, 'message_type is required'],
    ['message_type activity', { ...fine, message_type: 'activity' }, 'message_type must be one of'],
    ['message_type in uppercase', { ...fine, message_type: 'OUTGOING' }, 'message_type must be one of'],
    ['message_type 1, not coerced', { ...fine, message_type: 1 }, 'message_type must be'],
    ['message_type null', { ...fine, message_type: null }, 'message_type must be'],
    ['private "yes", not coerced', { ...fine, private: 'yes' }, 'private must be a boolean'],
    ['private "true", not coerced', { ...fine, private: 'true' }, 'private must be a boolean'],
    ['private 1, not coerced', { ...fine, private: 1 }, 'private must be a boolean'],
    ['private null', { ...fine, private: null }, 'private must be a boolean'],
    ['an unknown content_type', { ...fine, content_type: 'sticker' }, 'content_type must be one of'],
    ['content_type null', { ...fine, content_type: null }, 'content_type must be'],
    [
      'content_attributes as text',
      { ...fine, content_attributes: '{}' },
      'content_attributes must be an object',
    ],
    [
      'content_attributes as a list',
      { ...fine, content_attributes: [] },
      'content_attributes must be an object',
    ],
    [
      'content_attributes null',
      { ...fine, content_attributes: null },
      'content_attributes must be an object',
    ],
    ['echo_id 5, not coerced', { ...fine, echo_id: 5 }, 'echo_id must be'],
    [
      'an incoming private note',
      { ...fine, message_type: 'incoming', private: true },
      'private must be false',
    ],
  ]
  for (const [name, body, sentence] of refused) {
    it(`refuse ${name}`, async () => {
      const response = await send(body)
      assertRefused(response, 422, new RegExp(sentence))
      const field = sentence.split(' ')[0]
      assert.deepEqual(
        response.body.errors.map((error: { field: string }) => error.field),
        [field],
      )
    })
  }

  it('are all listed in the error if several are invalid', async () => {
    const response = await send({ private: 'yes', content: 5 })
    const fields = response.body.errors.map(({ field }: { field: string }) => field)
    assert.equal(response.status, 422)
    assert.deepEqual(fields.toSorted(), ['content', 'message_type', 'private'])
    for (const field of fields) assert.ok(response.body.error.includes(field))
  })

  it('default to a public text', async () => {
    const { private: isPrivate, content_type, content_attributes } = await sendMessage(test, 'Plain')
    assert.deepEqual(
      { isPrivate, content_type, content_attributes },
      {
        isPrivate: false,
        content_type: 'text',
        content_attributes: {},
      },
    )
  })

  it('include echo_id, which is returned unchanged in every response', async () => {
    for (const echo_id of ['a1b2', '', 'é👩‍👩‍👧 "\\', null]) {
      const sent = await sendMessage(test, 'Echo', { echo_id })
      assert.equal(sent.echo_id, echo_id)
      assert.equal((await test.api(`${messages}/${sent.id}`)).body.echo_id, echo_id)
    }
  })
})

describe('the length of the content', () => {
  it('may be 150,000 characters', async () => {
    const content = 'x'.repeat(150_000)
    assert.equal((await sendMessage(test, content)).content, content)
  })

  it('is counted in characters, not in bytes or UTF-16 units', async () => {
    const content = '😀'.repeat(150_000)
    assert.equal((await sendMessage(test, content)).content, content)
  })

  it('may be 150,000 characters even if all of them are escaped in JSON', async () => {
    const body = `{"message_type":"outgoing","content":"${'\\ud83d\\ude00'.repeat(150_000)}"}`
    const response = await send(body)
    assert.equal(response.status, 201)
    assert.ok(response.body.content === '😀'.repeat(150_000))
  })

  it('may not be 150,001 characters of any kind', async () => {
    for (const character of ['x', 'é', '😀']) {
      const response = await send({ message_type: 'outgoing', content: character.repeat(150_001) })
      assertRefused(response, 422, /^content must have at most 150000 characters$/)
    }
  })
})

describe('content_attributes', () => {
  /** An object with exactly this number of bytes of JSON. */
  const ofBytes = (bytes: number, filling = 'x') => {
    const room = bytes - '{"a":""}'.length
    return { a: filling.repeat(room / Buffer.byteLength(filling)) }
  }

  it('may contain any fields of the client, and are returned unchanged', async () => {
    const content_attributes = {
      a: [1, null, { b: 'ü' }],
      '': '',
      'with "quotes"': false,
      constructor: 1,
      n: 1e-7,
    }
    assert.deepEqual(
      (await sendMessage(test, 'Own', { content_attributes })).content_attributes,
      content_attributes,
    )
  })

  it('may have at most 64 KiB of JSON', async () => {
    const exact = ofBytes(65_536)
    assert.deepEqual(
      (await sendMessage(test, 'Much', { content_attributes: exact })).content_attributes,
      exact,
    )
    const body = { content: 'x', message_type: 'outgoing', content_attributes: ofBytes(65_537) }
    const response = await send(body)
    assertRefused(response, 422, /^content_attributes must be at most 64 KiB/)
    assert.equal(response.body.errors[0].field, 'content_attributes')
  })

  it('are measured in bytes', async () => {
    const content_attributes = ofBytes(65_538, 'é')
    assert.ok(JSON.stringify(content_attributes).length < 65_536)
    assertRefused(await send({ content: 'x', message_type: 'outgoing', content_attributes }), 422, /64 KiB/)
  })

  for (const name of ['deleted', 'edited_at', 'external_error', 'submitted_email', 'submitted_values']) {
    it(`cannot forge ${name}`, async () => {
      const content_attributes = { [name]: true }
      const response = await send({ content: 'x', message_type: 'outgoing', content_attributes })
      assertRefused(response, 422, new RegExp(`^content_attributes.${name} can be set only by the server`))
      assert.equal(response.body.errors[0].field, `content_attributes.${name}`)
    })
  }
})

describe('an interactive message', () => {
  const option = { title: 'Red', value: 'red' }
  const article = { title: 'Returns', description: 'How to', link: 'https://example.com/returns' }
  const card = {
    title: 'Shoe',
    description: 'Comfortable',
    media_url: 'https://example.com/shoe.jpg',
    actions: [
      { type: 'link', text: 'See', uri: 'https://example.com/shoe' },
      { type: 'link', text: 'Write', uri: 'mailto:shop@example.com' },
      { type: 'link', text: 'Call', uri: 'tel:+14155550100' },
      { type: 'postback', text: 'Buy', payload: 'BUY_1' },
    ],
  }
  const field = { name: 'size', label: 'Size', type: 'select', options: [{ label: 'Small', value: 's' }] }
  const many = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ title: `T${i}`, value: `v${i}` }))

  const accepted: [string, string, object][] = [
    ['input_select with an item', 'input_select', { items: [option] }],
    ['input_select with 100 items', 'input_select', { items: many(100) }],
    ['input_select with additional fields', 'input_select', { items: [{ ...option, n: 1 }], own: 1 }],
    ['input_email, which requires no attributes', 'input_email', {}],
    ['cards', 'cards', { items: [card] }],
    ['a form', 'form', { items: [field] }],
    ['an article', 'article', { items: [article] }],
    ['a text with a field named items', 'text', { items: 'none' }],
  ]
  for (const [name, content_type, content_attributes] of accepted) {
    it(`is accepted if it is ${name}`, async () => {
      const sent = await sendMessage(test, 'Choose', { content_type, content_attributes })
      assert.equal(sent.content_type, content_type)
      assert.deepEqual(sent.content_attributes, content_attributes)
    })
  }

  const refused: [string, string, unknown, string][] = [
    ['input_select without items', 'input_select', {}, 'items'],
    ['input_select with items that are not an array', 'input_select', { items: { 0: option } }, 'items'],
    ['input_select with no item', 'input_select', { items: [] }, 'items'],
    ['input_select with 101 items', 'input_select', { items: many(101) }, 'items'],
    ['an item without a title', 'input_select', { items: [option, { value: 'red' }] }, 'items[1].title'],
    ['an item without a value', 'input_select', { items: [{ title: 'Red' }] }, 'items[0].value'],
    [
      'an item with a value that is not a string',
      'input_select',
      { items: [{ title: 'R', value: 1 }] },
      'items[0].value',
    ],
    [
      'an item with an empty title',
      'input_select',
      { items: [{ title: ' ', value: 'r' }] },
      'items[0].title',
    ],
    ['an item that is a string', 'input_select', { items: ['Red'] }, 'items[0]'],
    ['cards without a title', 'cards', { items: [{ ...card, title: undefined }] }, 'items[0].title'],
    [
      'a card with a link that runs a script',
      'cards',
      { items: [{ ...card, actions: [{ type: 'link', text: 'x', uri: 'javascript:alert(1)' }] }] },
      'items[0].actions[0].uri',
    ],
    ['a form with an unknown field', 'form', { items: [{ ...field, type: 'password' }] }, 'items[0].type'],
    ['an article without a link', 'article', { items: [{ title: 'Returns' }] }, 'items[0].link'],
  ]
  for (const [name, content_type, content_attributes, at] of refused) {
    it(`is refused if it is or contains ${name}`, async () => {
      const response = await send({
        content: 'Choose',
        message_type: 'outgoing',
        content_type,
        content_attributes,
      })
      assert.equal(response.status, 422)
      assert.equal(response.body.errors[0].field, `content_attributes.${at}`)
      assert.ok(response.body.error.startsWith(`content_attributes.${at} `))
    })
  }
})

describe('an incoming message', () => {
  it('is refused in an inbox that is not an api inbox, but outgoing messages are not', async () => {
    const inboxId = await addInbox(test, { channel_type: 'web_widget' })
    const number = await addTestConversation(test, { inboxId })
    const path = `/conversations/${number}/messages`
    const response = await send({ content: 'I am the customer', message_type: 'incoming' }, undefined, path)
    assertRefused(response, 422, /^message_type must be outgoing:/)
    assert.equal(response.body.errors[0].field, 'message_type')
    assert.equal((await sendMessage(test, 'I am an agent', {}, number)).inbox_id, inboxId)
  })

  for (const status of ['resolved', 'snoozed']) {
    it(`reopens a ${status} conversation`, async () => {
      const number = await addTestConversation(test)
      await setConversation(number, {
        status,
        snoozed_until: status === 'snoozed' ? Date.now() + 60_000 : null,
      })
      assert.equal((await conversation(number)).status, status)
      await sendMessage(test, 'One more thing', { message_type: 'incoming' }, number)
      const { status: now, snoozed_until } = await conversation(number)
      assert.deepEqual({ now, snoozed_until }, { now: 'open', snoozed_until: null })
    })
  }

  it('leaves a pending conversation pending', async () => {
    const number = await addTestConversation(test, { status: 'pending' })
    await sendMessage(test, 'Hello?', { message_type: 'incoming' }, number)
    assert.equal((await conversation(number)).status, 'pending')
  })

  it('is unread, and updates last_activity_at of the contact', async () => {
    const number = await addTestConversation(test)
    const { contact, unread_count } = await conversation(number)
    assert.equal(unread_count, 0)
    assert.equal((await test.api(`/contacts/${contact.id}`)).body.last_activity_at, null)
    await sendMessage(test, 'One', { message_type: 'incoming' }, number)
    const { created_at } = await sendMessage(test, 'Two', { message_type: 'incoming' }, number)
    assert.equal((await conversation(number)).unread_count, 2)
    assert.equal((await test.api(`/contacts/${contact.id}`)).body.last_activity_at, created_at)
  })
})

describe('an outgoing message', () => {
  it('does not reopen a conversation, and is not unread', async () => {
    for (const status of ['resolved', 'snoozed']) {
      const number = await addTestConversation(test)
      const snoozed_until = Date.now() + 60_000
      await setConversation(number, { status, snoozed_until })
      await sendMessage(test, 'By the way', {}, number)
      const now = await conversation(number)
      assert.equal(now.status, status)
      assert.equal(now.snoozed_until, Math.floor(snoozed_until / 1000))
      assert.equal(now.unread_count, 0)
    }
  })
})

describe('a private note', () => {
  it('has private: true, and is from the user', async () => {
    const note = await sendMessage(test, 'The customer is on the premium plan.', { private: true })
    assert.equal(note.private, true)
    assert.equal(note.message_type, 'outgoing')
    assert.equal(note.sender.type, 'User')
  })

  it('does not reopen a conversation, is not its last message, and is not unread', async () => {
    const number = await addTestConversation(test)
    const reply = await sendMessage(test, 'A reply', {}, number)
    await setConversation(number, { status: 'resolved' })
    await sendMessage(test, 'A note', { private: true }, number)
    const { status, last_message, unread_count } = await conversation(number)
    assert.equal(status, 'resolved')
    assert.deepEqual(last_message, reply)
    assert.equal(unread_count, 0)
  })
})

for (const [name, more] of [
  ['an incoming message', { message_type: 'incoming' }],
  ['an outgoing message', {}],
  ['a private note', { private: true }],
] as const) {
  it(`${name} moves last_activity_at, and the conversation to the top of the list`, async () => {
    const inboxId = await addInbox(test)
    const number = await addTestConversation(test, { inboxId })
    const other = await addTestConversation(test, { inboxId })
    await setConversation(number, { last_activity_at: 1_700_000_000_000 })
    const order = async () => {
      const { payload } = (await test.api(`/conversations?inbox_id=${inboxId}`)).body.data
      return payload.map(({ id }: { id: number }) => id)
    }
    assert.deepEqual(await order(), [other, number])
    await setConversation(other, { last_activity_at: 1_700_000_001_000 })
    const { created_at } = await sendMessage(test, 'Move', more, number)
    assert.equal((await conversation(number)).last_activity_at, created_at)
    assert.deepEqual(await order(), [number, other])
  })
}

describe('a refused message', () => {
  it('leaves the database as it was', async () => {
    const inboxId = await addInbox(test, { channel_type: 'web_widget' })
    const widget = `/conversations/${await addTestConversation(test, { inboxId })}/messages`
    const { token: reader } = await addUser(test, { role: 'administrator', scopes: ['read'] })
    const { token: outsider } = await addUser(test)
    const fine = { content: 'Hello', message_type: 'outgoing' }
    await setConversation(1, { status: 'resolved' })

    const before = await readAllRows(test)
    const responses = [
      await send({ ...fine, content: '' }),
      await send({ ...fine, content: 'x'.repeat(150_001) }),
      await send({ ...fine, content_type: 'input_select' }),
      await send({ ...fine, content_attributes: { deleted: true } }),
      await send({ ...fine, content_attributes: { a: 'x'.repeat(70_000) } }),
      await send({ ...fine, message_type: 'incoming', private: true }),
      await send({ ...fine, message_type: 'incoming' }, undefined, widget),
      await send(fine, undefined, '/conversations/999/messages'),
      await send(fine, reader),
      await send(fine, outsider),
      await send('{"content":'),
      await test.api(messages, { method: 'POST', body: fine, headers: { 'idempotency-key': '' } }),
    ]
    assert.deepEqual(
      responses.map(({ status }) => status),
      [422, 422, 422, 422, 422, 422, 422, 404, 403, 404, 400, 400],
    )
    assert.deepEqual(await readAllRows(test), before)
    const last = before
      .messages!.map(({ id }: { id?: number }) => id!)
      .sort((a, b) => a - b)
      .at(-1)!
    assert.equal((await sendMessage(test, 'The next one')).id, last + 1, 'no id is lost')
  })
})
