import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, sendMessage, startTestApp, type TestApp } from '../../../../test/app.ts'
import { addMailInbox, type MailInbox, mail, storedMails } from '../../../../test/mails.ts'
import { messageIdOf, plusAddressOf } from './anchors.ts'
import { findMailbox } from './mailbox.store.ts'

const anna = 'Anna <anna@example.org>'
const bob = 'Bob <bob@example.org>'
const email = 'support@example.com'

describe('A mail', () => {
  let test: TestApp
  let inbox: MailInbox
  let key: string
  before(async () => {
    test = await startTestApp()
    inbox = await addMailInbox(test)
    key = (await findMailbox(test.app.database.read, { account_id: 1, inbox_id: inbox.id }))!.anchor_key
  })
  after(() => test.close())
  const conversation = async (id: number) => (await test.api(`/conversations/${id}`)).body
  const from = (name: string) => `${name} <${name}@example.org>`
  let people = 0
  const stranger = () => from(`stranger${++people}`)

  it('begins a conversation of its sender, with its subject', async () => {
    const { conversation_id, content, content_attributes, source_id, sender } = await inbox.receive({
      from: anna,
      subject: '=?utf-8?Q?Wo_ist_mein_P=C3=A4ckchen=3F?=',
      id: '<first@example.org>',
    })
    assert.deepEqual([content, source_id, sender.name], ['Where is my order?', '<first@example.org>', 'Anna'])
    assert.deepEqual(content_attributes.email, {
      subject: 'Wo ist mein Päckchen?',
      from: { name: 'Anna', address: 'anna@example.org' },
      to: [{ name: null, address: email }],
      cc: [],
      inbox_addresses: [email],
      message_id: '<first@example.org>',
      sender_verified: false,
      has_html: false,
    })
    const { subject, contact, status } = await conversation(conversation_id)
    assert.deepEqual([subject, contact.email, status], ['Wo ist mein Päckchen?', 'anna@example.org', 'open'])
  })

  it('is stored once, also if it arrives several times at once', async () => {
    const raw = mail({ from: stranger() })
    const before = (await storedMails(test)).length
    const results = await Promise.all([1, 2, 3].map(() => inbox.deliver(raw)))
    const states = results.map(({ body }) => body.state).sort()
    assert.deepEqual(states, ['known', 'known', 'stored'])
    assert.equal((await storedMails(test)).length, before + 1)
  })

  it('without a Message-ID is recognized by its bytes', async () => {
    const raw = mail({ id: null, from: stranger() })
    assert.equal((await inbox.deliver(raw)).body.state, 'stored')
    assert.equal((await inbox.deliver(raw)).body.state, 'known')
    assert.equal((await inbox.deliver(mail({ id: null, from: stranger() }))).body.state, 'stored')
  })

  it('is refused with another secret, and not stored', async () => {
    const before = (await storedMails(test)).length
    assertRefused(
      await inbox.deliver(mail(), 'another-secret-of-some-length'),
      401,
      /^send the inbound_secret/,
    )
    const path = '//channels/email/inbox_unknown/inbound'
    const headers = { 'content-type': 'message/rfc822', authorization: 'Bearer x' }
    assertRefused(await test.api(path, { method: 'POST', body: mail(), headers, token: null }), 401, /^send/)
    assert.equal((await storedMails(test)).length, before)
  })

  it('is refused for a while after many wrong secrets, and so is the right one', async () => {
    const other = await addMailInbox(test, { email: 'other@example.com' })
    for (let i = 0; i < 30; i++)
      assert.equal((await other.deliver(mail(), `${'x'.repeat(20)}${i}`)).status, 401)
    const refused = await other.deliver(mail())
    assertRefused(refused, 429, /^too many wrong secrets from this network/)
    assert.ok(Number(refused.headers.get('retry-after')) > 800)
    // Other inboxes get their mails.
    assert.equal((await inbox.deliver(mail({ from: stranger() }))).body.state, 'stored')
  })

  it('that answers by In-Reply-To is added to the conversation', async () => {
    const first = await inbox.receive({ from: anna, id: '<a1@example.org>' })
    const second = await inbox.receive({ from: anna, headers: { 'In-Reply-To': '<a1@example.org>' } })
    assert.equal(second.conversation_id, first.conversation_id)
  })

  it('that answers by References alone is added, whatever other mails it names', async () => {
    const first = await inbox.receive({ from: anna, id: '<b1@example.org>' })
    const references = '<unknown@x> <b1@example.org>\n <another@y>'
    const second = await inbox.receive({ from: anna, headers: { References: references } })
    assert.equal(second.conversation_id, first.conversation_id)
  })

  it('goes by In-Reply-To if References lead elsewhere', async () => {
    const first = await inbox.receive({ from: anna, id: '<c1@example.org>' })
    const other = await inbox.receive({ from: anna, id: '<c2@example.org>' })
    assert.notEqual(first.conversation_id, other.conversation_id)
    const headers = { 'In-Reply-To': '<c1@example.org>', References: '<c2@example.org>' }
    assert.equal((await inbox.receive({ from: anna, headers })).conversation_id, first.conversation_id)
  })

  it('answers our mail by the Message-ID that is made from the message', async () => {
    const { conversation_id } = await inbox.receive({ from: anna })
    const { id } = await sendMessage(test, 'On its way.', {}, conversation_id)
    const ours = messageIdOf(key, { account_id: 1, conversation_id, id }, email)
    const answer = await inbox.receive({ from: anna, headers: { 'In-Reply-To': ours } })
    assert.equal(answer.conversation_id, conversation_id)
    const forged = ours.replace(/\.[0-9a-f]+@/, '.00000000000000000000@')
    const guess = await inbox.receive({ from: anna, headers: { 'In-Reply-To': forged } })
    assert.notEqual(guess.conversation_id, conversation_id)
  })

  it('finds its conversation by the address with a suffix, if a provider has replaced the Message-ID', async () => {
    const { conversation_id } = await inbox.receive({ from: anna })
    const to = plusAddressOf(key, conversation_id, email)
    assert.equal((await inbox.receive({ from: anna, to })).conversation_id, conversation_id)
    const headers = { 'Delivered-To': to }
    assert.equal((await inbox.receive({ from: anna, headers })).conversation_id, conversation_id)
    const guessed = `support+c.${conversation_id}.00000000000000000000@example.com`
    assert.notEqual((await inbox.receive({ from: anna, to: guessed })).conversation_id, conversation_id)
  })

  it('is never added because of its subject', async () => {
    const first = await inbox.receive({ from: anna, subject: 'Invoice' })
    const second = await inbox.receive({ from: anna, subject: 'Re: Invoice' })
    assert.notEqual(first.conversation_id, second.conversation_id)
  })

  it('of somebody who was in Cc is added, under their name', async () => {
    const first = await inbox.receive({ from: anna, id: '<d1@example.org>', headers: { Cc: bob } })
    const answer = await inbox.receive({ from: bob, headers: { 'In-Reply-To': '<d1@example.org>' } })
    assert.equal(answer.conversation_id, first.conversation_id)
    assert.equal(answer.sender.name, 'Bob')
    const { contact, unread_count } = await conversation(first.conversation_id)
    assert.deepEqual([contact.name, unread_count], ['Anna', 2])
  })

  it('of a stranger who answers the same mail begins a conversation that is linked', async () => {
    const first = await inbox.receive({ from: anna, id: '<e1@example.org>' })
    const strangers = [stranger(), stranger()]
    const answers = []
    for (const one of strangers) {
      answers.push(await inbox.receive({ from: one, headers: { 'In-Reply-To': '<e1@example.org>' } }))
    }
    const ids = new Set([first, ...answers].map(({ conversation_id }) => conversation_id))
    assert.equal(ids.size, 3)
    for (const { content_attributes } of answers) {
      assert.equal(content_attributes.email.linked_conversation_id, first.conversation_id)
    }
    const again = await inbox.receive({
      from: strangers[0]!,
      headers: {
        'In-Reply-To': answers[0]!.source_id,
        References: `<e1@example.org> ${answers[0]!.source_id}`,
      },
    })
    assert.equal(again.conversation_id, answers[0]!.conversation_id)
  })

  it('of a stranger who has learned the address with a suffix does not get into the conversation', async () => {
    const { conversation_id } = await inbox.receive({ from: anna })
    const to = plusAddressOf(key, conversation_id, email)
    const { conversation_id: other } = await inbox.receive({ from: stranger(), to })
    assert.notEqual(other, conversation_id)
  })

  it('does not find conversations of another inbox', async () => {
    const other = await addMailInbox(test, { email: 'sales@example.com' })
    const first = await inbox.receive({ from: anna, id: '<f1@example.org>' })
    const second = await other.receive({ from: anna, headers: { 'In-Reply-To': '<f1@example.org>' } })
    assert.notEqual(first.conversation_id, second.conversation_id)
    assert.equal(second.content_attributes.email.linked_conversation_id, undefined)
  })

  it('opens a conversation that was resolved', async () => {
    const first = await inbox.receive({ from: anna, id: '<g1@example.org>' })
    const path = `/conversations/${first.conversation_id}/toggle_status`
    await test.api(path, { method: 'POST', body: { status: 'resolved' } })
    await inbox.receive({ from: anna, headers: { 'In-Reply-To': '<g1@example.org>' } })
    assert.equal((await conversation(first.conversation_id)).status, 'open')
  })

  it('of a form on the website belongs to the visitor in Reply-To', async () => {
    const visitor = from('visitor')
    const { sender } = await inbox.receive({ from: email, headers: { 'Reply-To': visitor } })
    assert.equal(sender.name, 'visitor')
  })

  it('that was sent from here and comes back is no message', async () => {
    const { conversation_id } = await inbox.receive({ from: anna })
    const { id } = await sendMessage(test, 'To all', {}, conversation_id)
    const own = mail({ from: email, id: messageIdOf(key, { account_id: 1, conversation_id, id }, email) })
    assert.deepEqual((await inbox.deliver(own)).body, { state: 'handled' })
  })

  it('of a blocked contact is taken, and dropped', async () => {
    const { sender } = await inbox.receive({ from: from('blocked') })
    await test.api(`/contacts/${sender.id}`, { method: 'PATCH', body: { blocked: true } })
    assert.deepEqual((await inbox.deliver(mail({ from: from('blocked') }))).body, { state: 'blocked' })
  })
})
