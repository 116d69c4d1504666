import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import PostalMime from 'postal-mime'
import { assertRefused, sendMessage, startTestApp, type TestApp } from '../../../../../test/app.ts'
import { eventually } from '../../../../../test/eventually.ts'
import { addMailInbox, type MailInbox, mail } from '../../../../../test/mails.ts'
import { type SmtpTestServer, startSmtpServer } from '../../../../../test/smtp-server.ts'

const minutes = (count: number) => count * 60_000

describe('A conversation whose visitor has left', () => {
  let test: TestApp
  let smtp: SmtpTestServer
  let inbox: MailInbox
  let widget: { id: number; inbox_identifier: string }
  let skew = 0
  const addWidget = async (name: string) => {
    const channel = { type: 'web_widget', website_url: 'https://shop.example' }
    return (await test.api('/inboxes', { method: 'POST', body: { name, channel } })).body
  }
  before(async () => {
    smtp = await startSmtpServer()
    test = await startTestApp(
      { NDOTO_WEBHOOK_ALLOW_PRIVATE: 'true' },
      { deliveries: { now: () => Date.now() + skew } },
    )
    widget = await addWidget('Widget')
    inbox = await addMailInbox(test, {
      email: 'support@shop.example',
      name: 'Shop',
      smtp: { host: '127.0.0.1', port: smtp.port, tls: 'none' },
      continues: [widget.inbox_identifier],
    })
  })
  after(async () => {
    await test.close()
    await smtp.close()
  })
  beforeEach(() => {
    smtp.mails.length = 0
    smtp.faults.data = undefined
    skew = 0
  })

  let count = 0
  /** A visitor writes in a widget. Returns what they and an agent can do. */
  async function visit({ inbox_identifier } = widget, address: string | null = `ann${++count}@example.com`) {
    const open = `//public/api/v1/inboxes/${inbox_identifier}/contacts`
    const asVisitor = (path: string, body: object) => test.api(path, { method: 'POST', body, token: null })
    const visitor = await asVisitor(open, { name: 'Ann', ...(address ? { email: address } : {}) })
    const of = `${open}/${visitor.body.source_id}/conversations`
    const { id } = (await asVisitor(of, {})).body
    await asVisitor(`${of}/${id}/messages`, { content: 'Where is my order?' })
    return {
      id: id as number,
      address,
      say: (content: string) => asVisitor(`${of}/${id}/messages`, { content }),
      look: () => asVisitor(`${of}/${id}/update_last_seen`, {}),
      answer: async (content: string, fields: object = {}) =>
        (await sendMessage(test, content, fields, id)).id as number,
      messages: async () => (await test.api(`/conversations/${id}/messages`)).body.payload,
    }
  }
  /** Waits until each message of an agent in the widget has a delivery in one of these states. */
  async function untilDeliveries(...states: ('pending' | 'running' | 'succeeded')[]): Promise<void> {
    const { sql } = test.app.database.read
    await eventually(async () => {
      const written = sql.selectFrom('messages').select('id').where('inbox_id', '=', widget.id)
      const messages = await written.where('sender_type', '=', 'User').where('private', '=', 0).execute()
      const deliveries = sql
        .selectFrom('deliveries as d')
        .innerJoin('delivery_targets as t', 't.id', 'd.target_id')
        .select('d.state')
        .where('t.sender', '=', 'mail continuations')
        .where('d.state', 'in', states)
      return (await deliveries.execute()).length === messages.length
    }, 'each message to have a delivery')
  }
  /** Five minutes later, when there has been an attempt for each message. */
  async function wait(): Promise<void> {
    // One that is created later would wait from the later time on.
    await untilDeliveries('pending', 'running', 'succeeded')
    skew += minutes(6)
    // An attempt that had begun before is repeated five minutes after its end; a leap of a lease would take it over.
    const clock = setInterval(() => {
      skew += minutes(1)
    }, 500)
    await untilDeliveries('succeeded').finally(() => clearInterval(clock))
  }
  const contentOf = async (index: number) => PostalMime.parse(smtp.mails[index]!.raw)

  it('goes on by one mail with what they have not seen, without private notes', async () => {
    const visitor = await visit()
    await visitor.answer('SECRET NOTE', { private: true })
    const first = await visitor.answer('It is on its way.')
    const second = await visitor.answer('It arrives on Monday.')
    assert.equal(smtp.mails.length, 0)
    await wait()
    assert.equal(smtp.mails.length, 1)
    assert.deepEqual(smtp.mails[0]!.to, [visitor.address])
    assert.ok(!smtp.mails[0]!.raw.includes('SECRET'))
    const sent = await contentOf(0)
    assert.equal(sent.text?.trim(), 'It is on its way.\n\nIt arrives on Monday.')
    assert.equal(sent.subject, 'Your conversation with Shop')
    assert.deepEqual(sent.from, { name: 'Shop', address: 'support@shop.example' })
    for (const message of await visitor.messages()) {
      const isMailed = [first, second].includes(message.id)
      assert.equal(message.content_attributes.email?.message_id, isMailed ? sent.messageId : undefined)
    }
    await wait()
    assert.equal(smtp.mails.length, 1)
  })

  it('gets the answer to that mail, once', async () => {
    const visitor = await visit()
    await visitor.answer('Which order?')
    await wait()
    const { messageId, replyTo } = await contentOf(0)
    const headers = { 'In-Reply-To': messageId! }
    const raw = mail({
      from: `Ann <${visitor.address}>`,
      to: replyTo![0]!.address!,
      headers,
      text: 'Number 7',
    })
    const states = [await inbox.deliver(raw), await inbox.deliver(raw)].map(({ body }) => body)
    assert.deepEqual(
      states.map(({ state, conversation_id }) => [state, conversation_id]),
      [
        ['stored', visitor.id],
        ['known', visitor.id],
      ],
    )
    const received = (await visitor.messages()).filter(
      ({ message_type }: { message_type: string }) => message_type === 'incoming',
    )
    assert.deepEqual(
      received.map(({ content }: { content: string }) => content),
      ['Where is my order?', 'Number 7'],
    )
    await visitor.answer('It is lost.')
    await wait()
    assert.equal((await contentOf(1)).text?.trim(), 'It is lost.')
    assert.equal((await contentOf(1)).references, (await contentOf(0)).references)
  })

  it('does not get the mail of a stranger who names it', async () => {
    const visitor = await visit()
    await visitor.answer('Which order?')
    await wait()
    const { messageId } = await contentOf(0)
    const headers = { 'In-Reply-To': messageId! }
    const { body } = await inbox.deliver(mail({ from: 'eve@example.net', headers }))
    assert.notEqual(body.conversation_id, visitor.id)
  })

  it('does not go on by mail if they have seen or answered the message, if it was deleted, or without an address', async () => {
    const looking = await visit()
    await looking.answer('One')
    await looking.look()
    const writing = await visit()
    await writing.answer('Two')
    await writing.say('Thanks')
    const erased = await visit()
    const id = await erased.answer('Three')
    await untilDeliveries('pending', 'running', 'succeeded')
    await test.api(`/conversations/${erased.id}/messages/${id}`, { method: 'DELETE' })
    const nameless = await visit(widget, null)
    await nameless.answer('Four')
    const elsewhere = await visit(await addWidget('Another'))
    await elsewhere.answer('Five')
    await wait()
    assert.deepEqual(smtp.mails, [])
  })

  it('goes on only if the inbox has a server, and trying it says if it names an inbox that does not exist', async () => {
    const channel = { type: 'email', email: 'a@shop.example', continues: ['inbox_unknown'] }
    const refused = await test.api('/inboxes', { method: 'POST', body: { name: 'Mail', channel } })
    assertRefused(refused, 422, /^channel.smtp is required with continues$/)
    const { id } = await addMailInbox(test, {
      smtp: { host: '127.0.0.1', port: smtp.port, tls: 'none' },
      continues: ['inbox_unknown'],
    })
    const check = (one: number) => test.api(`/inboxes/${one}/check`, { method: 'POST' })
    assert.deepEqual(
      (await check(id)).body.payload.map(({ field }: { field: string }) => field),
      ['channel.continues'],
    )
    assert.deepEqual((await check(inbox.id)).body.payload, [])
  })

  it('goes on by the same mail until the server takes it', async () => {
    const visitor = await visit()
    smtp.received.length = 0
    smtp.faults.data = () => (smtp.received.length < 2 ? '451 4.3.0 Later' : undefined)
    await visitor.answer('It is on its way.')
    await wait()
    assert.equal(smtp.mails.length, 1)
    assert.equal(smtp.received[0]!.raw, smtp.received[1]!.raw)
  })
})
