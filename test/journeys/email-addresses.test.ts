import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertRefused, startTestApp, type TestApp } from '../app.ts'
import { runCommand, writeDataFile } from '../commands.ts'

// The same address in two Unicode forms: é as one character, and as an e followed by an accent.
const composed = 'jos\u00e9@example.com'
const decomposed = 'JOSE\u0301@Example.com'
const password = 'correct horse battery'

describe('An e-mail address', () => {
  let test: TestApp
  before(async () => {
    test = await startTestApp()
  })
  after(() => test.close())
  const post = (path: string, body: object, token?: null) =>
    test.api(path, { method: 'POST', body, ...(token === null ? { token } : {}) })

  it('belongs to one user in all its Unicode forms', async () => {
    const invited = await post('/agents', { name: 'José', email: decomposed, role: 'agent' })
    assert.equal(invited.body.email, composed)
    const again = await post('/agents', { name: 'José', email: composed, role: 'agent' })
    assertRefused(again, 422, /^email already belongs to agent \d+$/)
    const token = invited.body.invite_url.split('#')[1]
    assert.equal((await post('//auth/invitation', { token, password }, null)).status, 200)
    for (const email of [composed, decomposed]) {
      assert.equal((await post('//auth/sign_in', { email, password }, null)).status, 200)
    }
  })

  it('belongs to one contact for agents, customers and imports', async () => {
    const { body } = await post('/contacts', { name: 'José', email: decomposed })
    assert.equal(body.email, composed)
    const changed = await test.api('/contacts/1', { method: 'PATCH', body: { email: decomposed } })
    assertRefused(changed, 422, new RegExp(`^email is already used by contact ${body.id}$`))
    const inbox = (await test.api('/inboxes/1')).body.inbox_identifier
    const visitor = await post(`//public/api/v1/inboxes/${inbox}/contacts`, { email: decomposed }, null)
    const { custom_attributes, email } = (await test.api(`/contacts/${visitor.body.id}`)).body
    assert.deepEqual([email, custom_attributes.claimed_email], [null, composed])

    const csv = writeDataFile(test, 'contacts.csv', `email\n${decomposed}\n`)
    const lines = [
      { type: 'conversation', source_id: '1', contact: decomposed, assignee: decomposed, created_at: 1 },
      { type: 'message', source_id: '1', message_type: 'incoming', content: 'Hi', created_at: 2 },
    ]
    await post('/inbox_members/1', { user_ids: [2] })
    const jsonl = writeDataFile(
      test,
      'conversations.jsonl',
      lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    )
    const { stdout, stderr } = await runCommand(test, ['import', '--inbox', '1', csv, jsonl])
    assert.equal(stderr, '')
    assert.match(stdout, /^contacts: 0 stored, 1 there already, 0 left out/m)
    const { payload } = (await test.api(`/contacts/${body.id}/conversations`)).body
    assert.equal(payload.length, 1)
    assert.equal(payload[0].meta.assignee.name, 'José')
  })
})
