import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { WebSocket } from 'ws'
import { sendMessage, startTestApp, type TestApp } from '../../../../../test/app.ts'
import {
  type CableClient,
  connectCable,
  contactIdentifier,
  followAsUser,
  subscribe,
  userIdentifier,
} from '../../../../../test/cable-client.ts'
import { eventually } from '../../../../../test/eventually.ts'
import { addInbox, addTestConversation, addUser, cookieOf } from '../../../../../test/factories.ts'
import { appendEvent } from '../../../../events/append.ts'
import { systemOf } from '../../../../lib/actor.ts'
import { setPassword } from '../../../users/service.ts'
import { userPubsubToken } from '../pubsub-tokens.ts'

let test: TestApp
let key: string
before(async () => {
  test = await startTestApp({}, { intervals: { ping: 50, subscription: 1000 } })
  key = (await test.api('/inboxes/1')).body.inbox_identifier
})
after(() => test.close())

const clients: CableClient[] = []
after(() => {
  for (const client of clients) client.close()
})

async function connect(headers: Record<string, string> = {}): Promise<CableClient> {
  const client = await connectCable(test, { headers })
  clients.push(client)
  return client
}

const client = (path: string, body?: object, method = 'POST') =>
  test.api(`//public/api/v1/inboxes/${key}${path}`, { token: null, method, ...(body ? { body } : {}) })

/** A contact with a conversation, and their connection. */
async function arrive(name = 'Ada') {
  const contact = (await client('/contacts', { name })).body
  const own = `/contacts/${contact.source_id}`
  const { id } = (await client(`${own}/conversations`)).body
  const cable = await connect()
  const identifier = contactIdentifier(test, key, contact.source_id)
  assert.equal(await subscribe(cable, identifier), 'confirm_subscription')
  return { contact, id: id as number, own: `${own}/conversations/${id}`, cable }
}

describe('A connection to /cable', () => {
  it('is welcomed, and gets pings with the time in seconds', async () => {
    const cable = await connect()
    assert.deepEqual(cable.received[0], { type: 'welcome' })
    let ping: { message: number } | undefined
    cable.socket.on('message', (data) => {
      ping = JSON.parse(String(data))
    })
    await eventually(() => cable.pings > 1 && ping)
    assert.ok(Math.abs(ping!.message - Date.now() / 1000) < 5)
  })

  it('ends if the client subscribes to nothing', async () => {
    const cable = await connect()
    const end = await cable.find(({ type }) => type === 'disconnect')
    assert.deepEqual(end, { type: 'disconnect', reason: 'unauthorized', reconnect: false })
    await eventually(() => cable.isClosed)
  })

  it('needs a WebSocket', async () => {
    const response = await fetch(`${test.app.url}/chatwoot/cable`)
    assert.equal(response.status, 400)
    // Java asks for HTTP/2 like this, which a server may ignore.
    const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c' }
    const status = await new Promise((resolve, reject) => {
      get(`${test.app.url}/health`, { headers }, (one) => resolve(one.resume().statusCode)).on(
        'error',
        reject,
      )
    })
    assert.equal(status, 200)
    // Any other path than that of the cable, too, is answered as usual.
    const socket = new WebSocket(`${test.app.url.replace('http', 'ws')}/nothing`)
    const [error] = await once(socket, 'error')
    assert.match(String(error), /404/)
  })

  it('keeps the text of an identifier, and confirms a repeated subscription again', async () => {
    const { pubsub_token } = JSON.parse(await userIdentifier(test, test.token))
    const identifier = `{ "account_id":"1",  "pubsub_token": "${pubsub_token}", "user_id": 1,"channel":"RoomChannel" }`
    const cable = await connect()
    assert.equal(await subscribe(cable, identifier), 'confirm_subscription')
    cable.send({ command: 'subscribe', identifier })
    await eventually(() => cable.received.filter(({ type }) => type === 'confirm_subscription').length === 2)
    await sendMessage(test, 'once')
    const { identifier: received } = await cable.find(({ message }) => message?.data.content === 'once')
    assert.equal(received, identifier)
    assert.equal(cable.events.filter(({ data }) => data.content === 'once').length, 1)
  })

  it('ignores what is no command, and gets no events after it has unsubscribed', async () => {
    const cable = await connect()
    const identifier = await userIdentifier(test, test.token)
    for (const text of [
      '',
      '{',
      '[]',
      'null',
      '{"command":"subscribe"}',
      '{"command":"x","identifier":"{}"}',
    ])
      cable.send(text)
    assert.equal(await subscribe(cable, identifier), 'confirm_subscription')
    cable.send({ command: 'unsubscribe', identifier })
    const other = await followAsUser(test)
    clients.push(other)
    // Commands are processed in order: the answer shows that the first one has been.
    assert.equal(await subscribe(cable, '{"channel":"OtherChannel"}'), 'reject_subscription')
    await sendMessage(test, 'unsubscribed')
    await other.event('message.created', ({ content }) => content === 'unsubscribed')
    assert.ok(!cable.events.some(({ event }) => event === 'message.created'))
  })
})

