import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { sql } from 'kysely'
import { assertRefused, sendMessage, startTestApp, type TestApp } from '../../../test/app.ts'
import { eventually } from '../../../test/eventually.ts'
import { addTestConversation, addUser, cookieOf } from '../../../test/factories.ts'
import { type Browser, type PushService, startPushService } from '../../../test/push-service.ts'
import { startWebhookApp } from '../../../test/webhooks.ts'

const path = '//api/v1/notification_subscriptions'

describe('the notifications of a browser', () => {
  let test: TestApp
  let service: PushService
  let serverKey: string
  const stops: (() => unknown)[] = []
  before(async () => {
    service = await startPushService({ after: (stop) => stops.push(stop) })
    test = await startWebhookApp()
    serverKey = (await test.api(path)).body.meta.server_key
  })
  after(async () => {
    await test.close()
    for (const stop of stops) stop()
  })
  beforeEach(() => {
    assert.deepEqual(service.complaints.splice(0), [])
    service.faults = []
  })

  const as = (cookie: string) => ({ token: null, headers: { cookie, 'sec-fetch-site': 'same-origin' } })
  const bodyOf = ({ endpoint, p256dh, auth }: Browser, more: object = {}) => ({
    subscription_type: 'browser_push',
    subscription_attributes: { endpoint, p256dh, auth },
    ...more,
  })
  const add = (cookie: string, body: object) => test.api(path, { method: 'POST', body, ...as(cookie) })
  const list = async (cookie: string) => (await test.api(path, as(cookie))).body.payload
  const tryOut = (cookie: string, id: number) =>
    test.api(`${path}/${id}/test`, { method: 'POST', ...as(cookie) })
  /** Subscribes a new browser of a new user. */
  const subscribed = async () => {
    const { userId, token } = await addUser(test, { inboxes: [1] })
    const cookie = await cookieOf(test, userId)
    const browser = service.subscribe(serverKey)
    const { status, body } = await add(cookie, bodyOf(browser))
    assert.equal(status, 201, JSON.stringify(body))
    return { userId, token, cookie, browser, id: body.id as number }
  }
  /** A new conversation of the user. */
  const assigned = async (assignee_id: number) => {
    const conversation = await addTestConversation(test)
    const path = `/conversations/${conversation}/assignments`
    assert.equal((await test.api(path, { method: 'POST', body: { assignee_id } })).status, 200)
    return conversation
  }
  const write = (text: string, conversation: number) =>
    sendMessage(test, text, { message_type: 'incoming' }, conversation)
  const arrived = async ({ messages }: Browser, count: number) => {
    await eventually(() => messages.length >= count)
    assert.equal(messages.length, count)
    return messages
  }
  const isOver = () =>
    eventually(async () => {
      // Those of the quiet hours are due much later.
      const rows = await sql`select 1 from deliveries where state = 'running'
        or (state = 'pending' and due_at < ${Date.now() + 600_000})`.execute(test.app.database.read.sql)
      return rows.rows.length === 0
    })

  it('arrive encrypted for it and signed by the server, whose key does not change', async () => {
    const { cookie, browser, id } = await subscribed()
    assert.equal((await tryOut(cookie, id)).status, 204)
    await eventually(() => browser.messages.length === 1)
    assert.deepEqual(browser.messages, [
      { tag: 'test', kind: 'test', account_id: 1, path: '/settings/notifications' },
    ])
    assert.deepEqual(service.complaints, [])
    await test.restart()
    assert.equal((await test.api(path)).body.meta.server_key, serverKey)
    await tryOut(cookie, id)
    await eventually(() => browser.messages.length === 2)
  })

  it('tell of what concerns the user, with names and texts only if they allow that', async () => {
    const { userId, cookie, browser } = await subscribed()
    const conversation = await assigned(userId)
    const [assignment] = await arrived(browser, 1)
    assert.deepEqual(
      { ...assignment, tag: '' },
      {
        tag: '',
        kind: 'conversation_assignment',
        account_id: 1,
        path: `/conversations/${conversation}`,
        conversation_id: conversation,
        count: 1,
      },
    )
    await write('My **secret** question', conversation)
    const [, hidden] = await arrived(browser, 2)
    assert.doesNotMatch(JSON.stringify(hidden), /secret|John/)
    await add(cookie, bodyOf(browser, { shows_text: true }))
    await write('Are you there?', conversation)
    const [, , shown] = await arrived(browser, 3)
    assert.deepEqual([shown.name, shown.text, shown.count], ['John Smith', 'Are you there?', 2])
    assert.match(shown.path, new RegExp(`^/conversations/${conversation}\\?message=\\d+$`))
    // The later one takes the place of the earlier one, also while it waits at the service.
    assert.equal(shown.tag, hidden.tag)
    const topics = browser.requests.map(({ headers }) => headers.topic)
    assert.deepEqual([topics[1] === topics[2], topics[0] === topics[1]], [true, false])
  })

  it('tell of the end of an import if its author wants that', async () => {
    const { userId, token } = await addUser(test, { role: 'administrator', scopes: ['admin'] })
    const cookie = await cookieOf(test, userId)
    const browser = service.subscribe(serverKey)
    await add(cookie, bodyOf(browser))
    const kinds = { import_finished: { push: true } }
    await test.api('/notification_settings', { method: 'PATCH', body: { kinds }, token })
    const form = new FormData()
    form.append('attachments[]', new Blob(['name,email\nAda,ada@example.com\n']), 'secret.csv')
    await test.api('/contact_imports', { method: 'POST', body: form, token })
    const [{ tag, ...message }] = await arrived(browser, 1)
    assert.deepEqual(message, { kind: 'import_finished', account_id: 1, path: '/contacts/import' })
  })

  it('are withdrawn once the user has seen it elsewhere, and are not sent if they have before', async () => {
    const { userId, token, browser } = await subscribed()
    const conversation = await assigned(userId)
    const [{ tag }] = await arrived(browser, 1)
    const read = () => test.api(`/conversations/${conversation}/update_last_seen`, { method: 'POST', token })
    await isOver()
    await read()
    const [, withdrawal] = await arrived(browser, 2)
    assert.deepEqual([withdrawal.tag, withdrawal.withdrawn], [tag, true])
    const { promise: isRead, resolve } = Promise.withResolvers<void>()
    service.faults = [(response) => isRead.then(() => response.writeHead(500).end())]
    await write('Hello?', conversation)
    await eventually(() => browser.requests.length === 3)
    await read()
    resolve()
    await isOver()
    assert.equal(browser.requests.length, 3)
  })

  it('wait for the end of the quiet hours', async () => {
    const { userId, token, browser } = await subscribed()
    const now = new Date().toISOString().slice(11, 16)
    const later = new Date(Date.now() + 3_600_000).toISOString().slice(11, 16)
    const quiet_hours = { from: now, to: later, time_zone: 'UTC' }
    const body = { quiet_hours }
    const changed = await test.api('/notification_settings', { method: 'PATCH', body, token })
    assert.equal(changed.status, 200, JSON.stringify(changed.body))
    await assigned(userId)
    const waiting = await eventually(async () => {
      const { rows } = await sql<{ due_at: number; step: number }>`select due_at, step from deliveries
        where state = 'pending' and tries = 1`.execute(test.app.database.read.sql)
      return rows[0]
    })
    assert.equal(waiting.step, 0)
    assert.ok(waiting.due_at > Date.now() + 3_400_000)
    assert.equal(browser.requests.length, 0)
  })

  it('belong to its session and its user, and are replaced by the next ones of the browser', async () => {
    const { cookie, browser, id } = await subscribed()
    assert.deepEqual(
      (await list(cookie)).map((one: object) => ({ ...one, created_at: 0, session_id: 0 })),
      [
        {
          id,
          subscription_type: 'browser_push',
          current: true,
          session_id: 0,
          endpoint_host: new URL(service.url).host,
          shows_text: false,
          created_at: 0,
        },
      ],
    )
    // The same once more changes nothing but what it says.
    const again = await add(cookie, bodyOf(browser, { shows_text: true }))
    assert.deepEqual([again.body.id, again.body.shows_text], [id, true])
    const renewed = await add(cookie, bodyOf(service.subscribe(serverKey)))
    assert.notEqual(renewed.body.id, id)
    assert.equal(renewed.body.shows_text, true)
    const other = await cookieOf(test, (await addUser(test)).userId)
    assertRefused(await tryOut(other, renewed.body.id), 404, /^notification subscription not found$/)
    const foreign = await test.api(`${path}/${renewed.body.id}`, { method: 'DELETE', ...as(other) })
    assertRefused(foreign, 404, /^notification subscription not found$/)
    // Another user has signed in in the same browser.
    const shared = service.subscribe(serverKey)
    await add(cookie, bodyOf(shared))
    assert.equal((await add(other, bodyOf(shared))).status, 201)
    assert.deepEqual(await list(cookie), [])
    const [{ id: last }] = await list(other)
    assert.equal((await test.api(`${path}/${last}`, { method: 'DELETE', ...as(other) })).status, 204)
    assert.deepEqual(await list(other), [])
  })

  it('end with the session, and with the membership', async () => {
    const first = await subscribed()
    await test.api('//auth/sign_out', { method: 'POST', ...as(first.cookie) })
    const rows = await sql`select 1 from notification_subscriptions where id = ${first.id}`.execute(
      test.app.database.read.sql,
    )
    assert.equal(rows.rows.length, 0)
    const second = await subscribed()
    const { promise: isRemoved, resolve: remove } = Promise.withResolvers<void>()
    service.faults = [(response) => isRemoved.then(() => response.writeHead(500).end())]
    await tryOut(second.cookie, second.id)
    await eventually(() => second.browser.requests.length === 1)
    assert.equal((await test.api(`/agents/${second.userId}`, { method: 'DELETE' })).status, 204)
    remove()
    await isOver()
    assert.equal(second.browser.requests.length, 1)
    assert.deepEqual(second.browser.messages, [])
    assert.equal((await tryOut(second.cookie, second.id)).status, 404)
  })

  it('are sent again if the service is in trouble, not before the time that it says, and once', async () => {
    const { cookie, browser, id } = await subscribed()
    service.faults = [
      (response) => response.writeHead(503).end(),
      (response) => response.destroy(),
      (response) => response.writeHead(429, { 'retry-after': '1' }).end(),
    ]
    await tryOut(cookie, id)
    await eventually(() => browser.messages.length === 1)
    const [, , third, fourth] = browser.requests
    assert.ok(fourth!.at - third!.at >= 900, `${fourth!.at - third!.at} ms`)
    await isOver()
    assert.equal(browser.requests.length, 4)
  })

  it('are forgotten if the service no longer knows the browser, and only then', async () => {
    const { cookie, browser, id } = await subscribed()
    service.faults = [(response) => response.writeHead(403).end()]
    await tryOut(cookie, id)
    await eventually(() => browser.requests.length === 1)
    await isOver()
    assert.equal((await list(cookie)).length, 1)
    service.faults = [(response) => response.writeHead(410).end()]
    await tryOut(cookie, id)
    await eventually(async () => (await list(cookie)).length === 0)
    assert.equal(browser.requests.length, 2)
    // The browser that has gone is no failure.
    const { body } = await test.api('//metrics', { token: null })
    assert.match(body, /^ndoto_push_messages_failed_total 1$/m)
    assert.match(body, /^ndoto_push_messages_sent_total [1-9]/m)
  })

  it('are for the last twenty browsers of a user', async () => {
    const { userId } = await addUser(test)
    const cookies = []
    for (let count = 0; count < 21; count += 1) {
      const cookie = await cookieOf(test, userId)
      await add(cookie, bodyOf(service.subscribe(serverKey)))
      cookies.push(cookie)
    }
    const all = await list(cookies[0]!)
    assert.equal(all.length, 20)
    assert.ok(!all.some(({ current }: { current: boolean }) => current))
  })

  it('need a session, and what a browser has got from its service', async () => {
    const browser = service.subscribe(serverKey)
    const withToken = await test.api(path, { method: 'POST', body: bodyOf(browser) })
    assertRefused(withToken, 409, /not with a token/)
    const cookie = await cookieOf(test, (await addUser(test)).userId)
    const wrong = {
      endpoint: ['ftp://push.example/1', 'push.example', 'http://user@push.example'],
      p256dh: ['AAAA', browser.auth, `BAAA${browser.p256dh.slice(4)}`],
      auth: ['AAAA', browser.p256dh.slice(0, 40)],
    }
    for (const [field, values] of Object.entries(wrong)) {
      for (const value of values) {
        const refused = await add(cookie, bodyOf({ ...browser, [field]: value }))
        assertRefused(refused, 422, new RegExp(`^subscription_attributes.${field} must `))
      }
    }
  })
})

it('lets a browser name no address of the server’s own networks', async (t) => {
  const test = await startTestApp()
  t.after(() => test.close())
  const service = await startPushService(t)
  const { p256dh, auth } = service.subscribe('')
  const cookie = await cookieOf(test, (await addUser(test)).userId)
  for (const endpoint of ['https://127.0.0.1/1', 'https://localhost/1', 'http://push.example/1']) {
    const body = { subscription_attributes: { endpoint, p256dh, auth } }
    const headers = { cookie, 'sec-fetch-site': 'same-origin' }
    const refused = await test.api(path, { method: 'POST', body, token: null, headers })
    assertRefused(refused, 422, /^subscription_attributes.endpoint must /)
  }
})
