import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, sendMessage, type TestApp } from '../../../test/app.ts'
import { eventually } from '../../../test/eventually.ts'
import { addTestConversation, addUser } from '../../../test/factories.ts'
import { type MailServer, startMailServer } from '../../../test/mail-server.ts'
import { addWebhook, startReceiver, startWebhookApp } from '../../../test/webhooks.ts'
import { sign } from '../../lib/signing.ts'

let test: TestApp
let mails: MailServer
before(async () => {
  mails = await startMailServer()
  test = await startWebhookApp({}, { SMTP_URL: mails.url })
})
after(async () => {
  await test.close()
  mails.close()
})

const post = (path: string, body: object, token = test.token) =>
  test.api(path, { method: 'POST', body, token })
const action = (action_name: string, ...action_params: unknown[]) => ({ action_name, action_params })
let count = 0
const macro = async (...actions: object[]): Promise<number> => {
  const { status, body } = await post('/macros', { name: `Leaving ${++count}`, actions })
  assert.equal(status, 201, JSON.stringify(body))
  return body.id
}
const run = (id: number, conversation_id: number, token = test.token) =>
  post(`/macros/${id}/execute`, { conversation_id }, token)
const lines = async (id: number): Promise<string[]> => {
  const { payload } = (await test.api(`/conversations/${id}/messages`)).body
  const activity = payload.filter((one: { message_type: string }) => one.message_type === 'activity')
  return activity.map((one: { content: string }) => one.content)
}

describe('The action send_webhook_event', () => {
  it('sends the conversation to one webhook, signed, whatever the webhooks subscribe to', async () => {
    const chosen = await startReceiver()
    const other = await startReceiver()
    const { id: webhookId, secret } = await addWebhook(test, chosen.url, ['label_created'])
    await addWebhook(test, other.url, ['conversation_created', 'conversation_updated'])
    const id = await addTestConversation(test)
    const agent = await addUser(test, { inboxes: [1] })
    assert.equal(
      (await run(await macro(action('send_webhook_event', webhookId)), id, agent.token)).status,
      201,
    )
    const first = await eventually(() => chosen.received[0])
    const { event, conversation, webhook, actor } = first.body
    assert.deepEqual(
      [event, first.body.id, conversation.id, webhook, actor],
      ['conversation_shared', String(id), id, { id: webhookId }, { type: 'user', id: agent.userId }],
    )
    const { 'webhook-id': name, 'webhook-timestamp': at, 'webhook-signature': signature } = first.headers
    const signed = sign([secret], String(name), Number(at), first.text)
    assert.equal(signature, signed['webhook-signature'])
    assert.match((await lines(id)).at(-1)!, /^.+ sent the conversation to the webhook http:/)
    // The other one gets what it subscribes to, and a URL names a webhook, too.
    await run(await macro(action('send_webhook_event', chosen.url), action('change_priority', 'high')), id)
    await eventually(() => chosen.received[1])
    await eventually(() => other.received.some(({ body }) => body.event === 'conversation_updated'))
    assert.ok(other.received.every(({ body }) => body.event !== 'conversation_shared'))
    const headers = { accept: 'application/json' }
    const page = JSON.stringify((await test.api('/events?after=0', { headers })).body)
    assert.ok(page.includes('conversation_updated') && !page.includes('conversation_shared'))
  })

  it('is refused for a URL that is no webhook, and for one that is switched off, with all other actions', async () => {
    const id = await addTestConversation(test)
    const rule = /^webhook names no webhook of this account$/
    for (const name of [9999, 'https://attacker.example/steal'])
      assertRefused(
        await run(await macro(action('mute_conversation'), action('send_webhook_event', name)), id),
        422,
        rule,
      )
    const { id: off } = await addWebhook(test, 'https://hooks.example.com/off')
    await test.api(`/webhooks/${off}`, { method: 'PATCH', body: { active: false } })
    assertRefused(
      await run(await macro(action('send_webhook_event', off)), id),
      422,
      /^webhook is switched off/,
    )
    assert.deepEqual(await lines(id), [])
    const { contact } = (await test.api(`/conversations/${id}`)).body
    assert.equal((await test.api(`/contacts/${contact.id}`)).body.blocked, false)
    for (const parameters of [[], [0], [null], [1, 2], [{}]])
      assertRefused(
        await post('/macros', { name: 'Wrong', actions: [action('send_webhook_event', ...parameters)] }),
        422,
        /^actions\[0\]\.action_params/,
      )
  })
})

describe('The action send_email_transcript', () => {
  it('mails what the contact can see to the contact, or to an agent, and never a note', async () => {
    const id = (await post('/conversations', { inbox_id: 1, contact_id: 1 })).body.id
    await sendMessage(test, 'Good morning', {}, id)
    await sendMessage(test, 'A SECRET NOTE', { private: true }, id)
    const done = await run(await macro(action('send_email_transcript')), id)
    assert.equal(done.status, 201, JSON.stringify(done.body))
    const mail = await mails.next()
    assert.deepEqual(mail.to, ['jane@example.com'])
    assert.match(mail.text, /Good morning/)
    assert.doesNotMatch(mail.text, /SECRET/)
    assert.match((await lines(id)).at(-1)!, / sent a transcript to jane@example\.com$/)
    const agent = await addUser(test)
    const { email } = (await test.api('//api/v1/profile', { token: agent.token })).body
    await run(await macro(action('send_email_transcript', email)), id)
    assert.deepEqual((await mails.next()).to, [email])
  })

  it('is refused for any other address, and previewed and rolled back without a mail', async () => {
    const id = (await post('/conversations', { inbox_id: 1, contact_id: 1 })).body.id
    const before = mails.mails.length
    const eve = await macro(action('send_email_transcript', 'eve@example.org'))
    assertRefused(await run(eve, id), 422, /^email must be the address of the contact or of an agent/)
    assertRefused(
      await post('/macros', { name: 'Wrong', actions: [action('send_email_transcript', 'nobody')] }),
      422,
      /^actions\[0\]\.action_params/,
    )
    const fine = action('send_email_transcript')
    assert.equal((await post(`/macros/${await macro(fine)}/preview`, { conversation_id: id })).status, 200)
    assertRefused(await run(await macro(fine, action('add_label', 'no such label')), id), 422, /label/)
    const contact_id = (await post('/contacts', { name: 'No address' })).body.id
    const mute = (await post('/conversations', { inbox_id: 1, contact_id })).body.id
    assertRefused(
      await run(await macro(fine), mute),
      422,
      /^email is required: the contact has no email address/,
    )
    // What follows is sent after everything that was asked for before.
    await run(await macro(fine), id)
    await mails.next()
    assert.equal(mails.mails.length, before + 1)
  })
})
