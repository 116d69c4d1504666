import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, sendMessage, startTestApp, type TestApp } from '../../../../../test/app.ts'
import { addAccount, addUser } from '../../../../../test/factories.ts'
import { type MailServer, startMailServer } from '../../../../../test/mail-server.ts'
import { addMailInbox } from '../../../../../test/mails.ts'
import { type SmtpTestServer, startSmtpServer } from '../../../../../test/smtp-server.ts'

let smtp: SmtpTestServer
let ofServer: MailServer
let test: TestApp
before(async () => {
  smtp = await startSmtpServer()
  ofServer = await startMailServer()
  test = await startTestApp({ NDOTO_WEBHOOK_ALLOW_PRIVATE: 'true', SMTP_URL: ofServer.url })
})
after(async () => {
  await test.close()
  await smtp.close()
  ofServer.close()
})

const transcript = (conversation: number, email: string, token = test.token) =>
  test.api(`/conversations/${conversation}/transcript`, { method: 'POST', body: { email }, token })

describe('A transcript', () => {
  it('has what the contact can see, and goes through the mail server of the inbox', async () => {
    const inbox = await addMailInbox(test, { smtp: { host: '127.0.0.1', port: smtp.port, tls: 'none' } })
    const { conversation_id } = await inbox.receive({ from: 'Ann <ann@example.org>', text: 'Where is it?' })
    await sendMessage(test, 'A SECRET NOTE', { private: true }, conversation_id)
    await test.api(`/conversations/${conversation_id}`, { method: 'PATCH', body: { priority: 'high' } })
    assert.equal((await transcript(conversation_id, 'Ann@example.org')).status, 204)
    const [mail] = smtp.mails
    assert.deepEqual([mail!.to, mail!.from], [['Ann@example.org'], 'support@example.com'])
    assert.match(mail!.raw, /^Subject: Transcript of A question\r$/m)
    assert.match(mail!.raw, /Ann, \d{4}-\d\d-\d\d \d\d:\d\d UTC\r\nWhere is it\?/)
    assert.ok(!/SECRET|priority/i.test(mail!.raw))
    smtp.faults.data = () => '550 5.7.1 Spam'
    assertRefused(
      await transcript(conversation_id, 'ann@example.org'),
      503,
      /has refused the mail: 550 5\.7\.1 Spam/,
    )
    smtp.faults.data = undefined
  })

  it('of a conversation that was merged has the messages of the other one', async () => {
    const post = async (path: string, body: object) => (await test.api(path, { method: 'POST', body })).body
    const contact_id = (await post('/contacts', { name: 'Kim', email: 'kim@example.org' })).id
    const begin = (content: string) =>
      post('/conversations', { inbox_id: 1, contact_id, message: { content } })
    const [first, second] = [await begin('The first answer'), await begin('The second answer')]
    await post(`/conversations/${first.id}/merge`, { mergee_conversation_id: second.id })
    assert.equal((await transcript(second.id, 'kim@example.org')).status, 204)
    const { text } = await ofServer.next()
    assert.match(text, /The first answer.*The second answer/s)
  })

  it('goes to the contact and agents of the account only', async () => {
    const before = ofServer.mails.length
    const contact = { name: 'Bo', email: 'bo@example.org' }
    const { body } = await test.api('/contacts', { method: 'POST', body: contact })
    const { body: conversation } = await test.api('/conversations', {
      method: 'POST',
      body: { inbox_id: 1, contact_id: body.id, message: { content: 'Hello' } },
    })
    const rule = /^email must be the address of the contact or of an agent of this account$/
    assertRefused(await transcript(conversation.id, 'eve@example.org'), 422, rule)
    const other = await addAccount(test)
    const emailOf = async (token: string) => (await test.api('//api/v1/profile', { token })).body.email
    assertRefused(await transcript(conversation.id, await emailOf(other.token)), 422, rule)
    const agent = await addUser(test)
    assertRefused(
      await transcript(conversation.id, 'bo@example.org', agent.token),
      404,
      /^conversation not found$/,
    )
    assert.equal((await transcript(conversation.id, await emailOf(agent.token))).status, 204)
    assert.deepEqual((await ofServer.next()).to, [await emailOf(agent.token)])
    assert.equal(ofServer.mails.length, before + 1)
  })
})