describe('A subscription', () => {
  it('is rejected without a token of the account, and for another user', async () => {
    const reader = await addUser(test)
    const cable = await connect()
    const { pubsub_token } = JSON.parse(await userIdentifier(test, test.token))
    const unknown = { kind: 'session', secret: 'unknown' } as const
    const session = await userPubsubToken(test.app.database.read, 1, unknown)
    for (const wrong of [
      { pubsub_token: pubsub_token.replace(/.{8}$/, 'AAAAAAAA') },
      { pubsub_token: test.token },
      { pubsub_token: session },
      { account_id: 2 },
      { account_id: undefined },
      { user_id: reader.userId },
      { channel: 'NotificationsChannel' },
    ])
      assert.equal(
        await subscribe(cable, await userIdentifier(test, test.token, wrong)),
        'reject_subscription',
        JSON.stringify(wrong),
      )
  })

  it('of a contact is rejected on pages that the inbox does not allow', async () => {
    const channel = { type: 'web_widget', website_url: 'https://shop.example' }
    const inbox = (await test.api('/inboxes', { method: 'POST', body: { name: 'Shop', channel } })).body
    const path = `//public/api/v1/inboxes/${inbox.inbox_identifier}/contacts`
    const contact = (await test.api(path, { method: 'POST', token: null, body: {} })).body
    const identifier = contactIdentifier(test, inbox.inbox_identifier, contact.source_id)
    const foreign = await connect({ origin: 'https://evil.example' })
    assert.equal(await subscribe(foreign, identifier), 'reject_subscription')
    for (const origin of ['https://shop.example', test.app.url])
      assert.equal(await subscribe(await connect({ origin }), identifier), 'confirm_subscription')
  })

  it('makes a user online, as long as it is open, and says who is', async () => {
    const agent = await addUser(test, { inboxes: [1] })
    const cable = await followAsUser(test, agent.token)
    const { data } = await cable
      .find(({ message }) => message?.event === 'presence.update')
      .then((one) => one.message)
    assert.deepEqual([data.account_id, data.users[agent.userId], data.contacts], [1, 'online', {}])
    const { cable: visitor } = await arrive()
    const seen = await visitor.event('presence.update')
    assert.deepEqual([seen.users[agent.userId], seen.contacts], ['online', undefined])
    cable.close()
    await eventually(async () => {
      const { payload } = (await test.api('/presence')).body
      return !payload.some(({ user_id }: { user_id: number }) => user_id === agent.userId)
    })
  })

  it('of a program that can only read makes nobody online', async () => {
    const reader = await addUser(test, { scopes: ['read'], inboxes: [1] })
    const cable = await followAsUser(test, reader.token)
    clients.push(cable)
    const { users } = await cable.event('presence.update')
    assert.equal(users[reader.userId], undefined)
  })
})

