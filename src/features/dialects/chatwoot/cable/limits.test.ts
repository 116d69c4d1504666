import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startTestApp } from '../../../../../test/app.ts'
import {
  connectCable,
  contactIdentifier,
  followAsUser,
  subscribe,
  userIdentifier,
} from '../../../../../test/cable-client.ts'
import { eventually } from '../../../../../test/eventually.ts'

describe('The limits of /cable', () => {
  it('allow a contact 20 subscriptions, and one connection 10', async () => {
    const test = await startTestApp({ NDOTO_RATE_LIMIT: '1000' })
    const { inbox_identifier } = (await test.api('/inboxes/1')).body
    const path = `//public/api/v1/inboxes/${inbox_identifier}/contacts`
    const { source_id } = (await test.api(path, { method: 'POST', token: null, body: {} })).body
    const clients = await Promise.all([connectCable(test), connectCable(test), connectCable(test)])
    const add = (client: (typeof clients)[number]) =>
      subscribe(client, contactIdentifier(test, inbox_identifier, source_id))
    for (const client of clients.slice(0, 2)) {
      for (let count = 0; count < 10; count++) assert.equal(await add(client), 'confirm_subscription')
      assert.equal(await add(client), 'reject_subscription')
    }
    assert.equal(await add(clients[2]!), 'reject_subscription')
    clients[0]!.close()
    await eventually(async () => (await add(clients[2]!)) === 'confirm_subscription')
    for (const client of clients) client.close()
    await test.close()
  })

  it('disconnect a client that sends too many commands', async () => {
    const test = await startTestApp({ NDOTO_RATE_LIMIT: '1000' })
    const client = await followAsUser(test)
    for (let count = 0; count < 200; count++)
      client.send({ command: 'message', identifier: '{}', data: '{}' })
    await eventually(() => client.isClosed)
    await test.close()
  })
})

describe('The host of NDOTO_CHATWOOT_HOST', () => {
  it('has the connection at /cable', async () => {
    const test = await startTestApp({ NDOTO_CHATWOOT_HOST: 'old.example.com' })
    const client = await connectCable(test, { path: '/cable', headers: { host: 'old.example.com' } })
    assert.equal(await subscribe(client, await userIdentifier(test, test.token)), 'confirm_subscription')
    client.close()
    await test.close()
  })
})
