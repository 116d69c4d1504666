import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { openStream } from '../../../test/event-stream.ts'
import { eventually } from '../../../test/eventually.ts'
import { addTestConversation } from '../../../test/factories.ts'
import { addMailInbox, type MailInbox } from '../../../test/mails.ts'
import { messageIdOf, plusAddressOf } from '../channels/email/anchors.ts'
import { findMailbox } from '../channels/email/mailbox.store.ts'
import { locateMessage } from './locate.ts'

let test: TestApp
before(async () => {
  test = await startTestApp()
})
after(() => test.close())

const call = (path: string, method = 'GET', body?: object, more: object = {}) =>
  test.api(path, { method, ...(body ? { body } : {}), ...more })
const merge = (id: number, mergee_conversation_id: number) =>
  call(`/conversations/${id}/merge`, 'POST', { mergee_conversation_id })

describe('A mail that answers one of a merged conversation', () => {
  const email = 'support@example.com'
  const anna = 'Anna <anna@example.org>'
  const bob = 'Bob <bob@example.org>'
  let inbox: MailInbox
  let key: string
  before(async () => {
    inbox = await addMailInbox(test)
    key = (await findMailbox(test.app.database.read, { account_id: 1, inbox_id: inbox.id }))!.anchor_key
  })

  it('arrives in the other one, by whatever it is recognized, and whoever took part may answer', async () => {
    const first = (await inbox.receive({ from: anna })).conversation_id
    const received = await inbox.receive({ from: anna, id: '<merged@example.org>', headers: { Cc: bob } })
    const second = received.conversation_id
    const { id } = await sendMessage(test, 'On its way.', {}, second)
    const ours = messageIdOf(key, { account_id: 1, conversation_id: second, id }, email)
    const to = plusAddressOf(key, second, email)
    assert.equal((await merge(first, second)).status, 200)
    const answers = [
      await inbox.receive({ from: anna, headers: { 'In-Reply-To': '<merged@example.org>' } }),
      await inbox.receive({ from: anna, headers: { 'In-Reply-To': ours } }),
      await inbox.receive({ from: anna, to }),
      await inbox.receive({ from: bob, headers: { 'In-Reply-To': '<merged@example.org>' } }),
    ]
    assert.deepEqual(
      answers.map((answer) => answer.conversation_id),
      [first, first, first, first],
    )
    // The raw mail came with its message.
    const raw = await call(`/conversations/${second}/messages/${received.id}/email`)
    assert.equal(raw.status, 200)
    await call(`/conversations/${second}/merge`, 'DELETE')
    const later = await inbox.receive({ from: anna, headers: { 'In-Reply-To': '<merged@example.org>' } })
    assert.equal(later.conversation_id, second)
  })
})

describe('A customer of a merged conversation', () => {
  it('goes on in the other one with the id that they know, and sees nobody else’s messages', async () => {
    const { inbox_identifier } = (await call('/inboxes/1')).body
    const contacts = `//public/api/v1/inboxes/${inbox_identifier}/contacts`
    const { source_id } = (await call(contacts, 'POST', {})).body
    const own = `${contacts}/${source_id}`
    const start = async () => (await call(`${own}/conversations`, 'POST', {})).body.id as number
    const [first, second] = [await start(), await start()]
    const post = (id: number, content: string) =>
      call(`${own}/conversations/${id}/messages`, 'POST', { content })
    await post(second, 'Hello?')
    await merge(first, second)
    const events = await openStream(test, {
      path: `/public/api/v1/inboxes/${inbox_identifier}/contacts/${source_id}/events`,
      query: `conversation_id=${second}`,
      token: '',
    })
    const { body } = await post(second, 'Still there?')
    assert.equal(body.conversation_id, first)
    await events.find(({ data }) => data.content === 'Still there?')
    events.close()
    const { payload } = (await call(`${own}/conversations/${second}/messages`)).body
    assert.deepEqual(
      payload.map(({ content }: { content: string }) => content),
      ['Hello?', 'Still there?'],
    )
    const list = (await call(`${own}/conversations`)).body.payload
    assert.deepEqual(
      list.map(({ id }: { id: number }) => id),
      [first],
    )
    const stranger = (await call(contacts, 'POST', {})).body.source_id
    assert.equal((await call(`${contacts}/${stranger}/conversations/${second}/messages`)).status, 404)
  })
})

describe('A message that was moved', () => {
  it('is found by what knows only its previous conversation, until the merge is undone', async () => {
    const first = await addTestConversation(test)
    const { contact, inbox_id } = (await call(`/conversations/${first}`)).body
    const { id: second } = (await call('/conversations', 'POST', { inbox_id, contact_id: contact.id })).body
    const { id } = await sendMessage(test, 'unmistakable', {}, second)
    const key = { account_id: 1, conversation_id: second, id }
    await merge(first, second)
    const { read } = test.app.database
    assert.deepEqual(await locateMessage(read, key), { ...key, conversation_id: first })
    const find = async () =>
      (await call('/conversations?status=all&q=unmistakable')).body.data.payload.map(
        (one: { id: number }) => one.id,
      )
    await eventually(async () => (await find())[0] === first)
    await call(`/conversations/${second}/merge`, 'DELETE')
    assert.deepEqual(await locateMessage(read, key), key)
    await eventually(async () => (await find())[0] === second)
  })
})
