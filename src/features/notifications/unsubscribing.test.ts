import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestApp, type TestApp } from '../../../test/app.ts'
import { followed } from '../../../test/events.ts'
import { eventually } from '../../../test/eventually.ts'
import { addTestConversation, addUser } from '../../../test/factories.ts'
import { type SmtpTestServer, startSmtpServer } from '../../../test/smtp-server.ts'
import { notificationTypes } from './schema.ts'
import { unsubscribeLink } from './unsubscribing.ts'

let server: SmtpTestServer
let test: TestApp
before(async () => {
  server = await startSmtpServer()
  const settings = { SMTP_URL: `smtp://127.0.0.1:${server.port}`, PUBLIC_URL: 'https://desk.example.com' }
  test = await startTestApp(settings, { intervals: { digest: 1500 } })
})
after(async () => {
  await test.close()
  await server.close()
})

const oneClick = 'List-Unsubscribe=One-Click'
/** Opens a link without signing in, as a mail program does. */
const open = async (
  path: string,
  method = 'GET',
  body?: string | FormData | URLSearchParams,
  type?: string,
) => {
  const headers = type === undefined ? {} : { 'content-type': type }
  const response = await fetch(test.app.url + path, { method, headers, ...(body && { body }) })
  return { status: response.status, text: await response.text(), headers: response.headers }
}
const post = (path: string) => open(path, 'POST', oneClick, 'application/x-www-form-urlencoded')
const pathOf = (user_id: number, account_id = 1) =>
  unsubscribeLink(test.app.database.read, { account_id, user_id }, '')
/** The kinds of notifications that are mailed to a user. */
const mailed = async (token: string) => {
  const { kinds } = (await test.api('/notification_settings', { token })).body
  return notificationTypes.filter((type) => kinds[type].email)
}
const assign = async (assignee_id: number) => {
  const path = `/conversations/${await addTestConversation(test)}/assignments`
  assert.equal((await test.api(path, { method: 'POST', body: { assignee_id } })).status, 200)
  await followed(test, 'participants')
}
const due = async (userId: number) => {
  const digests = test.app.database.read.sql.selectFrom('notification_digests').selectAll()
  return (await digests.where('user_id', '=', userId).executeTakeFirst())?.due_at
}

describe('The link in a mail about notifications', () => {
  it('is in its headers and its text, and ends mails with one click, also the one that is planned', async () => {
    const agent = await addUser(test, { inboxes: [1] })
    const address = `${agent.name.toLowerCase().replace(' ', '')}@example.com`
    await assign(agent.userId)
    await eventually(() => server.mails.some(({ to }) => to.includes(address)))
    const raw = server.mails.find(({ to }) => to.includes(address))!.raw.replaceAll('=\r\n', '')
    const [, path] = /^List-Unsubscribe:\s+<https:\/\/desk\.example\.com(\S+)>\r$/m.exec(raw)!
    assert.match(raw, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m)
    assert.ok(raw.includes(`\r\nhttps://desk.example.com${path}\r\n`))
    await eventually(async () => (await due(agent.userId)) === null)
    await assign(agent.userId)
    assert.ok((await due(agent.userId))! > 0)
    assert.equal((await mailed(agent.token)).length, 4)
    const { status, text } = await post(path!)
    assert.deepEqual([status, /You get no more of these mails/.test(text)], [200, true])
    assert.deepEqual([await mailed(agent.token), await due(agent.userId)], [[], null])
    // What else they have chosen stays, and once more changes nothing.
    assert.equal((await post(path!)).status, 200)
    const { kinds } = (await test.api('/notification_settings', { token: agent.token })).body
    assert.deepEqual(kinds.conversation_mention, { app: true, email: false, push: true })
  })

  it('changes nothing when it is only opened', async () => {
    const agent = await addUser(test)
    const { status, text, headers } = await open(pathOf(agent.userId))
    assert.equal(status, 200)
    assert.match(text, /<form method="post"><button>Stop these mails<\/button><\/form>/)
    assert.match(headers.get('content-security-policy')!, /default-src 'none'.*frame-ancestors 'none'/)
    assert.equal(headers.get('cache-control'), 'no-store')
    await open(pathOf(agent.userId), 'HEAD')
    assert.equal((await mailed(agent.token)).length, 4)
  })

  it('takes the forms of all mail programs', async () => {
    const form = new FormData()
    form.set('List-Unsubscribe', 'One-Click')
    for (const body of [form, new URLSearchParams(oneClick), undefined]) {
      const agent = await addUser(test)
      assert.equal((await open(pathOf(agent.userId), 'POST', body)).status, 200)
      assert.deepEqual(await mailed(agent.token), [])
    }
    const agent = await addUser(test)
    assert.equal((await open(pathOf(agent.userId), 'POST', 'x'.repeat(5000), 'text/plain')).status, 413)
    assert.equal((await mailed(agent.token)).length, 4)
  })

  it('is refused if it was changed, whether or not there is such a user', async () => {
    const [agent, other] = [await addUser(test), await addUser(test)]
    const [, , , signature] = /(\d+)\.(\d+)\.(.*)$/.exec(pathOf(agent.userId))!
    const texts = new Set<string>()
    for (const token of [
      `1.${other.userId}.${signature}`,
      `1.999999.${signature}`,
      `2.${agent.userId}.${signature}`,
      `1.${agent.userId}.${'A'.repeat(43)}`,
      `1.${agent.userId}.${signature!.slice(1)}`,
      'nonsense',
    ]) {
      for (const method of ['GET', 'POST']) {
        const { status, text } = await open(`/unsubscribe/${token}`, method)
        assert.equal(status, 404, token)
        texts.add(text)
      }
    }
    assert.equal(texts.size, 1)
    assert.equal((await mailed(agent.token)).length + (await mailed(other.token)).length, 8)
  })

  it('looks the same for a user who has left', async () => {
    const [agent, other] = [await addUser(test), await addUser(test)]
    const expected = await post(pathOf(other.userId))
    await test.api(`/agents/${agent.userId}`, { method: 'DELETE' })
    const { status, text } = await post(pathOf(agent.userId))
    assert.deepEqual([status, text], [expected.status, expected.text])
  })

  it('counts as a request without a token', async () => {
    const limited = await startTestApp({ NDOTO_RATE_LIMIT: '5' })
    const path = unsubscribeLink(limited.app.database.read, { account_id: 1, user_id: 1 }, '')
    const statuses = []
    for (let count = 0; count < 7; count++) {
      statuses.push((await fetch(limited.app.url + path, { method: 'POST' })).status)
    }
    await limited.close()
    assert.deepEqual(statuses.slice(-2), [429, 429])
    assert.equal(statuses[0], 200)
  })
})
