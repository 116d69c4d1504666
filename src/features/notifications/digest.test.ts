import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { followed } from '../../../test/events.ts'
import { eventually } from '../../../test/eventually.ts'
import { addTestConversation, addUser } from '../../../test/factories.ts'
import { type SmtpTestServer, startSmtpServer } from '../../../test/smtp-server.ts'

let server: SmtpTestServer
let test: TestApp
// Milliseconds from a notification to its mail.
const digest = 1000
before(async () => {
  server = await startSmtpServer()
  const settings = { SMTP_URL: `smtp://127.0.0.1:${server.port}`, PUBLIC_URL: 'https://desk.example.com' }
  test = await startTestApp(settings, { intervals: { digest } })
})
after(async () => {
  await test.close()
  await server.close()
})

const mailsTo = (address: string) => server.mails.filter(({ to }) => to.includes(address))
const newAgent = async () => {
  const agent = await addUser(test, { inboxes: [1] })
  return { ...agent, address: `${agent.name.toLowerCase().replace(' ', '')}@example.com` }
}
const assign = (conversation: number, assignee_id: number) =>
  test.api(`/conversations/${conversation}/assignments`, { method: 'POST', body: { assignee_id } })
const metric = async (name: string) =>
  Number(new RegExp(`^${name} (\\d+)$`, 'm').exec((await test.api('//metrics', { token: null })).body)?.[1])
const due = async (userId: number) => {
  const digests = test.app.database.read.sql.selectFrom('notification_digests').selectAll()
  return (await digests.where('user_id', '=', userId).executeTakeFirst())?.due_at
}

describe('A mail about notifications', () => {
  it('tells once of all that its user has not seen, but not what was written', async () => {
    const agent = await newAgent()
    const id = await addTestConversation(test)
    await assign(id, agent.userId)
    await sendMessage(test, 'The secret is pangolin', { message_type: 'incoming' }, id)
    await eventually(() => mailsTo(agent.address).length > 0)
    const raw = mailsTo(agent.address)[0]!.raw.replaceAll('=\r\n', '')
    assert.match(raw, /^Subject: You have 2 new notifications\r$/m)
    assert.match(raw, /You were assigned by Administrator to conversation #\d+ with John Smith/)
    assert.match(raw, /A new message in your conversation/)
    assert.match(raw, new RegExp(`https://desk.example.com/conversations/${id}\\r`))
    assert.match(raw, /^List-Unsubscribe:\s+<https:\/\/desk.example.com\/unsubscribe\/\S+>\r$/m)
    assert.match(raw, /^Auto-Submitted: auto-generated\r$/m)
    assert.doesNotMatch(raw, /pangolin/)
    await eventually(async () => (await due(agent.userId)) === null)
    await sleep(2 * digest)
    assert.equal(mailsTo(agent.address).length, 1)
    assert.ok((await metric('ndoto_notification_mails_sent_total')) > 0)
  })

  it('tells of the end of an import', async () => {
    const { token, name } = await addUser(test, { role: 'administrator', scopes: ['admin'] })
    const address = `${name.toLowerCase().replace(' ', '')}@example.com`
    const form = new FormData()
    form.append('attachments[]', new Blob(['name,email\nAda,ada@example.com\nBob,nothing\n']), 'people.csv')
    await test.api('/contact_imports', { method: 'POST', body: form, token })
    await eventually(() => mailsTo(address).length > 0)
    const raw = mailsTo(address)[0]!.raw.replaceAll('=\r\n', '')
    assert.match(raw, /The import of people.csv is done: 1 created, 0 known already, 1 refused/)
    assert.match(raw, /https:\/\/desk.example.com\/contacts\/import\r/)
  })

  it('is not sent about what was seen in time, or is switched off', async () => {
    const [seeing, quiet] = [await newAgent(), await newAgent()]
    const kinds = { conversation_assignment: { email: false } }
    await test.api('/notification_settings', { method: 'PATCH', body: { kinds }, token: quiet.token })
    const [seen, other] = [await addTestConversation(test), await addTestConversation(test)]
    await assign(other, quiet.userId)
    await assign(seen, seeing.userId)
    await followed(test, 'participants')
    await test.api(`/conversations/${seen}/update_last_seen`, { method: 'POST', token: seeing.token })
    await eventually(async () => (await due(seeing.userId)) === null)
    assert.equal(await due(quiet.userId), undefined)
    assert.deepEqual([...mailsTo(seeing.address), ...mailsTo(quiet.address)], [])
    const { available_channels } = (await test.api('/notification_settings')).body
    assert.ok(available_channels.includes('email'))
  })

  it('is tried again later if the mail server refuses it', async () => {
    const agent = await newAgent()
    const id = await addTestConversation(test)
    server.faults.rcptTo = () => '450 4.2.0 Try again'
    await assign(id, agent.userId)
    const digests = () =>
      test.app.database.read.sql
        .selectFrom('notification_digests')
        .selectAll()
        .where('user_id', '=', agent.userId)
    await eventually(async () => (await digests().executeTakeFirst())?.tries === 1)
    const { due_at } = await digests().executeTakeFirstOrThrow()
    assert.ok(due_at! > Date.now() + 60_000)
    await eventually(async () => (await metric('ndoto_notification_mails_failed_total')) === 1)
    delete server.faults.rcptTo
    await test.app.database.transaction(1, async (tx) => {
      await tx.sql
        .updateTable('notification_digests')
        .set({ due_at: 1 })
        .where('user_id', '=', agent.userId)
        .execute()
    })
    await eventually(() => mailsTo(agent.address).length === 1)
  })
})