describe('A client that does not read', () => {
  it('is disconnected, and the others are not', async () => {
    const healthy = await followAsUser(test)
    clients.push(healthy)
    const slow = await followAsUser(test)
    const sockets = () =>
      new Promise<number>((resolve) => test.app.server.server.getConnections((_, count) => resolve(count)))
    const open = await sockets()
    slow.socket.pause()
    const data = JSON.stringify({ event: 'contact_created', contact: { id: 1, name: 'x'.repeat(100_000) } })
    const event = { name: 'contact_created', audience: 'agents', data } as const
    const names = () => healthy.events.filter((one) => one.event === 'contact.created').length
    // The buffers of the operating system hold some megabytes.
    for (let sent = 0; (await sockets()) >= open; sent += 5) {
      assert.ok(sent < 1000, 'the client is not disconnected')
      const before = names()
      await test.app.database.transaction(1, async (tx) => {
        for (let count = 0; count < 5; count++) await appendEvent(tx, systemOf(1), event)
      })
      await eventually(() => names() >= before + 5)
    }
    assert.equal(healthy.isClosed, false)
    slow.close()
  })
})

describe('An open subscription', () => {
  const ends = async (cable: CableClient) => {
    const end = await cable.find(({ type }) => type === 'disconnect')
    assert.deepEqual([end.reason, end.reconnect], ['unauthorized', false])
    await eventually(() => cable.isClosed)
  }

  it('ends with the access token', async () => {
    const agent = await addUser(test, { inboxes: [1] })
    const cable = await followAsUser(test, agent.token)
    const { payload } = (await test.api('/access_tokens')).body
    const { id } = payload.find(({ user_id }: { user_id: number }) => user_id === agent.userId)
    assert.equal((await test.api(`/access_tokens/${id}`, { method: 'DELETE' })).status, 204)
    await ends(cable)
  })

  it('ends with the session', async () => {
    const { userId } = await addUser(test, { inboxes: [1] })
    const cookie = await cookieOf(test, userId)
    const secret = cookie.split('=')[1]!
    const credential = { kind: 'session', secret } as const
    const pubsub_token = await userPubsubToken(test.app.database.read, userId, credential)
    const cable = await connect()
    const identifier = JSON.stringify({
      channel: 'RoomChannel',
      pubsub_token,
      account_id: 1,
      user_id: userId,
    })
    assert.equal(await subscribe(cable, identifier), 'confirm_subscription')
    const response = await test.api('//auth/sign_out', {
      method: 'POST',
      token: null,
      headers: { cookie, origin: test.app.url },
    })
    assert.ok(response.status < 300, JSON.stringify(response.body))
    await ends(cable)
  })

  it('ends with the password of its user', async () => {
    const agent = await addUser(test, { inboxes: [1] })
    const cable = await followAsUser(test, agent.token)
    await test.app.database.transaction(null, (tx) =>
      setPassword(tx, agent.userId, 'another hash', { endTokens: false }),
    )
    await ends(cable)
  })

  it('ends when its user is removed from the account', async () => {
    const agent = await addUser(test, { inboxes: [1] })
    const cable = await followAsUser(test, agent.token)
    assert.equal((await test.api(`/agents/${agent.userId}`, { method: 'DELETE' })).status, 204)
    await ends(cable)
  })

  it('ends when the secret of its contact is revoked', async () => {
    const { contact, cable } = await arrive()
    const path = `/contacts/${contact.id}/contact_inboxes/rotate_source_id`
    const { status } = await test.api(path, { method: 'POST', body: { inbox_id: 1 } })
    assert.ok(status < 300, String(status))
    await ends(cable)
  })

  it('gets only the events of the inboxes of its user', async () => {
    const agent = await addUser(test, { inboxes: [1] })
    const cable = await followAsUser(test, agent.token)
    clients.push(cable)
    const hidden = await addTestConversation(test, { inboxId: await addInbox(test) })
    await sendMessage(test, 'hidden', {}, hidden)
    await sendMessage(test, 'shown')
    await cable.event('message.created', ({ content }) => content === 'shown')
    assert.ok(!JSON.stringify(cable.received).includes('hidden'))
  })
})
